import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { hasFfmpeg, makeClip, makeSoundWithCover, tone } from "../testing/clips.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const waiting = { signal: new AbortController().signal };

const engines = ["auto", "embedded"] as const;
describe.skipIf(!hasFfmpeg && process.env.CI !== "true").each(engines)("sounds, shown by %s", (ffmpeg) => {
  let engine: VideoEngine;
  beforeAll(() => {
    engine = openVideoEngine({ ffmpeg, limits: defaultLimits });
  });
  afterAll(() => engine.close());

  test.each(["mp3", "m4a", "flac", "ogg"] as const)("show the cover that is in an %s", async (format) => {
    const { data } = await engine.soundStill(await makeSoundWithCover(format), waiting);
    expect(await sharp(data).metadata()).toMatchObject({ format: "jpeg", width: 60, height: 40 });
    const { dominant } = await sharp(data).stats();
    expect(dominant).toEqual({ r: expect.closeTo(248, -1), g: expect.closeTo(168, -1), b: expect.closeTo(8, -1) });
  });

  test.each(["mp3", "m4a", "flac", "ogg", "wav"] as const)(
    "show how loud an %s is, without a cover",
    async (format) => {
      // A quiet second, and then two loud ones.
      const sound = "aevalsrc='(0.05+0.6*gt(t,1))*sin(2*PI*6000*t)':s=48000";
      const clip = await makeClip({ format, inputs: ["-f", "lavfi", "-i", sound] });
      const heights = await wavesIn((await engine.soundStill(clip, waiting)).data);
      expect(heights.length).toBe(960);
      const [quiet = 0, loud = 0, last = 0] = [heights[100], heights[600], heights[940]];
      expect(quiet).toBeGreaterThan(20);
      expect(loud).toBeGreaterThan(2 * quiet);
      expect(Math.abs(last - loud)).toBeLessThan(20);
    },
  );

  test("show a waveform where the cover is broken", async () => {
    const clip = await makeSoundWithCover("mp3");
    clip.fill(0, clip.indexOf("IHDR"), clip.indexOf("IEND"));
    expect(await sharp((await engine.soundStill(clip, waiting)).data).metadata()).toMatchObject({ width: 960 });
  });

  test("are shown where they take less than a column of the picture", async () => {
    const clip = await makeClip({ format: "wav", inputs: tone, seconds: 0.01 });
    expect(await sharp((await engine.soundStill(clip, waiting)).data).metadata()).toMatchObject({ width: 960 });
  });

  test("show nothing where they can't be read", async () => {
    for (const bytes of [Buffer.from("no sound"), (await makeClip({ format: "m4a", inputs: tone })).subarray(0, 900)])
      await expect(engine.soundStill(bytes, waiting)).rejects.toMatchObject({ code: "EINVALID" });
  });
});

/** The height of the wave in each column of pixels. */
async function wavesIn(picture: Buffer): Promise<readonly number[]> {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  const isWave = (x: number, y: number): boolean => (data[y * info.width + x] ?? 0) > 120;
  return Array.from({ length: info.width }, (_, x) =>
    Array.from({ length: info.height }, (_, y) => y).reduce((sum, y) => sum + Number(isWave(x, y)), 0),
  );
}
