import { parseTransformation } from "@sluice/grammar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MediaError } from "../../media-error.ts";
import {
  animation,
  blue,
  expectColour,
  green,
  type Pixel,
  pixelsOf,
  plain,
  quadrants,
  red,
  render,
  renderContext,
  yellow,
} from "../../testing/pictures.ts";
import { perspective, ringOf } from "../loops/remap.ts";
import { runLoop } from "../loops/run-loop.ts";
import { startWork } from "../pixels/work.ts";
import { readTransformation } from "../plan/read-transformation.ts";

const source = await quadrants(60, 40).png().toBuffer();
const clear: Pixel = [0, 0, 0, 0];

describe("corners that are moved", () => {
  test.each<[string, readonly (readonly [x: number, y: number, colour: Pixel])[]]>([
    [
      "0_0_60_0_60_40_0_40",
      [
        [1, 1, red],
        [58, 1, green],
        [1, 38, blue],
        [58, 38, yellow],
      ],
    ],
    [
      "10_10_50_10_50_30_10_30",
      [
        [5, 20, clear],
        [12, 12, red],
        [48, 12, green],
        [12, 28, blue],
        [48, 28, yellow],
      ],
    ],
    // A trapezium: the upper edge is short, so the middle of the picture lies higher than that of the shape.
    [
      "20_0_40_0_60_40_0_40",
      [
        [2, 2, clear],
        [25, 3, red],
        [35, 3, green],
        [5, 38, blue],
        [30, 8, green],
      ],
    ],
    [
      "N60_N40_60_N40_60_40_N60_40",
      [
        [1, 1, yellow],
        [58, 38, yellow],
      ],
    ],
    [
      "0_0_30_0_30_20_0_20",
      [
        [40, 30, clear],
        [5, 15, blue],
      ],
    ],
  ])("%s", async (corners, expected) => {
    const { width, height, at } = await pixelsOf(`e-distort-p-${corners}`, source);
    expect([width, height]).toEqual([60, 40]);
    for (const [x, y, colour] of expected) expectColour(at(x, y), colour);
  });

  test("the picture's corners come to lie on the points", () => {
    const coordinate = fc.integer({ min: 0, max: 12 });
    const jitter = fc.tuple(
      coordinate,
      coordinate,
      coordinate,
      coordinate,
      coordinate,
      coordinate,
      coordinate,
      coordinate,
    );
    fc.assert(
      fc.property(jitter, ([a, b, c, d, e, f, g, h]) => {
        const corners = [
          { x: a, y: b },
          { x: 60 - c, y: d },
          { x: 60 - e, y: 60 - f },
          { x: g, y: 60 - h },
        ] as const;
        const data = new Uint8Array(40 * 40 * 3).fill(200);
        const tilted = perspective(
          { data, width: 40, height: 40, channels: 3, count: 1 },
          { kind: "perspective", corners },
        );
        for (const { x, y } of corners) {
          const [inX, inY] = [x + Math.sign(20 - x) * 3, y + Math.sign(20 - y) * 3];
          if (inX < 40 && inY < 40) expect(tilted.data[(inY * 40 + inX) * 4 + 3]).toBe(255);
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    "p-0_0_0_0_0_0_0_0",
    "p-60_0_0_0_60_40_0_40",
    "p-0_0_60_0_0_40_60_40",
    // All on one line, three on one line, and a corner that looks inwards.
    "p-0_0_20_20_30_30_10_10",
    "p-0_0_60_0_30_0_0_40",
    "p-0_0_60_0_10_10_0_40",
    "p-0_0_60_0_60_40",
    "a-0",
    "a-x",
  ])("%s is refused", (value) => {
    expect(() => parseTransformation(`e-distort-${value}`)).toThrow(
      `Invalid value of transformation parameter e-distort-${value}`,
    );
  });
});

describe("a picture that is bent", () => {
  test("rises in the middle, or at its ends", async () => {
    const up = await pixelsOf("e-distort-a-90", source);
    expectColour(up.at(0, 0), clear);
    expectColour(up.at(up.width / 2 - 4, 3), red);
    expectColour(up.at(up.width / 2 + 4, 3), green);
    expectColour(up.at(up.width / 2, up.height - 1), clear);
    const down = await pixelsOf("e-distort-a-N90", source);
    expect([down.width, down.height]).toEqual([up.width, up.height]);
    expectColour(down.at(0, down.height - 1), clear);
    expectColour(down.at(down.width / 2 - 4, down.height - 4), blue);
    expectColour(down.at(down.width / 2 + 4, down.height - 4), yellow);
  });

  test("goes around by 360 degrees", async () => {
    const ring = await pixelsOf("e-distort-a-360", await plain(200, 20, "#dc1e1e").png().toBuffer());
    expect(Math.abs(ring.width - ring.height)).toBeLessThanOrEqual(1);
    const middle = Math.floor(ring.width / 2);
    expectColour(ring.at(middle, middle), clear);
    for (const [x, y] of [
      [middle, 8],
      [8, middle],
      [ring.width - 9, middle],
    ] as const)
      expectColour(ring.at(x, y), red);
  });

  test("hardly changes by a hundredth of a degree", async () => {
    const { width, height, at } = await pixelsOf("e-distort-a-0.01", source);
    expect([width, height]).toEqual([60, 40]);
    expectColour(at(5, 5), red);
    expectColour(at(55, 35), yellow);
  });

  test("gets a box that is about as large as itself", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.integer({ min: 1, max: 36_000 }), (across, down, hundredths) => {
        const size = { width: across + 1, height: down + 1 };
        const { width, height } = ringOf(size, hundredths / 100);
        for (const side of [width, height]) {
          expect(side).toBeGreaterThanOrEqual(1);
          expect(side).toBeLessThanOrEqual(size.width + 2 * size.height + 1);
        }
      }),
    );
  });
});

test("every frame is distorted alike", async () => {
  const playing = await animation([red, blue], 20, 20).webp({ lossless: true }).toBuffer();
  const { width, at } = await pixelsOf("e-distort-p-0_0_10_0_10_20_0_20", playing, "f-webp,lo-true");
  expect(width).toBe(20);
  expectColour(at(5, 10, 0), red);
  expectColour(at(5, 10, 1), blue);
  expect([at(15, 10, 0)[3], at(15, 10, 1)[3]]).toEqual([0, 0]);
});

test("a loop ends when its time is up, or when nobody waits for it", async () => {
  const large = await plain(3000, 2000, "#dc1e1e").png().toBuffer();
  const asked = readTransformation(parseTransformation("e-distort-a-90"));
  const { limits } = renderContext;
  await expect(render(large, asked, { limits: { ...limits, milliseconds: 150 } })).rejects.toMatchObject({
    code: "ETIME",
  } satisfies Partial<MediaError>);
  const gone = AbortSignal.timeout(150);
  await expect(render(large, asked, {}, gone)).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a thin picture that grows by being bent doesn't hold up the process", async () => {
  const ended = new AbortController();
  const thin = { data: Buffer.alloc(4000 * 3), width: 1, height: 4000, channels: 3, count: 1 } as const;
  const bent = runLoop(thin, { kind: "arc", degrees: 360 }, startWork(ended.signal, renderContext.limits));
  // It is too late for this where the loop has been done before `runLoop` returns.
  ended.abort(new Error("nobody waits"));
  await expect(bent).rejects.toThrow("nobody waits");
});

test("a large map that moves pixels isn't copied to the thread", async () => {
  const [width, height, channels] = [200, 200, 3] as const;
  const parent = { data: Buffer.alloc(width * height * channels), width, height, channels, count: 1 };
  const map = { data: new Uint8Array(width * height * channels), width, height, channels };
  const { signal } = new AbortController();
  const loop = { kind: "displace", map, left: 0, top: 0, x: 1, y: 1 } as const;
  await runLoop(parent, loop, startWork(signal, renderContext.limits));
  expect(map.data.byteLength).toBe(0);
});
