import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Settings } from "../config/settings.ts";
import { reachableHere, urlOfAddress } from "../network/url-of-address.ts";
import { errnoOf } from "../storage/storage-error.ts";

/** The content of the file by which commands find the server that runs on the same data folder. */
interface RunningServer {
  readonly pid: number;
  /** The URL at which clients reach the server, without a trailing slash. */
  readonly url: string;
}

function fileIn(dataDir: string): string {
  return join(dataDir, "server.json");
}

/**
 * Notes in the data folder where this process serves.
 * @returns takes the note back. Another server may have taken its place by then, whose note stays
 */
export async function noteServer(dataDir: string, url: string): Promise<() => Promise<void>> {
  const own: RunningServer = { pid: process.pid, url };
  // A server with a full or a read-only disk has to start all the same. Commands then go by their settings.
  await writeFile(fileIn(dataDir), `${JSON.stringify(own)}\n`, { mode: 0o600 }).catch(() => undefined);
  return async () => {
    if ((await readNote(dataDir))?.pid === own.pid) await rm(fileIn(dataDir), { force: true }).catch(() => undefined);
  };
}

/**
 * The URL of the server that a command's output leads to: as the command's own flags say, or else of the server that
 * runs on the data folder, or else as the configuration says.
 */
export async function urlOfServer(command: Command, config: Config): Promise<string> {
  const { publicUrl, host, port } = command.opts<Settings>();
  const isTold = [publicUrl, host, port].some((value) => value !== undefined);
  const note = isTold ? undefined : await readNote(config.dataDir);
  const running = note !== undefined && isAlive(note.pid) ? note.url : undefined;
  return reachableHere(running ?? config.publicUrl ?? urlOfAddress(config));
}

async function readNote(dataDir: string): Promise<RunningServer | undefined> {
  try {
    const { pid, url } = JSON.parse(await readFile(fileIn(dataDir), "utf8"));
    return Number.isInteger(pid) && pid > 0 && URL.canParse(url) ? { pid, url } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is such a process. One that was killed has left its note. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}
