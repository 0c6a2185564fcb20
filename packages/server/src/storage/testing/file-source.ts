import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileSource } from "../blob-store.ts";

/** A new file of these bytes in the folder, to be put into a store. */
export async function fileSource(folder: string, bytes: Uint8Array | string): Promise<FileSource> {
  const path = join(folder, randomBytes(8).toString("hex"));
  await writeFile(path, bytes);
  return { path, size: Buffer.byteLength(bytes) };
}
