import { PictureDetector } from "@sluice/auto-tagging";
import sharp, { type Sharp } from "sharp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { render } from "../testing/pictures.ts";
import { searchPicture, tagPicture } from "./search-picture.ts";
import { searchedPictures } from "./searches.ts";

afterEach(() => vi.restoreAllMocks());

const place = { left: 0.1234567, top: 0, width: 0.5, height: 1 };

test("places are rounded fractions, and an object has the name that URLs have for its kind", async () => {
  vi.spyOn(PictureDetector.prototype, "faces").mockResolvedValue([{ confidence: 0.9, ...place }]);
  vi.spyOn(PictureDetector.prototype, "objects").mockResolvedValue([
    { name: "Traffic light", confidence: 0.9, ...place },
  ]);
  const { data } = await render(plain("red"), searchedPictures.objects);
  const rounded = { left: 0.12346, top: 0, width: 0.5, height: 1 };
  expect(await searchPicture("faces", data)).toEqual([{ name: "face", ...rounded }]);
  expect(await searchPicture("objects", data)).toEqual([{ name: "trafficLight", ...rounded }]);
});

describe("the model", () => {
  /** Renders the small picture as the server does, and gives what the model sees of it. */
  async function seen(picture: Sharp | Buffer): Promise<Uint8Array> {
    const { data } = await render(picture, searchedPictures.objects);
    const tag = vi.spyOn(PictureDetector.prototype, "tag").mockResolvedValue([{ name: "Cat", confidence: 80 }]);
    expect(await tagPicture(data)).toEqual([{ name: "Cat", confidence: 80 }]);
    return tag.mock.calls[0]?.[0] ?? new Uint8Array();
  }

  test("is given the whole picture, squeezed and without its transparency", async () => {
    const clear = { r: 255, g: 0, b: 0, alpha: 0 };
    const pixels = await seen(sharp({ create: { width: 40, height: 10, channels: 4, background: clear } }));
    expect(pixels.length).toBe(512 * 512 * 3);
    expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test("sees each colour as it is, however many there are", async () => {
    const colours = Buffer.alloc(512 * 512 * 3);
    for (let pixel = 0; pixel < 512 * 512; pixel += 1) colours.writeUIntBE(pixel, pixel * 3, 3);
    const pixels = await seen(sharp(colours, { raw: { width: 512, height: 512, channels: 3 } }));
    expect(colours.equals(pixels)).toBe(true);
  });

  test.each<[string, (picture: Sharp) => Sharp]>([
    ["grey", (picture) => picture.toColourspace("b-w").png()],
    ["grey and partly transparent", (picture) => picture.ensureAlpha(0.5).toColourspace("b-w").png()],
    ["of 16 bits", (picture) => picture.toColourspace("rgb16").png()],
    ["for print", (picture) => picture.toColourspace("cmyk").jpeg()],
    ["of few colours", (picture) => picture.png({ palette: true })],
  ])("sees three colours of each pixel of a picture that is %s", async (_what, encode) => {
    expect((await seen(await encode(plain("grey")).toBuffer())).length).toBe(512 * 512 * 3);
  });
});

function plain(background: string): Sharp {
  return sharp({ create: { width: 4, height: 4, channels: 3, background } });
}
