import fc from "fast-check";
import sharp from "sharp";
import { expect } from "vitest";
import { bufferSource } from "../../../media/byte-source.ts";
import { jpegQuality } from "../../../media/formats/jpeg-metadata.ts";
import { findBlocks } from "../../../media/inspect/probe-image.ts";
import { embeddedMetadata, maxEmbeddedBytes } from "../../../media/metadata/embedded-metadata.ts";
import { readTags } from "../../../media/metadata/read-tags.ts";
import { exifGroups } from "../../../media/metadata/tag-names.ts";
import { withIptc } from "../../../media/metadata/testing/segments.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate, mutations } from "./mutation.ts";

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdf}"><rdf:Description xmlns:p="p" p:a="1/2"><p:b><rdf:Alt><rdf:li xml:lang="x-default">t</rdf:li></rdf:Alt></p:b><p:c rdf:parseType="Resource"><p:d>2026-01-01</p:d></p:c></rdf:Description></rdf:RDF></x:xmpmeta>`;

async function makePictures(): Promise<readonly (readonly [mime: string, bytes: Buffer])[]> {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "#c33" } })
    .withExif({
      IFD0: { Artist: "A", XResolution: "72/1" },
      IFD2: { DateTimeOriginal: "2019:10:16 19:01:03", UserComment: "x", FNumber: "7/0" },
      IFD3: { GPSLatitude: "48/1 30/1 36/1", GPSTimeStamp: "1/1 2/1 3/1" },
    })
    .withXmp(xmp);
  const jpeg = withIptc(await picture.clone().jpeg().toBuffer(), [
    [1, 90, Buffer.from("\x1b%G")],
    [2, 25, Buffer.from("keyword")],
    [2, 55, Buffer.from("20260101")],
  ]);
  return [
    ["image/jpeg", jpeg],
    ["image/png", await picture.clone().png().toBuffer()],
    ["image/webp", await picture.clone().webp().toBuffer()],
    ["image/tiff", await picture.clone().tiff({ compression: "deflate" }).toBuffer()],
  ];
}

/** Reading the metadata of any picture comes to an end, and gives JSON that both databases can hold. */
export const metadataTarget: FuzzTarget = {
  name: "what pictures say of themselves",
  share: 60,
  async check(batch) {
    const pictures = await makePictures();
    const place = fc.nat({ max: 999_999 });
    // Up to twelve overwritten bytes in a row reach code that single flipped bits don't reach.
    const noise = fc.option(fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 12 })), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pictures), mutations, noise, async ([mime, bytes], changes, noisy) => {
        const hostile = mutate(bytes, changes);
        if (noisy !== undefined) hostile.set(noisy[1].slice(0, hostile.length), placeIn(hostile, noisy));
        await expectSafe(Buffer.from(hostile), mime);
      }),
      batch,
    );
  },
};

function placeIn(bytes: Buffer, [place, noise]: readonly [number, Uint8Array]): number {
  return Math.floor((place / 1_000_000) * Math.max(bytes.length - noise.length, 0));
}

async function expectSafe(bytes: Buffer, mime: string): Promise<void> {
  const blocks = await findBlocks(bufferSource(bytes), mime);
  const json = await embeddedMetadata(blocks);
  if (json !== undefined) {
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxEmbeddedBytes);
    expect(json).not.toMatch(/\\u00[01]|\\ud[89a-f]/i);
    expect(Object.keys(JSON.parse(json)).length).toBeGreaterThan(0);
  }
  const groups = exifGroups(blocks.exif && (await readTags(blocks.exif)));
  expect(JSON.stringify(groups).length).toBeLessThan(1_000_000);
  expect(JSON.stringify(groups)).not.toContain("null");
  expect(jpegQuality(blocks.quantisation)).toBeGreaterThanOrEqual(0);
}
