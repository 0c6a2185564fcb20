import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { avifOf, pictureIn } from "../testing/heif-files.ts";
import { exifSegment, jpegWith } from "./bounds/testing/costly-pictures.ts";
import { circularExif } from "./bounds/testing/exif-blocks.ts";
import { readLibraryHeader } from "./library-header.ts";

const picture = await sharp({ create: { width: 6, height: 4, channels: 4, background: "#c338" } })
  .avif()
  .toBuffer();

test("a header of the formats asked for is read", async () => {
  const header = await readLibraryHeader(picture, ["heif"]);
  expect(header).toMatchObject({ width: 6, height: 4, orientation: undefined, hasAlpha: true, animated: false });
  expect(await readLibraryHeader(picture, ["jpeg"])).toBeUndefined();
});

test("what can't be read has none", async () => {
  expect(await readLibraryHeader(Buffer.from("<svg width='6' height='4'/>"), ["heif"])).toBeUndefined();
  expect(await readLibraryHeader(Buffer.alloc(0), ["heif"])).toBeUndefined();
});

test("EXIF that leads in circles counts as none, apart from the orientation of a JPEG", async () => {
  const { data, properties } = pictureIn(picture);
  const exif = { data: Buffer.concat([Buffer.alloc(4), circularExif]), refersTo: { kind: "cdsc", items: [1] } };
  const items = [
    { id: 1, type: "av01", data, properties: [1, 2, 3] },
    { id: 2, type: "Exif", ...exif },
  ];
  const avif = avifOf({ items, primary: 1, properties });
  const jpeg = await jpegWith(Buffer.of(1, 2, 3), exifSegment(circularExif));
  const folder = await mkdtemp(join(tmpdir(), "sluice-header-"));
  try {
    const written = async (name: string, bytes: Buffer): Promise<string> => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    };
    for (const file of [avif, await written("avif", avif)]) {
      expect(await readLibraryHeader(file, ["heif"])).toMatchObject({
        width: 6,
        height: 4,
        blocks: { exif: undefined },
      });
    }
    for (const file of [jpeg, await written("jpeg", jpeg)]) {
      expect(await readLibraryHeader(file, ["jpeg"])).toMatchObject({ width: 60, height: 40, orientation: 6 });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
