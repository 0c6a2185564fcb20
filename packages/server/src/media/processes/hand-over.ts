import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScratchFolder } from "./scratch-folder.ts";
import type { TaskBytes } from "./tasks.ts";

/** More bytes than these cost less by a file, which nobody flushes, than by the channel between processes. */
const maxInMessage = 256 * 1024;

export interface HandedOver {
  readonly bytes: TaskBytes;
  /** Removes what was made for the way. */
  readonly done: () => Promise<void>;
}

/** Puts bytes where a process of this machine can take them. A full disk sends them by the channel instead. */
export async function handOver(data: Uint8Array, scratch: ScratchFolder): Promise<HandedOver> {
  const inMessage = { bytes: { data }, done: async () => undefined };
  if (data.length <= maxInMessage) return inMessage;
  const path = join(await scratch.path(), randomUUID());
  const done = () => rm(path, { force: true });
  try {
    await writeFile(path, data, { mode: 0o600, flag: "wx" });
    return { bytes: { path, size: data.length }, done };
  } catch {
    await done();
    return inMessage;
  }
}
