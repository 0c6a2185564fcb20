import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { deliver } from "../harness/deliver.ts";
import { expectStored } from "../harness/expectations.ts";
import { call } from "../harness/media-api.ts";
import { encoded, jpeg } from "../harness/samples.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { avifOf, gif, jpegOf, jpegOfSegments, png, pngChunk, tiff, webp, zeros } from "./support/bombs.ts";
import { residentMemory } from "./support/process-facts.ts";

const MiB = 1024 * 1024;

let server: ServerProcess;
let start: number;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--limit", "images-waiting=50", "--trust-proxy", "1"] });
  // Loads and warms the image library before anything is measured.
  const { body } = await uploadBasic(server.url, await jpeg(), { fileName: "warm.jpg" });
  await deliver(body.thumbnailUrl);
  start = (await residentMemory(server)).peak;
});
afterAll(async () => {
  expect(alarmsOf(server)).toEqual([]);
  await server.stop();
});

const tooLarge = /^ELIMIT - /;
const unreadable = /^EINVALID - /;

/** Pictures, each with the error of its thumbnail; undefined where making the thumbnail costs little after all. */
const bombs: [what: string, make: () => Promise<Buffer> | Buffer, error: RegExp | undefined][] = [
  ["a PNG of 60,000 by 60,000", () => png({ width: 60_000, height: 60_000, data: zeros(1000) }), tooLarge],
  [
    "a PNG of 2^31 - 1 on each side",
    () => png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, data: zeros(9) }),
    unreadable,
  ],
  ["a PNG of one row, 200 million wide", () => png({ width: 200_000_000, height: 1, data: zeros(9) }), unreadable],
  ["a PNG without a side", () => png({ width: 0, height: 5, data: zeros(9) }), unreadable],
  [
    "an interlaced PNG of 800 MB in 800 KB",
    () => png({ width: 10_000, height: 10_000, bitDepth: 16, interlaced: true, data: zeros(64 * MiB) }),
    tooLarge,
  ],
  [
    "a PNG that unpacks to far more than its pixels",
    () => png({ width: 8, height: 8, data: zeros(256 * MiB) }),
    undefined,
  ],
  ["a PNG that ends early", () => png({ width: 5000, height: 5000, data: zeros(5000) }), unreadable],
  ["a PNG whose pixels are no deflate", () => png({ width: 500, height: 500, data: randomBytes(5000) }), unreadable],
  [
    "a PNG with a text of 256 MB",
    () => {
      const text = Buffer.concat([Buffer.from("a\0\0"), zeros(256 * MiB)]);
      return png({ width: 8, height: 8, data: zeros(264), chunks: [pngChunk("zTXt", text)] });
    },
    undefined,
  ],
  [
    "a PNG with a colour profile of 256 MB",
    () => {
      const profile = Buffer.concat([Buffer.from("a\0\0"), zeros(256 * MiB)]);
      return png({ width: 8, height: 8, data: zeros(264), chunks: [pngChunk("iCCP", profile)] });
    },
    undefined,
  ],
  [
    "a PNG of ten thousand chunks",
    () =>
      png({ width: 8, height: 8, data: zeros(264), chunks: Array(10_000).fill(pngChunk("tEXt", Buffer.from("a\0b"))) }),
    undefined,
  ],
  ["a JPEG of a million segments that hold nothing", async () => jpegOfSegments(await jpeg(), 1_000_000), tooLarge],
  ["a JPEG of 65,500 by 65,500", async () => jpegOf(await jpeg(), 65_500, 65_500), tooLarge],
  ["a JPEG of far more rows than it has", async () => jpegOf(await jpeg(), 9_000, 9_000), undefined],
  ["a GIF of 65,535 by 65,535", () => gif(65_535, 65_535, 1), undefined],
  ["a GIF of twenty thousand frames", () => gif(100, 100, 20_000), undefined],
  [
    "a GIF of ten thousand blocks before its frame",
    () => gif(9, 9, 10_000, Buffer.from("!\xfe\x01a\0", "latin1")),
    unreadable,
  ],
  [
    "a GIF whose codes are noise",
    () => gif(9, 9, 1, Buffer.concat([Buffer.from(",\0\0\0\0\x09\0\x09\0\0\x02\xff", "latin1"), randomBytes(255)])),
    undefined,
  ],
  ["a WebP of 16,383 by 16,383", () => webp(16_383, 1), unreadable],
  ["a WebP of five thousand frames of nothing", () => webp(100, 5_000), unreadable],
  [
    "an AVIF of 60,000 by 60,000",
    async () => avifOf(await encoded("avif", false), 60_000, 60_000),
    /^E(LIMIT|INVALID) - /,
  ],
  [
    "a TIFF of four billion rows",
    () =>
      tiff([
        [256, 100],
        [257, 2 ** 32 - 1],
        [258, 8],
        [259, 1],
        [262, 1],
        [273, 8],
        [278, 1],
        [279, 9],
      ]),
    /^E(LIMIT|INVALID) - /,
  ],
  [
    "a TIFF that is its own successor",
    () =>
      tiff([
        [256, 9],
        [257, 9],
      ]),
    /^E(LIMIT|INVALID) - /,
  ],
];

describe("a picture that asks for more than it brings", () => {
  test.each(bombs)("%s costs seconds and megabytes at the most", async (_what, make, error) => {
    const bytes = await make();
    const began = performance.now();
    const answer = await uploadBasic(server.url, bytes, { fileName: "bomb.bin" });
    expectStored(answer);
    const { width = 1, height = 1 } = answer.body;
    expect(Number.isInteger(width) && width >= 1 && Number.isInteger(height) && height >= 1).toBe(true);
    expect((await call(server.url, "GET", `/v1/files/${answer.body.fileId}/details`)).status).toBe(200);
    for (const accept of ["image/webp", "*/*"]) {
      const thumbnail = await deliver(`${answer.body.url}?tr=n-ik_ml_thumbnail`, { headers: { accept } });
      const verdict = thumbnail.headers["ik-error"] ?? "none";
      if (error === undefined) expect([200, 400]).toContain(thumbnail.status);
      else expect([thumbnail.status, verdict]).toEqual([400, expect.stringMatching(error)]);
    }
    for (const transformation of ["w-100,h-100,fo-auto", "bl-10,rt-30:r-max"]) {
      const { status } = await deliver(`${answer.body.url}?tr=${transformation}`);
      expect([200, 400], transformation).toContain(status);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    const { peak } = await residentMemory(server);
    expect(peak - start).toBeLessThan(320 * MiB);
  });
});

describe("many at once", () => {
  test("of one client keep nobody else from images", async () => {
    const { body } = await uploadBasic(server.url, await jpeg(3_000, 2_000), { fileName: "photo.jpg" });
    const ask = (client: string, width: number) =>
      deliver(`${body.url}?tr=w-${width},bl-20`, { headers: { "x-forwarded-for": client } });
    let left = 0;
    const flood = Array.from({ length: 120 }, async (_, index) => {
      left += 1;
      const { status } = await ask("203.0.113.1", 1_000 + index);
      left -= 1;
      return status;
    });
    // The requests that found no room have been refused by then.
    await vi.waitUntil(() => left <= 60, { timeout: 20_000 });
    expect((await ask("203.0.113.2", 100)).status).toBe(200);
    expect(left).toBeGreaterThan(20);
    expect(new Set(await Promise.all(flood))).toEqual(new Set([200, 503]));
  });

  test("are made a few at a time, and everybody else is served meanwhile", async () => {
    const rows = 4_000;
    const bytes = png({ width: rows, height: rows, bitDepth: 1, colourType: 0, data: zeros(rows * (rows / 8 + 1)) });
    const { body } = await uploadBasic(server.url, bytes, { fileName: "many.png" });
    // Each request asks for another size, because requests for the same size would share one rendering.
    const asked = Array.from({ length: 120 }, (_, index) => deliver(`${body.url}?tr=w-${100 + index}`));
    for (let turn = 0; turn < 5; turn++) {
      const began = performance.now();
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      expectStored(await uploadBasic(server.url, `small ${turn}`, { fileName: "small.txt" }));
      expect(performance.now() - began).toBeLessThan(5_000);
    }
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const { peak } = await residentMemory(server);
    expect(peak - start).toBeLessThan(512 * MiB);
  });
});
