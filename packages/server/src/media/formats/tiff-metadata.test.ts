import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { tiffHeader } from "./tiff-metadata.ts";

const picture = (channels: 3 | 4) => sharp({ create: { width: 60, height: 41, channels, background: "#c338" } });
const plain = { width: 60, height: 41, hasAlpha: false, animated: false };
const read = async (image: Sharp) => readFrom(bufferSource(await image.toBuffer()), tiffHeader());

test("sides, orientation and alpha, in both sizes of TIFF", async () => {
  for (const bigtiff of [false, true]) {
    expect(await read(picture(3).tiff({ bigtiff, compression: "lzw" }))).toMatchObject(plain);
    expect(await read(picture(4).tiff({ bigtiff, compression: "lzw" }))).toMatchObject({ ...plain, hasAlpha: true });
    expect(await read(picture(3).withMetadata({ orientation: 5 }).tiff({ bigtiff, compression: "lzw" }))).toMatchObject(
      {
        ...plain,
        orientation: 5,
      },
    );
  }
});

test("a directory without sides has no size", async () => {
  expect(await readFrom(bufferSource(Buffer.from("II*\0\x08\0\0\0\0\0", "latin1")), tiffHeader())).toBeUndefined();
  expect(await readFrom(bufferSource(Buffer.from("II*\0", "latin1")), tiffHeader())).toBeUndefined();
});
