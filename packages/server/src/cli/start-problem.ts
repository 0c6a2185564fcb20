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
export function nameSetting(error: unknown, at: { host: string; port: number; dataDir: string }): unknown {
  const errno = errnoOf(error) ?? "";
  // A worker binds where a server of one process listens.
  const isListening = /^(?:listen|bind)$/.test(String((error as { syscall?: unknown } | null)?.syscall));
  const problem = (isListening ? listening : folder)[errno];
  if (problem === undefined) return error;
  const setting = isListening ? `--host and --port: ${at.host} port ${at.port}` : `--data-dir: ${at.dataDir}`;
  return new ConfigError(`${setting} ${problem}`, { cause: error });
}
