import { Readable } from "node:stream";
import { Reader, ZipReader } from "@zip.js/zip.js";
import { expect, test } from "vitest";
import { zipArchive } from "./zip-archive.ts";

const modifiedAt = new Date("2026-01-02T03:04:06Z");
const piece = Buffer.alloc(2 ** 20, 7);

function repeated(bytes: number): Readable {
  return Readable.from(
    (function* () {
      for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
    })(),
  );
}

/** The parts of an archive that a reader of its list of files looks at: its last bytes. */
class Tail extends Reader<void> {
  readonly #tail: Uint8Array;

  constructor(size: number, tail: Uint8Array) {
    super(undefined as never);
    this.size = size;
    this.#tail = tail;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const start = index - (this.size - this.#tail.length);
    if (start < 0) throw new Error("the list of files is longer than expected");
    return Uint8Array.from(this.#tail.subarray(start, start + length));
  }
}

/** Reads to the end and keeps the last bytes. */
async function readThrough(body: Readable, keep: number) {
  let size = 0;
  let kept = 0;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    kept += chunk.length;
    chunks.push(chunk);
    for (let [first] = chunks; first !== undefined && kept - first.length >= keep; [first] = chunks) {
      kept -= first.length;
      chunks.shift();
    }
  }
  const tail = Buffer.concat(chunks);
  return { size, tail };
}

test("an archive may have more than 4 GiB, and files behind them", { timeout: 300_000 }, async () => {
  const sizes = [4.5 * 2 ** 30, 10];
  const entries = sizes.map((size, index) => ({
    path: `${index}`,
    size,
    modifiedAt,
    open: async () => repeated(size),
  }));
  const { size, body } = zipArchive(entries);
  const read = await readThrough(body, 2 ** 20);
  expect(read.size).toBe(size);
  const found = await new ZipReader(new Tail(size, read.tail), { useWebWorkers: false }).getEntries();
  expect(found.map((one) => one.uncompressedSize)).toEqual(sizes);
  expect(found[1]?.offset).toBeGreaterThan(2 ** 32);
});

test("an archive may have more than 65,535 files", { timeout: 300_000 }, async () => {
  const count = 70_000;
  const entries = Array.from({ length: count }, (_, index) => ({
    path: `${index}`,
    size: 1,
    modifiedAt,
    open: async () => Readable.from([piece.subarray(0, 1)]),
  }));
  const { size, body } = zipArchive(entries);
  const read = await readThrough(body, 16 * 2 ** 20);
  expect(read.size).toBe(size);
  const found = await new ZipReader(new Tail(size, read.tail), { useWebWorkers: false }).getEntries();
  expect(found).toHaveLength(count);
  expect(found.at(-1)?.filename).toBe(`${count - 1}`);
});
