import { closeSync, futimesSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** A count with its name, as the file holds it. */
export interface KeptCount {
  readonly key: string;
  readonly requests: number;
  readonly bytes: number;
}

/** A slot never crosses a page, so that no kill leaves half of a write in it. */
const slotBytes = 512;
const headBytes = 18;
export const maxKeyBytes = slotBytes - headBytes;

/**
 * Counters in a file, one slot each. A write goes to the operating system at once, so it survives the end of the process,
 * `kill -9` included. It does not survive a power cut.
 */
export class CounterFile {
  readonly #descriptor: number;
  readonly #numbers = Buffer.alloc(16);

  /** @throws when the file can't be made */
  constructor(path: string) {
    this.#descriptor = openSync(path, "wx", 0o600);
  }

  /** Begins a counter in a slot. */
  begin(slot: number, key: string): void {
    const buffer = Buffer.alloc(slotBytes);
    buffer.writeUInt16LE(buffer.write(key, headBytes), headBytes - 2);
    writeSync(this.#descriptor, buffer, 0, slotBytes, slot * slotBytes);
  }

  set(slot: number, requests: number, bytes: number): void {
    this.#numbers.writeDoubleLE(requests, 0);
    this.#numbers.writeDoubleLE(bytes, 8);
    writeSync(this.#descriptor, this.#numbers, 0, 16, slot * slotBytes);
  }

  /** Shows other processes that this one still runs. */
  touch(): void {
    const now = Date.now() / 1000;
    futimesSync(this.#descriptor, now, now);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads the counters of a file that some process has written. A slot that a power cut has damaged is left out. */
export async function readCounterFile(path: string): Promise<KeptCount[]> {
  const content = await readFile(path);
  const counts: KeptCount[] = [];
  for (let start = 0; start + headBytes <= content.length; start += slotBytes) {
    const length = content.readUInt16LE(start + headBytes - 2);
    if (length === 0 || length > maxKeyBytes) continue;
    const key = content.toString("utf8", start + headBytes, start + headBytes + length);
    const [requests, bytes] = [content.readDoubleLE(start), content.readDoubleLE(start + 8)];
    if (Number.isSafeInteger(requests) && Number.isSafeInteger(bytes)) counts.push({ key, requests, bytes });
  }
  return counts;
}
