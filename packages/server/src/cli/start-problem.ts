import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { errnoOf } from "../storage/storage-error.ts";

const listening: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program",
  EADDRNOTAVAIL: "is not an address of this machine",
  EACCES: "may not be listened on by this user",
};

const folder: Readonly<Record<string, string>> = {
  ENOENT: "can't be made",
  EEXIST: "is not a folder",
  ENOTDIR: "is not a folder",
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  EROFS: "is on a read-only file system",
};

/**
 * Names the setting behind a problem that shows only when the setting is tried (docs/architecture.md §4).
 * @returns a ConfigError of one line, or the error itself when no setting is to blame
 */
export function nameSetting(error: unknown, at: Pick<Config, "host" | "port" | "dataDir" | "metricsListen">): unknown {
  const errno = errnoOf(error) ?? "";
  // A worker binds where a server of one process listens.
  const isListening = /^(?:listen|bind)$/.test(String((error as { syscall?: unknown } | null)?.syscall));
  const problem = (isListening ? listening : folder)[errno];
  if (problem === undefined) return error;
  const setting = isListening ? listeningSetting(error, at) : `--data-dir: ${at.dataDir}`;
  return new ConfigError(`${setting} ${problem}`, { cause: error });
}

function listeningSetting(
  error: unknown,
  { host, port, metricsListen: metrics }: Pick<Config, "host" | "port" | "metricsListen">,
): string {
  const isMetrics = metrics !== undefined && (error as { port?: unknown }).port === metrics.port;
  if (isMetrics) return `--metrics-host and --metrics-port: ${metrics.host} port ${metrics.port}`;
  return `--host and --port: ${host} port ${port}`;
}
