import type { Readable } from "node:stream";

/** Reads all that a process writes. @throws what `tooMuch` makes, for more bytes than it may write */
export async function readWithin(stream: Readable, maxBytes: number, tooMuch: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooMuch();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}
