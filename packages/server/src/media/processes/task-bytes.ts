import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { TaskBytes } from "./tasks.ts";

/** Reads the bytes of a task into memory, as decoders need them. @throws the system's error; an error for a file of another size */
export async function readTaskBytes(bytes: TaskBytes): Promise<Buffer> {
  if ("data" in bytes) return Buffer.from(bytes.data.buffer, bytes.data.byteOffset, bytes.data.byteLength);
  const { path, size } = bytes;
  // As the store opens it: a link leads nowhere.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const { size: actual } = await file.stat();
    if (actual !== size) throw new Error("A stored image has another size than its record says");
    const data = Buffer.allocUnsafe(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(data, length, size - length, length);
      if (bytesRead === 0) throw new Error("A stored image is shorter than its record says");
      length += bytesRead;
    }
    return data;
  } finally {
    await file.close();
  }
}
