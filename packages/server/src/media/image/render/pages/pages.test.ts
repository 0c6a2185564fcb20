import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { endlessPage, fill, pdfOf, psdOf } from "../../../../../../pages/src/testing/documents.ts";
import { endlessProfile } from "../../../inspect/bounds/testing/profiles.ts";
import {
  blue,
  expectColour,
  green,
  type Pixel,
  plain,
  readPixels,
  red,
  render,
  renderContext,
  renderPixels,
  yellow,
} from "../../../testing/pictures.ts";
import { readTransformation } from "../../plan/read-transformation.ts";

/** A page with the quadrants of `pictures.ts`. */
const content = [
  fill(red, [0, 100, 150, 100]),
  fill(green, [150, 100, 150, 100]),
  fill(blue, [0, 0, 150, 100]),
  fill(yellow, [150, 0, 150, 100]),
].join("");
const paper = pdfOf([{ content }, { content: fill(blue, [0, 0, 50, 50]), box: [0, 0, 50, 50] }]);

describe("a page of a PDF", () => {
  test("counts two pixels for each point", async () => {
    const { width, height, at } = await renderPixels(paper, []);
    expect([width, height]).toEqual([600, 400]);
    for (const [x, y, colour] of [
      [10, 10, red],
      [590, 10, green],
      [10, 390, blue],
      [590, 390, yellow],
    ] as const) {
      expectColour(at(x, y), colour, 2);
    }
  });

  test("is drawn at the size that is asked for, so that it is sharp", async () => {
    const { at } = await renderPixels(paper, [{ size: { width: 2400 } }]);
    expectColour(at(1199, 10), red, 2);
    expectColour(at(1200, 10), green, 2);
  });

  test("goes through the steps of any picture", async () => {
    const { width, height, at } = await renderPixels(paper, [
      { size: { width: 60 } },
      { flip: { horizontal: true, vertical: true } },
    ]);
    expect([width, height]).toEqual([60, 40]);
    expectColour(at(3, 3), yellow, 2);
  });

  test("is the one that is asked for", async () => {
    const { data, ...size } = await render(paper, { page: 2, output: { format: "png", lossless: true } });
    expect(size).toMatchObject({ width: 100, height: 100 });
    expectColour((await readPixels(data)).at(50, 50), blue, 2);
    await expect(render(paper, { page: 3 })).rejects.toMatchObject({
      code: "ETRANSFORMATION",
      message: "The file has no page 3",
    });
  });

  test("becomes what every client takes", async () => {
    expect((await render(paper, {})).contentType).toBe("image/jpeg");
    expect((await render(paper, { output: { format: "orig" } })).contentType).toBe("image/jpeg");
    const accepted = { webp: true, avif: true };
    expect((await render(paper, {}, { accepted })).contentType).toBe("image/webp");
  });

  test("of any size has a bounded number of pixels", async () => {
    const vast = pdfOf([{ content: fill(red, [0, 0, 1e9, 5e8]), box: [0, 0, 1e9, 5e8] }]);
    expect(await render(vast, {})).toMatchObject({ width: 4096, height: 2048 });
    const thin = pdfOf([{ content: "", box: [0, 0, 1, 1e6] }]);
    expect(await render(thin, {})).toMatchObject({ width: 1, height: 4096 });
  });

  test("is drawn by a layer", async () => {
    const layers = new Map([["a.pdf", { bytes: paper, area: undefined }]]);
    const file = { kind: "file", path: "a.pdf", page: 2, autoOrient: true } as const;
    const placement = { focus: { x: 0, y: 0 } };
    const layer = { content: file, steps: [{ size: { width: 10 } }], placement, mode: "over" } as const;
    const { at } = await renderPixels(plain(40, 20, "#fff"), [{ layers: [layer] }], { layers });
    expectColour(at(5, 5), blue, 2);
    expectColour(at(15, 5), [255, 255, 255], 2);
  });
});

describe("a Photoshop file", () => {
  const row = (value: number) => new Uint8Array(30).fill(value);
  const rows = red.slice(0, 3).flatMap((value) => Array.from({ length: 20 }, () => row(value ?? 0)));
  const bytes = psdOf({ width: 30, height: 20, mode: 3, rows, packs: true });

  test("is shown as Photoshop has stored it, and scaled like any picture", async () => {
    const { width, height, at } = await renderPixels(bytes, [{ size: { width: 15 } }]);
    expect([width, height]).toEqual([15, 10]);
    expectColour(at(7, 5), red, 2);
  });

  test("keeps its transparency, and its colours are those of its profile", async () => {
    const { icc } = await sharp(await plain(1, 1, "#fff").withIccProfile("p3").png().toBuffer()).metadata();
    const transparent = [...rows, ...Array.from({ length: 20 }, () => row(0))];
    const clear = psdOf({ width: 30, height: 20, mode: 3, rows: transparent, layers: -1 });
    expect((await render(clear, {})).contentType).toBe("image/png");
    if (icc === undefined) throw new Error("No profile");
    const wide = psdOf({ width: 30, height: 20, mode: 3, rows, resources: { 1039: icc } });
    const { at } = await renderPixels(wide, []);
    expect(at(5, 5)[0]).toBeGreaterThan(red[0]);
  });

  test("with a profile that takes minutes counts as sRGB", async () => {
    const endless = psdOf({ width: 30, height: 20, mode: 3, rows, resources: { 1039: endlessProfile } });
    const { at } = await readPixels((await render(endless, { output: { format: "png", lossless: true } })).data);
    expectColour(at(2, 2), red, 2);
  });

  test("shows a layer by itself, at its place", async () => {
    const only = (value: number) => [Uint8Array.of(value, value), Uint8Array.of(value, value)];
    const layer = (edges: [number, number, number, number], [r, g, b]: Pixel) => ({
      edges,
      channels: { 0: only(r), 1: only(g), 2: only(b) },
    });
    const layers = [layer([0, 0, 2, 2], green), layer([5, 3, 7, 5], blue)];
    const layered = psdOf({ width: 30, height: 20, mode: 3, rows, layers });
    const shown = async (page?: number) =>
      readPixels((await render(layered, { ...(page && { page }), output: { format: "png", lossless: true } })).data);
    expectColour((await shown()).at(0, 0), red, 2);
    expectColour((await shown(1)).at(1, 1), green, 2);
    const second = await shown(2);
    expect([second.width, second.height]).toEqual([30, 20]);
    expectColour(second.at(6, 4), blue, 2);
    expect([second.at(4, 4)[3], second.at(7, 4)[3]]).toEqual([0, 0]);
    await expect(shown(3)).rejects.toMatchObject({ code: "ETRANSFORMATION", message: "The file has no page 3" });
  });

  test("shows several layers, by their places and by their names, in the picture and in a layer on it", async () => {
    const only = (value: number) => [Uint8Array.of(value, value), Uint8Array.of(value, value)];
    const layer = (name: string, edges: [number, number, number, number], [r, g, b]: Pixel) => ({
      name,
      edges,
      channels: { 0: only(r), 1: only(g), 2: only(b) },
    });
    const layers = [
      layer("a", [0, 0, 2, 2], green),
      layer("b_ü", [5, 3, 7, 5], blue),
      layer("c", [0, 0, 2, 2], yellow),
    ];
    const layered = psdOf({ width: 30, height: 20, mode: 3, rows, layers });
    const shown = async (pg: string) => {
      const transformation = readTransformation(parseTransformation(`pg-${pg},f-png,lo-true`));
      return readPixels((await render(layered, transformation)).data);
    };
    for (const pg of ["1_2", "1-2", 'name-"b_ü"_"a"']) {
      const { at } = await shown(pg);
      expectColour(at(1, 1), green, 2);
      expectColour(at(6, 4), blue, 2);
      expect(at(10, 10)[3]).toBe(0);
    }
    expectColour((await shown("1-")).at(1, 1), yellow, 2);
    for (const pg of ["1_4", "2-9", "name-d"]) {
      await expect(shown(pg)).rejects.toMatchObject({
        code: "ETRANSFORMATION",
        message: "The file lacks a layer that pg names",
      });
    }
    await expect(render(paper, { layers: { names: ["a"] } })).rejects.toMatchObject({ code: "ETRANSFORMATION" });
    const files = new Map([["a.psd", { bytes: layered, area: undefined }]]);
    const content = { kind: "file", path: "a.psd", layers: { names: ["b_ü"] }, autoOrient: true } as const;
    const drawnOver = { content, steps: [], placement: { focus: { x: 0, y: 0 } }, mode: "over" } as const;
    const { at } = await renderPixels(plain(40, 20, "#fff"), [{ layers: [drawnOver] }], { layers: files });
    expectColour(at(6, 4), blue, 2);
    expectColour(at(1, 1), [255, 255, 255], 2);
  });

  test("that is damaged is refused", async () => {
    await expect(render(bytes.subarray(0, -1), {})).rejects.toMatchObject({ code: "EINVALID" });
    await expect(render(bytes.subarray(0, 20), {})).rejects.toMatchObject({ code: "EINVALID" });
  });
});

describe("a page that can't be drawn", () => {
  test.each([
    ["is broken", () => render(Buffer.from("%PDF-1.7 x"), {}), "EINVALID"],
    ["takes for ever", () => render(pdfOf([endlessPage]), {}), "ETIME"],
    ["is asked for in too many pixels", () => render(paper, { steps: [{ size: { width: 60_000 } }] }), "ELIMIT"],
    [
      "takes too much memory",
      () => render(paper, {}, { limits: { ...renderContext.limits, memoryBytes: 100_000 } }),
      "ELIMIT",
    ],
  ])("%s: it is refused within five seconds, and the next page is drawn", async (_, refused, code) => {
    const start = performance.now();
    await expect(refused()).rejects.toMatchObject({ name: "MediaError", code });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await render(paper, { page: 2 })).toMatchObject({ width: 100 });
  });

  test("doesn't keep anybody waiting who goes away", async () => {
    await expect(render(pdfOf([endlessPage]), {}, {}, AbortSignal.timeout(500))).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });

  test("says in a layer which file it is", async () => {
    const layers = new Map([["a.pdf", { bytes: Buffer.from("%PDF-1.7 x"), area: undefined }]]);
    const file = { kind: "file", path: "a.pdf", autoOrient: true } as const;
    const layer = { content: file, steps: [], placement: { focus: { x: 0, y: 0 } }, mode: "over" } as const;
    await expect(render(plain(9, 9, "#fff"), { steps: [{ layers: [layer] }] }, { layers })).rejects.toMatchObject({
      code: "ELAYER",
      message: "overlay a.pdf cannot be decoded",
    });
  });
});
