import fc from "fast-check";
import { expect } from "vitest";
import { bufferSource } from "../../../media/byte-source.ts";
import { countTilePixels } from "../../../media/formats/heif-bounds.ts";
import { hasFewSegments } from "../../../media/formats/jpeg-segments.ts";
import { pngChunk } from "../../../media/image/strip/testing/secrets.ts";
import { withoutCostlyMetadata } from "../../../media/inspect/bounds/costly-metadata.ts";
import {
  deflatedText,
  exifSegment,
  jpegWith,
  pngWith,
  profileChunk,
  profileSegments,
  scannedJpeg,
  tiffWith,
  webpWith,
} from "../../../media/inspect/bounds/testing/costly-pictures.ts";
import { circularExif } from "../../../media/inspect/bounds/testing/exif-blocks.ts";
import { calculationOf, curvesOf, profileOf } from "../../../media/inspect/bounds/testing/profiles.ts";
import { type Reading, readFrom } from "../../../media/reading.ts";
import { avifOf, gridItem, heifBox, sizeProperty } from "../../../media/testing/heif-files.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate, mutations } from "./mutation.ts";

async function makePictures(): Promise<ReadonlyMap<string, Buffer>> {
  const exif = circularExif.subarray(0, 200);
  const profile = profileOf(["D2B0", calculationOf(70)], ["D2B1", calculationOf(2, curvesOf(5))]);
  return new Map([
    ["jpeg", await jpegWith(exifSegment(exif), ...profileSegments(profile))],
    ["progressive jpeg", scannedJpeg(40, 40, 9)],
    ["png", await pngWith(pngChunk("eXIf", exif), profileChunk(profile), deflatedText("Raw profile type exif", "a"))],
    ["webp", await webpWith({ exif, profile })],
    ["tiff", await tiffWith(profile)],
    ["large tiff", await tiffWith(profile, true)],
    ["avif", tiledAvif(exif, profile)],
  ]);
}

function tiledAvif(exif: Buffer, profile: Buffer): Buffer {
  const items = [
    { id: 1, type: "av01", data: Buffer.from("picture"), properties: [1, 2] },
    gridItem(2, 1, 9, 64, 64),
    { id: 3, type: "Exif", data: Buffer.concat([Buffer.alloc(4), exif]), origin: 1 as const },
    { id: 4, type: "Exif", data: Buffer.concat([Buffer.alloc(4), exif]) },
  ];
  return avifOf({ items, primary: 2, properties: [sizeProperty(64, 64), heifBox("colr", "prof", profile)] });
}

/**
 * Hiding the costly metadata of any picture leaves nothing that would have to be hidden. The readers of its parts come to
 * an end after a bounded number of reads.
 */
export const costlyMetadataTarget: FuzzTarget = {
  name: "metadata and parts of pictures that would keep decoders busy",
  share: 40,
  async check(batch) {
    const pictures = await makePictures();
    const places = fc.array(fc.tuple(fc.nat({ max: 999_999 }), fc.constantFrom(0, 1, 4, 255)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pictures.keys()), mutations, places, async (name, changes, bytes) => {
        const hostile = Buffer.from(mutate(pictures.get(name) ?? Buffer.alloc(0), changes));
        for (const [place, byte] of bytes) hostile[Math.floor((place / 1_000_000) * hostile.length)] = byte;
        await expectBounded(hostile, name.split(" ").at(-1) ?? "");
      }),
      batch,
    );
  },
};

async function expectBounded(bytes: Buffer, format: string): Promise<void> {
  const copy = await withoutCostlyMetadata(bytes, format);
  expect(copy.length).toBe(bytes.length);
  expect((await withoutCostlyMetadata(copy, format)) === copy).toBe(true);
  expect(await readsOf(bytes, hasFewSegments(true))).toBeLessThan(5000);
  expect(await readsOf(bytes, countTilePixels(bytes.length))).toBeLessThan(5000);
}

async function readsOf(bytes: Buffer, reading: Reading<unknown>): Promise<number> {
  const source = bufferSource(bytes);
  let reads = 0;
  const atHand = (offset: number, length: number) => {
    reads += 1;
    return source.atHand(offset, length);
  };
  await readFrom({ ...source, atHand }, reading);
  return reads;
}
