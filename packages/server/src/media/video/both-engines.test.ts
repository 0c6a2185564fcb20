import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { type ClipOptions, colors, hasFfmpeg, makeClip } from "../testing/clips.ts";
import type { LayerSupplies } from "./further-files.ts";
import type { ProbedFacts } from "./probed-facts.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const waiting = { signal: new AbortController().signal };
/** Draws a layer: a red square in a corner. */
const draw = async ({
  size: { width, height },
}: {
  readonly size: { readonly width: number; readonly height: number };
}) => {
  const empty = { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const;
  const square = { create: { width: 20, height: 20, channels: 4, background: "red" } } as const;
  return sharp({ create: empty })
    .composite([{ input: square, left: 0, top: 0 }])
    .png()
    .toBuffer();
};

const nothing = () => Promise.reject(new Error("Nothing else lies on these videos"));
const layers: LayerSupplies = {
  draw,
  subtitles: nothing,
  font: nothing,
  video: () => ({ source: "", frames: undefined }),
};

describe.skipIf(!hasFfmpeg && process.env.CI !== "true")("FFmpeg and @sluice/video", () => {
  const engines = new Map<string, VideoEngine>();
  let folder: string;
  beforeAll(async () => {
    for (const name of ["auto", "embedded"])
      engines.set(name, openVideoEngine({ ffmpeg: name, limits: defaultLimits }));
    folder = await mkdtemp(join(tmpdir(), "sluice-engines-"));
  });
  afterAll(async () => {
    for (const engine of engines.values()) await engine.close();
    await rm(folder, { recursive: true });
  });

  /** Has both engines make a video, and has FFmpeg say what came out. */
  async function madeByBoth(clip: Buffer, transformation: string, times: readonly number[]) {
    const results: { readonly facts: ProbedFacts | undefined; readonly stills: readonly Buffer[] }[] = [];
    for (const [name, engine] of engines) {
      const target = join(folder, name);
      await engine.encode(clip, { transformation: parseTransformation(transformation), target, layers }, waiting);
      const [reader] = engines.values();
      const video = await readFile(target);
      const facts = await reader?.probe(video, waiting);
      const stills: Buffer[] = [];
      for (const at of times) {
        const still = await reader?.still(video, at, waiting);
        stills.push(await sharp(still?.data).raw().toBuffer());
      }
      await rm(target);
      results.push({ facts, stills });
    }
    const [system, embedded] = results;
    if (system === undefined || embedded === undefined) throw new Error("An engine is missing");
    return { system, embedded };
  }

  /** The mean difference of two pictures, for each colour of a pixel. */
  function difference(one: Buffer, other: Buffer): number {
    expect(one.length).toBe(other.length);
    return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
  }

  const moving: ClipOptions = { seconds: 2 };
  const cases: readonly (readonly [string, ClipOptions, readonly number[]])[] = [
    ["w-160", moving, [0, 1, 1.9]],
    ["so-0.52,du-1,w-160", moving, [0, 0.5, 0.9]],
    ["so-0.5,eo-1.53,w-160", moving, []],
    ["w-100,h-100,cm-pad_resize,bg-blurred", moving, [0, 1]],
    ["w-160,rt-90", moving, [1]],
    ["w-160,r-20", moving, [1]],
    ["f-webm,w-160,du-1", moving, [0, 0.9]],
    ["vc-av1,w-160,du-0.4", moving, [0.2]],
    ["ac-none,so-1,w-160", { ...moving, format: "mkv" }, [0, 0.5]],
    ["w-160,so-0.52", { ...moving, format: "webm" }, [0, 1]],
    ["vc-none", moving, []],
    ["vc-none,ac-opus,so-1", { seconds: 3, picture: undefined, format: "mp3" }, []],
  ];
  test.each(cases)("make the same video by %s", async (transformation, options, times) => {
    const { system, embedded } = await madeByBoth(await makeClip(options), transformation, times);
    const { duration = 0, bitRate: _, ...others } = system.facts ?? {};
    // A frame takes 0.04 s.
    const near = expect.closeTo(duration, 1);
    expect(embedded.facts).toEqual({
      ...others,
      duration: near,
      ...(system.facts?.bitRate && { bitRate: expect.any(Number) }),
    });
    expect(Math.abs((embedded.facts?.duration ?? 0) - duration)).toBeLessThanOrEqual(0.041);
    for (const [index, still] of system.stills.entries()) {
      expect(difference(still, embedded.stills[index] ?? Buffer.alloc(0)), `${times[index]} s`).toBeLessThan(4);
    }
  });

  test("turn a video as it says", async () => {
    const clip = await makeClip({ seconds: 1, sound: false });
    // The matrix of the track: a quarter of a turn.
    const at = clip.indexOf("tkhd") + 44;
    for (const [index, value] of [0, 65_536, 0, -65_536, 0].entries()) clip.writeInt32BE(value, at + 4 * index);
    const { system, embedded } = await madeByBoth(clip, "w-90", [0.5]);
    expect(embedded.facts).toMatchObject({ width: 90, height: 160 });
    expect(difference(system.stills[0] ?? Buffer.alloc(0), embedded.stills[0] ?? Buffer.alloc(0))).toBeLessThan(4);
    for (const engine of engines.values()) {
      expect(await engine.probe(clip, waiting)).toMatchObject({ width: 180, height: 320 });
    }
  });

  test("make a video of an animation, and tell how far they are", async () => {
    const frames = [..."rgb"].map((_, index) => Buffer.alloc(64 * 48 * 3, index * 100));
    const raw = { raw: { width: 64, height: 48 * 3, channels: 3, pageHeight: 48 } } as const;
    const gif = await sharp(Buffer.concat(frames), raw)
      .gif({ delay: [200, 200, 200] })
      .toBuffer();
    const { system, embedded } = await madeByBoth(gif, "w-32", [0, 0.3]);
    expect(embedded.facts).toMatchObject({
      width: 32,
      videoCodec: "h264",
      duration: expect.closeTo(system.facts?.duration ?? 0, 1),
    });
    const told: number[] = [];
    const target = join(folder, "told");
    const clip = await makeClip({ picture: colors, seconds: 3 });
    const task = { transformation: parseTransformation("w-64"), target, onProgress: (done: number) => told.push(done) };
    await engines.get("embedded")?.encode(clip, task, waiting);
    expect(told.length).toBeGreaterThan(0);
  });
});
