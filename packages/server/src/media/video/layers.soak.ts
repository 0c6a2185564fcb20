import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { hasFfmpeg } from "../testing/clips.ts";
import { decodeSound, decodeVideo, firstHeard } from "../testing/decoded-video.ts";
import type { LayerSupplies } from "./further-files.ts";
import { readSubtitles } from "./subtitles/read-subtitles.ts";
import { conformanceClips } from "./testing/conformance-clips.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const subtitles = "1\n00:00:00,400 --> 00:00:00,800\n{\\pos(9,9)}{unseen} \\N{\\an8}<i>MMMM</i>\nעברית 日本 MMMM\n";

// docs/protocol/transformations.md §7.3
describe.skipIf(!hasFfmpeg && process.env.CI !== "true")("what lies on a video", () => {
  let engine: VideoEngine;
  let folder: string;
  const films = new Map<string, Buffer>();
  beforeAll(async () => {
    engine = openVideoEngine({ ffmpeg: "auto", limits: defaultLimits });
    folder = await mkdtemp(join(tmpdir(), "sluice-layers-"));
    for (const [name, make] of Object.entries(conformanceClips)) films.set(name, await make());
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  /** Draws blocks of magenta for layers, and a disc for corners. */
  const supplies: LayerSupplies = {
    async draw({ what, size: { width, height } }) {
      const half = width / 2;
      const shape =
        what.kind === "corners"
          ? `<rect width="100%" height="100%" fill="black"/><circle cx="${half}" cy="${half}" r="${half}" fill="white"/>`
          : `<rect width="10" height="10" fill="magenta"/>`;
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shape}</svg>`;
      return sharp(Buffer.from(drawing)).png().toBuffer();
    },
    video: (path) => ({ source: films.get(path) ?? Buffer.alloc(0), frames: undefined }),
    subtitles: async () => readSubtitles(Buffer.from(subtitles)),
    font: async () => undefined,
  };
  let count = 0;
  const encode = async (film: keyof typeof conformanceClips, text: string): Promise<string> => {
    count += 1;
    const target = join(folder, `${count}`);
    const task = { transformation: parseTransformation(text), target, layers: supplies };
    await engine.encode(films.get(film) ?? Buffer.alloc(0), task, {});
    return target;
  };
  const pictures = async (...asked: Parameters<typeof encode>) => decodeVideo(await encode(...asked));

  test.each([
    ["lx-100,ly-50", 100, 50, 40, 20],
    ["lx-101,ly-51", 101, 51, 40, 20],
    ["lx-N10,ly-N10", 270, 150, 40, 20],
    ["lfo-bottom_right", 280, 160, 40, 20],
    ["lxc-100,lyc-60,w-bw_div_4", 60, 40, 80, 40],
    ["w-40,h-40,lfo-top_left", 0, 0, 40, 40],
    ["lfo-top_left,rt-90", 0, 0, 20, 40],
  ])("a video with %s lies at %d, %d", async (parameters, left, top, width, height) => {
    const video = await pictures("quarters", `l-video,i-yellow,${parameters},l-end`);
    const isYellow = (x: number, y: number): boolean => video.colorAt(5, x, y) === "yellow";
    const [right, bottom] = [left + width, top + height];
    // Colours are stored for two by two pixels, so those at an odd edge are mixed.
    expect([isYellow(left + 2, top + 2), isYellow(right - 3, bottom - 3)]).toEqual([true, true]);
    expect([isYellow(left - 2, top + 2), isYellow(left + 2, top - 2)]).toEqual([false, false]);
    expect([isYellow(right + 1, bottom - 3), isYellow(right - 3, bottom + 1)]).toEqual([false, false]);
    expect(video.frames).toHaveLength(10);
  });

  test("a video is seen from its begin to its end, and shows the part that is asked for", async () => {
    const video = await pictures("flash", "l-video,i-counting,so-1,du-0.8,lso-0.2,leo-0.6,w-64,l-end");
    const shown = video.frames.map((_, index) => Math.round(video.brightness(index) / 5));
    expect(shown.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    for (const index of [5, 9, 14])
      expect(Math.abs((shown[index] ?? 0) - (20 + index)), `${shown}`).toBeLessThanOrEqual(1);
    expect(shown.slice(16, 24).every((value) => value === 0)).toBe(true);
    expect(video.frames).toHaveLength(50);
  });

  test("a video that is longer than the one below ends with it", async () => {
    const video = await pictures("yellow", "l-video,i-counting,lso-0.4,l-end");
    expect(Math.abs(video.frames.length - 25)).toBeLessThanOrEqual(1);
  });

  test.each([
    ["flash", "l-video,i-flash,lso-0.5,w-20,l-end", [1, 1.5]],
    ["flash", "so-0.5,l-video,i-flash,so-0.9,lso-0.2,w-20,l-end", [0.3, 0.5]],
    ["flash", "l-video,i-flash,lso-0.5,ac-none,w-20,l-end", [1]],
    ["yellow", "l-video,i-flash,so-0.5,lso-0.2,w-20,l-end", [0.7]],
    ["yellow", "l-video,i-yellow,lso-0.2,l-video,i-flash,so-0.9,lso-0.1,l-end,l-end", [0.4]],
    ["yellow", "l-video,i-yellow,ac-none,l-video,i-flash,so-0.9,l-end,l-end", []],
    ["flash", "ac-none,l-video,i-flash,w-20,l-end", []],
  ] as const)("on %s, the clicks of %s are heard at %j", async (film, text, expected) => {
    const path = await encode(film, text);
    const samples = await decodeSound(path).catch(() => new Float32Array());
    const heard: number[] = [];
    for (let from = 0; ; ) {
      const next = firstHeard(samples.subarray(Math.round(from * 48_000)));
      if (next === undefined) break;
      heard.push(from + next);
      from += next + 0.15;
    }
    expect(
      heard.map((at, index) => Math.abs(at - (expected[index] ?? 9)) < 0.04),
      `${heard}`,
    ).toEqual(expected.map(() => true));
  });

  test("the corners of a video show what it lies on", async () => {
    const video = await pictures("quarters", "l-video,i-yellow,w-40,h-40,r-max,lfo-top_left,l-end");
    expect([video.colorAt(5, 1, 1), video.colorAt(5, 38, 38), video.colorAt(5, 20, 20)]).toEqual([
      "red",
      "red",
      "yellow",
    ]);
  });

  test("layers lie on a layer, and over one another in their order", async () => {
    const inner = "l-image,i-a,l-end";
    const video = await pictures("quarters", `l-video,i-yellow,lx-100,ly-50,${inner},l-end`);
    expect([video.colorAt(5, 104, 54), video.colorAt(5, 115, 65), video.colorAt(5, 4, 4)]).toEqual([
      "magenta",
      "yellow",
      "red",
    ]);
    const above = await pictures("quarters", `${inner},l-video,i-yellow,lfo-top_left,l-end`);
    expect(above.colorAt(5, 4, 4)).toBe("yellow");
  });

  test.each([
    ["l-subtitles,i-a,fs-20,bg-yellow,l-end", 10, 20],
    ["so-0.2,l-subtitles,i-a,fs-20,bg-yellow,l-end", 5, 15],
    ["l-subtitles,i-a,fs-20,bg-yellow,lso-0.5,leo-0.6,l-end", 13, 15],
  ])("subtitles of %s are seen in the pictures from %d to %d", async (text, from, to) => {
    const video = await pictures("counting", `w-320,h-180:${text}`);
    const isSeen = video.frames.map((_, index) => video.colorAt(index, 160, 172) === "yellow");
    const [first, last] = [isSeen.indexOf(true), isSeen.lastIndexOf(true)];
    expect([Math.abs(first - from) <= 1, Math.abs(last + 1 - to) <= 1], `${first} ${last}`).toEqual([true, true]);
    // Nobody's tags move them.
    expect(video.frames.map((_, index) => video.colorAt(index, 9, 9))).not.toContain("yellow");
  });

  test("subtitles have the colours of their letters, edges and shadows", async () => {
    const style = "fs-40,co-cyan,fol-4_magenta,fsh-yellow_4";
    const video = await pictures("counting", `so-0.2,w-320,h-180:l-subtitles,i-a,${style},l-end`);
    const lowest = Array.from(
      { length: 320 * 80 },
      (_, index) => [index % 320, 100 + Math.floor(index / 320)] as const,
    );
    const found = new Set(lowest.map(([x, y]) => video.colorAt(10, x, y)));
    expect([...found]).toEqual(expect.arrayContaining(["black", "cyan", "magenta", "yellow"]));
  });

  test.each([
    ["l-video,i-none,l-end", "overlay none cannot be decoded"],
    ["l-video,i-counting,so-3,l-end", "so is 3 s here, and the video takes 2 s."],
    ["l-video,i-counting,vc-none,l-end", "vc-none is not available in l-video."],
    ["l-subtitles,i-a,ff-a@@b.ttf,l-end,l-subtitles,i-a,ff-c.ttf,l-end", /one font of the library at most/],
  ])("%s is refused", async (text, message) => {
    await expect(encode("counting", text)).rejects.toThrow(message);
  });
});
