import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { errnoOf } from "../storage/storage-error.ts";
import type { CommandContext } from "./context.ts";

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
 * Names the setting behind a problem that shows only when the setting is tried (docs/architecture.md §4). A port that is
 * taken comes with the command that takes another.
 * @param environment tells whether npm ran the start script
 * @returns a ConfigError of one line, or the error itself when no setting is to blame
 */
export function nameSetting(
  error: unknown,
  at: Pick<Config, "host" | "port" | "dataDir" | "metricsListen">,
  environment: CommandContext["environment"] = {},
): unknown {
  const errno = errnoOf(error) ?? "";
  // A worker binds where a server of one process listens.
  const isListening = /^(?:listen|bind)$/.test(String((error as { syscall?: unknown } | null)?.syscall));
  const problem = (isListening ? listening : folder)[errno];
  if (problem === undefined) return error;
  const setting = isListening ? listeningSetting(error, at) : `--data-dir: ${at.dataDir}`;
  const isTaken = isListening && errno === "EADDRINUSE" && metricsAddress(error, at) === undefined;
  const advice = isTaken ? { advice: `${startCommand(environment)} --port ${nextPort(at)} takes another port` } : {};
  return new ConfigError(`${setting} ${problem}`, { cause: error, ...advice });
}

/** The command by which a person has probably started the server, ready for a flag. */
function startCommand({ npm_lifecycle_event: script }: CommandContext["environment"]): string {
  return script === "start" ? "npm start --" : "sluice serve";
}

function nextPort({ port }: Pick<Config, "port">): number {
  return port < 65_535 ? port + 1 : 3000;
}

function metricsAddress(error: unknown, { metricsListen }: Pick<Config, "metricsListen">): Config["metricsListen"] {
  return metricsListen?.port === (error as { port?: unknown }).port ? metricsListen : undefined;
}

function listeningSetting(error: unknown, at: Pick<Config, "host" | "port" | "metricsListen">): string {
  const metrics = metricsAddress(error, at);
  if (metrics !== undefined) return `--metrics-host and --metrics-port: ${metrics.host} port ${metrics.port}`;
  return `--host and --port: ${at.host} port ${at.port}`;
}
