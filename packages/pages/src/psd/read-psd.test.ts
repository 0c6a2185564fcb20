import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PageReply } from "../page-task.ts";
import { type PsdPicture, psdOf } from "../testing/documents.ts";
import { drawn } from "../testing/run-page.ts";
import { readPsd } from "./read-psd.ts";

const memory = { maxMemoryBytes: 64 * 1024 * 1024 };

function pixelsOf(picture: PsdPicture): number[] {
  const { width, height } = picture;
  const reply = readPsd({ bytes: psdOf(picture), size: { width, height }, ...memory });
  if (!("pixels" in reply)) throw new Error(`Not decoded: ${JSON.stringify(reply)}`);
  return [...reply.pixels.data];
}

/** The rows of channels that have one row each. */
function rows(...channels: readonly number[][]): Uint8Array[] {
  return channels.map((values) => Uint8Array.from(values));
}

test("a picture is read as it was written, packed or not", () => {
  const sides = fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 4 }) });
  const pictures = sides.chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      packs: fc.boolean(),
      rows: fc.array(
        fc.array(fc.constantFrom(0, 7, 255), { minLength: width, maxLength: width }).map((row) => Uint8Array.from(row)),
        { minLength: 3 * height, maxLength: 3 * height },
      ),
    }),
  );
  fc.assert(
    fc.property(pictures, (picture) => {
      const read = pixelsOf({ ...picture, mode: 3 });
      const { width, height } = picture;
      for (const [index, value] of read.entries()) {
        const [channel, pixel] = [index % 3, Math.floor(index / 3)];
        const row = picture.rows[channel * height + Math.floor(pixel / width)];
        if (row?.[pixel % width] !== value) throw new Error(`Pixel ${pixel} of channel ${channel} is ${value}`);
      }
      return read.length === width * height * 3;
    }),
    { numRuns: 50 },
  );
});

const palette = Uint8Array.from({ length: 768 }, (_, index) => index % 256);

describe("colours", () => {
  test.each<[string, Omit<PsdPicture, "width" | "height">, number[]]>([
    ["grey", { mode: 1, rows: rows([9, 200]) }, [9, 9, 9, 200, 200, 200]],
    ["grey under inks", { mode: 8, rows: rows([9, 200]) }, [9, 9, 9, 200, 200, 200]],
    ["bits", { mode: 0, depth: 1, rows: rows([0b0100_0000]) }, [255, 255, 255, 0, 0, 0]],
    ["a palette", { mode: 2, palette, rows: rows([3, 250]) }, [3, 3, 3, 250, 250, 250]],
    ["16 bits", { mode: 3, depth: 16, rows: rows([1, 99, 2, 99], [3, 99, 4, 99], [5, 99, 6, 99]) }, [1, 3, 5, 2, 4, 6]],
    ["inks", { mode: 4, rows: rows([255, 0], [255, 255], [255, 255], [255, 255]) }, [255, 255, 255, 0, 255, 255]],
    ["a selection beside the colours", { mode: 1, rows: rows([9, 200], [0, 0]) }, [9, 9, 9, 200, 200, 200]],
    [
      "transparency, as it was before it was laid on white",
      { mode: 1, layers: -1, rows: rows([255, 128], [0, 128]) },
      [0, 0, 0, 0, 2, 2, 2, 128],
    ],
  ])("of %s", (_, picture, expected) => {
    expect(pixelsOf({ width: 2, height: 1, ...picture })).toEqual(expected);
  });
});

test("a picture is measured with its profile, where its numbers are those of the profile", () => {
  const picture = { width: 2, height: 1, mode: 3, rows: rows([1, 2], [3, 4], [5, 6]) };
  const resources = { 1005: Uint8Array.from([1, 2, 3]), 1039: Uint8Array.from([7, 8, 9]) };
  const facts = { pages: 1, width: 2, height: 1, hasAlpha: false };
  expect(readPsd({ bytes: psdOf({ ...picture, resources }), ...memory })).toEqual({
    facts: { ...facts, icc: Uint8Array.from([7, 8, 9]) },
  });
  const grey = { ...picture, mode: 1, rows: rows([1, 2]), resources };
  expect(readPsd({ bytes: psdOf(grey), ...memory })).toEqual({ facts: { ...facts, icc: undefined } });
  const huge = { ...picture, resources: { 1039: new Uint8Array(4 * 1024 * 1024 + 1) } };
  expect(readPsd({ bytes: psdOf(huge), ...memory })).toEqual({ facts: { ...facts, icc: undefined } });
});

describe("a layer by itself", () => {
  const picture = { width: 3, height: 2, mode: 1, rows: rows([9, 9, 9], [9, 9, 9]) };
  const group = { edges: [0, 0, 0, 0], channels: { 0: [], [-1]: [] } } as const;
  const inRow = { [-1]: rows([0, 255, 128, 0, 255]), 0: rows([1, 2, 3, 4, 5]) };
  const wide = { edges: [-1, 1, 4, 2], channels: inRow } as const;
  const low = { edges: [2, 0, 3, 1], channels: { 0: rows([7]) } } as const;
  const clear = [0, 0, 0, 0];

  function layerOf(page: number, layers: PsdPicture["layers"] = [low, group, wide]): number[] | PageReply {
    const bytes = psdOf({ ...picture, ...(layers && { layers }) });
    const reply = readPsd({ bytes, page, size: { width: 3, height: 2 }, ...memory });
    return "pixels" in reply ? [...reply.pixels.data] : reply;
  }

  test("is drawn over the layers below it, in the order of the file", () => {
    const below = { edges: [0, 1, 3, 2], channels: { 0: rows([100, 100, 100]) } } as const;
    const layers = { ranges: [{ from: 1 }, { from: 0, to: 0 }] };
    const reply = readPsd({
      bytes: psdOf({ ...picture, layers: [below, wide] }),
      layers,
      size: { width: 3, height: 2 },
      ...memory,
    });
    if (!("pixels" in reply)) throw new Error("Not drawn");
    const over = Math.round((3 * 128 + 100 * 127) / 255);
    expect([...reply.pixels.data.subarray(12)]).toEqual([2, 2, 2, 255, over, over, over, 255, 100, 100, 100, 255]);
  });

  test("lies where it does in the picture, and what is outside is cut off", () => {
    expect(layerOf(0)).toEqual([...clear, ...clear, 7, 7, 7, 255, ...clear, ...clear, ...clear]);
    expect(layerOf(1)).toEqual([...clear, ...clear, ...clear, 2, 2, 2, 255, 3, 3, 3, 128, ...clear]);
  });

  test("counts as a page where it is asked for", () => {
    const bytes = psdOf({ ...picture, layers: [low, group, wide] });
    expect(readPsd({ bytes, page: 5, ...memory })).toMatchObject({ facts: { pages: 2, width: 3, hasAlpha: false } });
    expect(readPsd({ bytes, page: 1, ...memory })).toMatchObject({ facts: { pages: 2, height: 2, hasAlpha: true } });
    expect(readPsd({ bytes, ...memory })).toMatchObject({ facts: { pages: 1, hasAlpha: false } });
  });

  test("that lacks a channel, or ends early, is damaged, and the picture of all layers is there", () => {
    expect(() => layerOf(0, [{ ...low, channels: { 1: rows([7]) } }])).toThrow(RangeError);
    const bytes = psdOf({ ...picture, layers: 30_000 });
    expect(() => readPsd({ bytes, page: 0, ...memory })).toThrow(RangeError);
    expect(readPsd({ bytes, ...memory })).toHaveProperty("facts");
  });

  test("with more channels than Photoshop has is damaged, wherever it lies", () => {
    const channels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, id) => [id, rows([7])]));
    expect(layerOf(0, [low, { ...low, channels: channels(56) }])).toHaveLength(24);
    expect(() => layerOf(0, [low, { ...low, channels: channels(57) }])).toThrow(RangeError);
  });

  test("is found behind hundreds of others", () => {
    const others = Array.from({ length: 300 }, () => ({ ...low, channels: { 0: rows([9]) } }));
    expect(layerOf(300, [...others, wide])).toEqual(layerOf(1));
  });

  test("takes no more memory than it may", () => {
    const vast = { ...low, edges: [0, 0, 100_000, 100_000] } as const;
    expect(layerOf(0, [vast])).toEqual({ failed: "size" });
  });
});

const small = { width: 2, height: 2, mode: 1, packs: true, rows: rows([1, 2], [3, 4]) } as const;
const inWhole = { width: 2, height: 2 };

function outcomeOf(bytes: Buffer, page?: number): PageReply | string {
  try {
    return readPsd({ bytes, page, size: inWhole, ...memory });
  } catch (error) {
    return error instanceof RangeError ? "damaged" : String(error);
  }
}

test("a file that ends anywhere is damaged", () => {
  const bytes = psdOf(small);
  for (let length = 26; length < bytes.length; length += 1) {
    expect([length, outcomeOf(bytes.subarray(0, length))]).toEqual([length, "damaged"]);
  }
});

test("no bytes of layers make it fail in another way, or take long", () => {
  const layer = { edges: [0, 0, 2, 1], channels: { [-1]: rows([1, 2]), 0: rows([3, 4]) } } as const;
  const layered = psdOf({ ...small, layers: [layer, layer] });
  const start = 26 + 4 + 4;
  const change = fc.record({ at: fc.integer({ min: start, max: layered.length - 1 }), value: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat({ max: 2 }), (changes, page) => {
      const bytes = Buffer.from(layered);
      for (const { at, value } of changes) bytes[at] = value;
      const outcome = outcomeOf(bytes, page);
      return typeof outcome === "object" || outcome === "damaged";
    }),
    { numRuns: 300 },
  );
});

test("no bytes make it fail in another way, or take long", () => {
  const change = fc.record({ at: fc.nat({ max: psdOf(small).length - 1 }), value: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = psdOf(small);
      for (const { at, value } of changes) bytes[at] = value;
      const outcome = outcomeOf(bytes);
      return typeof outcome === "object" || outcome === "damaged";
    }),
    { numRuns: 300 },
  );
});

test.each<[string, Buffer, "content" | "size"]>([
  ["colours of another kind", psdOf({ ...small, mode: 9 }), "content"],
  ["fractions for samples", psdOf({ ...small, depth: 32 }), "content"],
  ["layers alone", psdOf({ ...small, layers: 2, resources: { 1057: Uint8Array.from([0, 0, 0, 1, 0]) } }), "content"],
  ["a gigabyte of one colour", vast(), "size"],
])("%s is refused", (_, bytes, failed) => {
  expect(outcomeOf(bytes)).toEqual({ failed });
});

function vast(): Buffer {
  const bytes = psdOf(small);
  bytes.writeUInt32BE(30_000, 14);
  bytes.writeUInt32BE(30_000, 18);
  return bytes;
}

test("the thread decodes it at its own size", async () => {
  const { width, height, at } = await drawn({ kind: "psd", bytes: psdOf(small), size: inWhole });
  expect({ width, height }).toEqual(inWhole);
  expect(at(1, 1)).toEqual([4, 4, 4]);
});
