import sharp from "sharp";
import { expect, test } from "vitest";
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
