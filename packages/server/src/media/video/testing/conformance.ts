import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTransformation } from "@sluice/grammar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClip } from "../../testing/clips.ts";
import { decodeSound, decodeVideo, firstHeard } from "../../testing/decoded-video.ts";
import type { LayerSupplies } from "../further-files.ts";
import type { ProbedFacts } from "../probed-facts.ts";
import type { VideoEngine } from "../video-engine.ts";
import { conformanceClips } from "./conformance-clips.ts";

type ClipName = keyof typeof conformanceClips;
type Corners = readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];

const upright: Corners = ["red", "lime", "blue", "white"];

/**
 * Puts an engine through the lines of docs/protocol/transformations.md §7, by what is in the files that it writes.
 * @param canRun whether there is everything on this machine that the engine and the test need
 */
export function describeConformance(name: string, openEngine: () => VideoEngine, canRun: boolean): void {
  describe.skipIf(!canRun)(`videos by ${name} (docs/protocol/transformations.md §7)`, () => {
    let engine: VideoEngine;
    let folder: string;
    const made = new Map<ClipName, Promise<Buffer>>();
    beforeAll(async () => {
      engine = openEngine();
      folder = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
    });
    afterAll(async () => {
      await engine.close();
      await rm(folder, { recursive: true });
    });

    const clip = async (asked: ClipName): Promise<Buffer> => {
      const before = made.get(asked) ?? conformanceClips[asked]();
      made.set(asked, before);
      return before;
    };
    let count = 0;
    const encode = async (film: Buffer, text: string, layers?: LayerSupplies) => {
      count += 1;
      const target = join(folder, `${count}`);
      const task = { transformation: parseTransformation(text), target, ...(layers && { layers }) };
      const { contentType } = await engine.encode(film, task, {});
      return { path: target, contentType, facts: (await engine.probe(target, {})) ?? ({} as ProbedFacts) };
    };
    const pictures = async (film: ClipName | Buffer, text: string) =>
      decodeVideo((await encode(typeof film === "string" ? await clip(film) : film, text)).path);

    /** The blocks of the clip `quarters` in the corners of the result. */
    test.each<[string, number, number, Corners]>([
      ["w-160", 160, 90, upright],
      ["h-90", 160, 90, upright],
      ["w-0.5", 160, 90, upright],
      ["w-iw_div_2", 160, 90, upright],
      ["w-80,dpr-2", 160, 90, upright],
      // Sides are even.
      ["w-101", 100, 56, upright],
      ["w-100,ar-1-1", 100, 100, upright],
      ["w-100,h-100", 100, 100, upright],
      ["w-80,h-90,fo-left", 80, 90, ["red", "red", "blue", "blue"]],
      ["w-80,h-90,fo-right", 80, 90, ["lime", "lime", "white", "white"]],
      ["w-320,h-90,fo-top", 320, 90, ["red", "lime", "red", "lime"]],
      ["w-320,h-90,fo-bottom", 320, 90, ["blue", "white", "blue", "white"]],
      ["w-100,h-100,c-force", 100, 100, upright],
      ["w-100,h-100,c-at_max", 100, 56, upright],
      ["w-640,h-640,c-at_max", 320, 180, upright],
      ["w-640,h-640,c-at_max_enlarge", 640, 360, upright],
      ["w-100,h-100,c-at_least", 178, 100, upright],
      ["w-100,h-60,cm-extract,fo-top_left", 100, 60, ["red", "red", "red", "red"]],
      ["w-100,h-60,cm-extract,fo-bottom_right", 100, 60, ["white", "white", "white", "white"]],
      ["w-100,h-60,cm-extract,x-200,y-10", 100, 60, ["lime", "lime", "lime", "lime"]],
      ["w-100,h-60,cm-extract,xc-80,yc-130", 100, 60, ["blue", "blue", "blue", "blue"]],
      ["w-100,h-60,cm-extract", 100, 60, upright],
      ["rt-90", 180, 320, ["blue", "red", "white", "lime"]],
      ["rt-180", 320, 180, ["white", "blue", "lime", "red"]],
      ["rt-270", 180, 320, ["lime", "white", "red", "blue"]],
      ["rt-360", 320, 180, upright],
      ["fl-h", 320, 180, ["lime", "red", "white", "blue"]],
      ["fl-v", 320, 180, ["blue", "white", "red", "lime"]],
      ["fl-h_v", 320, 180, ["white", "blue", "lime", "red"]],
      ["b-10_yellow", 340, 200, ["yellow", "yellow", "yellow", "yellow"]],
      ["w-200,h-200,cm-pad_resize,bg-magenta", 200, 200, ["magenta", "magenta", "magenta", "magenta"]],
      ["w-200,h-200,cm-pad_resize", 200, 200, ["black", "black", "black", "black"]],
      ["w-200,h-200,cm-pad_resize,bg-magenta,fo-top", 200, 200, ["red", "lime", "magenta", "magenta"]],
      ["w-400,h-90,cm-pad_resize,bg-magenta,fo-right", 400, 90, ["magenta", "lime", "magenta", "white"]],
      ["w-80:w-40,h-90", 40, 90, upright],
      // docs/protocol/transformations.md §4
      ["w-160:if-w_gt_200,fl-h,if-else,fl-v,if-end", 160, 90, ["blue", "white", "red", "lime"]],
      ["if-iw_eq_320_and_iar_gt_1,w-80:rt-90,if-end:if-h_eq_80,fl-h,if-end", 44, 80, ["red", "blue", "lime", "white"]],
    ])("%s gives %d × %d", async (text, width, height, corners) => {
      const video = await pictures("quarters", text);
      expect([video.width, video.height, video.frames.length]).toEqual([width, height, 10]);
      const [right, bottom] = [width - 4, height - 4];
      const found = [
        [3, 3],
        [right, 3],
        [3, bottom],
        [right, bottom],
      ].map(([x = 0, y = 0]) => video.colorAt(5, x, y));
      expect(found).toEqual(corners);
    });

    test("a padding has its place to the pixel, and a border its width", async () => {
      const padded = await pictures("quarters", "w-200,h-200,cm-pad_resize,bg-magenta");
      const column = Array.from({ length: 200 }, (_, y) => padded.colorAt(5, 10, y));
      // 320 × 180 becomes 200 × 113, with 43 pixels above and 44 below.
      expect([column.indexOf("red"), column.lastIndexOf("blue")].map((y) => Math.round(y / 4))).toEqual([11, 39]);
      const bordered = await pictures("quarters", "b-10_yellow");
      const row = Array.from({ length: 340 }, (_, x) => bordered.colorAt(5, x, 20));
      expect([row.indexOf("red"), row.lastIndexOf("lime")]).toEqual([10, 329]);
    });

    test("a blurred background shows the video", async () => {
      const video = await pictures("quarters", "w-160,h-320,cm-pad_resize,bg-blurred_10");
      expect([video.colorAt(5, 5, 5), video.colorAt(5, 154, 314)]).toEqual(["red", "white"]);
    });

    test("what the file says of its turn and of its pixels is done first", async () => {
      const turned = await makeClip({
        ...{ seconds: 0.2, sound: false },
        inputs: ["-display_rotation", "90", "-f", "lavfi", "-i", "color=red:s=160x90:r=25"],
      });
      expect((await encode(turned, "w-45")).facts).toMatchObject({ width: 44, height: 80 });
      const wide = await makeClip({ seconds: 0.2, sound: false, more: ["-vf", "setsar=2"] });
      expect((await encode(wide, "w-320")).facts).toMatchObject({ width: 320, height: 90 });
    });

    test.each([
      ["so-0.4,du-0.8", 10, 30],
      ["so-0.4,eo-1.2", 10, 30],
      ["so-1.24", 31, 50],
      ["du-0.5", 0, 13],
      ["so-idu_div_2,du-idu_div_4", 25, 38],
      ["so-0.4,eo-0.8,du-1.6,f-webm", 10, 20],
    ])("%s has the pictures from %d to %d, and as much sound", async (text, from, to) => {
      const { path } = await encode(await clip("counting"), text);
      const video = await decodeVideo(path);
      const first = video.brightness(0) / 5;
      const last = video.brightness(video.frames.length - 1) / 5;
      expect([Math.abs(first - from) < 1, Math.abs(last - (to - 1)) < 1.5], `${first} ${last}`).toEqual([true, true]);
      expect(Math.abs(video.frames.length - (to - from))).toBeLessThanOrEqual(1);
      expect(Math.abs((await decodeSound(path)).length / 48_000 - (to - from) / 25)).toBeLessThan(0.1);
    });

    test.each([
      ["w-64", "video/mp4", "h264", "aac"],
      ["f-mp4,vc-h264,ac-aac", "video/mp4", "h264", "aac"],
      ["f-webm", "video/webm", "vp9", "opus"],
      ["vc-av1", "video/webm", "av1", "opus"],
      ["ac-opus", "video/webm", "vp9", "opus"],
      ["ac-none", "video/mp4", "h264", undefined],
      ["f-webm,ac-none", "video/webm", "vp9", undefined],
      ["vc-none", "audio/mp4", undefined, "aac"],
      ["vc-none,f-webm", "audio/webm", undefined, "opus"],
    ])("%s is %s with %s and %s", async (text, contentType, videoCodec, audioCodec) => {
      const result = await encode(await clip("quarters"), text);
      const { videoCodec: video, audioCodec: audio } = result.facts;
      expect([result.contentType, video, audio]).toEqual([contentType, videoCodec, audioCodec]);
    });

    test("a better quality takes more bytes", async () => {
      const film = await makeClip({ seconds: 0.4, sound: false });
      const rates = [];
      for (const q of [10, 50, 90]) rates.push((await encode(film, `q-${q}`)).facts.bitRate ?? 0);
      expect(rates).toEqual(rates.toSorted((one, other) => one - other));
      expect(rates[2]).toBeGreaterThan(2 * (rates[0] ?? 0));
    });

    test.each(["w-32", "so-0.5,w-32", "f-webm", "so-0.52,f-webm"])("%s keeps a click at its flash", async (text) => {
      const { path } = await encode(await clip("flash"), text);
      const video = await decodeVideo(path);
      const flash = video.frames.findIndex((_, index) => video.brightness(index) > 128);
      const heard = firstHeard(await decodeSound(path)) ?? Number.NaN;
      expect(flash).toBeGreaterThan(0);
      expect(Math.abs(heard - flash / 25)).toBeLessThanOrEqual(0.04);
    });
  });
}
