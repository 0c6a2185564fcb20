import { SluiceError } from "@sluice/protocol";
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { bufferSource } from "../../../media/byte-source.ts";
import { gifHeader } from "../../../media/formats/gif.ts";
import { jpegHeader } from "../../../media/formats/jpeg-segments.ts";
import { pngHeader } from "../../../media/formats/png.ts";
import { tiffHeader } from "../../../media/formats/tiff-metadata.ts";
import { webpHeader } from "../../../media/formats/webp.ts";
import { stripPicture } from "../../../media/image/strip/strip-picture.ts";
import { countPages } from "../../../media/inspect/count-pages.ts";
import { sniffType } from "../../../media/inspect/sniff.ts";
import { readSvgRoot } from "../../../media/inspect/svg-root.ts";
import { plainText } from "../../../media/inspect/text-types.ts";
import { readFrom } from "../../../media/reading.ts";
import { openTextFile } from "../../form/receive/text-file.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { chop, cuts } from "./hostile-form.ts";
import { mutate, mutations } from "./mutation.ts";

const heads = [
  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0\0\0\0\0\0\0\0\x08acTL\0\0\0\x02\0\0\0\0",
  "\xff\xd8\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\xff\xc0\0\x11\x08\0\x10\0\x20\x03",
  "GIF89a\x10\0\x10\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x10\0\x10\0\0\x02\x02D\x01\0;",
  "RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x12\0\0\0\xff\xff\0\xff\xff\0ANMF\x10\0\0\0",
  "RIFF\x40\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xff\xff\xff\xff",
  "II*\0\x08\0\0\0\x02\0\0\x01\x04\0\x01\0\0\0\xff\xff\0\0\x01\x01\x04\0\x01\0\0\0\xff\xff\0\0\0\0\0\0",
  "MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\xff\xff\xff\xff\xff\xff\xff\xff",
  "\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free",
  "\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
  "\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm\x18\x53\x80\x67\xff",
  "PK\x03\x04\x14\0\0\0\x08\0\0\0!\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x13\0\x08\0[Content_Types].xml",
  "%PDF-1.7\n<html><script>alert(1)</script>",
  "ID3\x04\0\0\x7f\x7f\x7f\x7f",
  "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c\x1e\0\0\0\0\0\0\0\x01\0\0\0\x01\x02",
  "OggS\0\x02\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis",
  "\x1f\x8b\x08\0\0\0\0\0\0\x03",
  "<!DOCTYPE html><html>",
  "\xff\xfe<\0s\0v\0g\0>\0",
].map((text) => Buffer.from(text, "latin1"));

const content: Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), mutations)
  .map(([head, tail, changes]) => mutate(Buffer.concat([head, tail]), changes));

const svgPiece = fc.constantFrom(
  "<svg",
  "<!DOCTYPE svg",
  "<!DOCTYPE html",
  "[<!ENTITY a '&b;'>",
  "]>",
  "<!--",
  "-->",
  "<?xml?>",
  "<?",
  " width='1e9' height=\"2\"",
  " viewBox='0 0 1 1e-300'",
  " x:y='z'",
  ">",
  "'",
  '"',
  " ",
  "<",
  "&#x3c;",
);

const typeShape = /^[a-z]+\/[a-z0-9.+-]+$/;
const strippableFormats = ["gif", "jpeg", "png", "webp"] as const;
const headers = [gifHeader, jpegHeader, pngHeader, tiffHeader, webpHeader];

/**
 * Content that lies about itself is given a type that can go into a header, and sizes that can go into the database.
 */
export const contentTarget: FuzzTarget = {
  name: "what bytes say about themselves",
  share: 60,
  async check(batch) {
    const numRuns = Math.ceil(batch.numRuns / 3);
    await fc.assert(fc.asyncProperty(content, expectFacts), { ...batch, numRuns });
    fc.assert(
      fc.property(fc.array(svgPiece, { maxLength: 60 }), (pieces) => {
        const size = readSvgRoot(pieces.join(""))?.size;
        if (size !== undefined) expectSides(size);
      }),
      { ...batch, numRuns },
    );
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 90 }), mutations, cuts, expectText), {
      ...batch,
      numRuns,
    });
  },
};

async function expectFacts(bytes: Buffer): Promise<void> {
  const { mime } = await sniffType(bytes);
  expect(mime).toMatch(typeShape);
  if (mime !== plainText) expect(mime).not.toMatch(/^text\/|xml$/);
  for (const read of headers) {
    const header = await readFrom(bufferSource(bytes), read());
    if (header !== undefined) expectSides(header);
  }
  const pages = (await countPages(bufferSource(bytes), mime)) ?? 1;
  expect(Number.isInteger(pages) && pages >= 0 && pages < 2 ** 31).toBe(true);
  for (const format of strippableFormats) {
    const options = { orientation: 1, maxBytes: Infinity };
    const stripped = await stripPicture(bytes, format, options);
    if (stripped !== undefined) expect(await stripPicture(stripped, format, options)).toEqual(stripped);
  }
}

function expectSides({ width, height }: { readonly width: number; readonly height: number }): void {
  for (const side of [width, height]) {
    expect(Number.isInteger(side)).toBe(true);
    expect(side).toBeGreaterThanOrEqual(1);
    expect(side).toBeLessThan(2 ** 32);
  }
}

/** A text part named `file` gives the bytes that went into it, or is refused. */
async function expectText(bytes: Uint8Array, changes: Parameters<typeof mutate>[1], sizes: number[]): Promise<void> {
  const encoded = Buffer.from(Buffer.from(bytes).toString(changes.length % 2 === 0 ? "base64" : "base64url"));
  const text = mutate(encoded, changes);
  const chunks: Buffer[] = [];
  try {
    const opened = await openTextFile(resumable(chop(text, sizes)));
    if ("url" in opened) return;
    for await (const chunk of opened.bytes) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    expect(error.status).toBe(400);
    return;
  }
  if (changes.length === 0) expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  if (!text.includes(":"))
    expect(Buffer.concat(chunks).equals(Buffer.from(text.toString("latin1"), "base64"))).toBe(true);
}

/** Behaves like a part's body: a loop can stop in the middle, and another one continues there. */
function resumable(chunks: AsyncGenerator<Buffer, void>): AsyncIterableIterator<Buffer> {
  return {
    next: () => chunks.next(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
