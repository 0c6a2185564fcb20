import { parseTransformation } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { checkVideo, planEncode } from "./plan-encode.ts";
import type { ProbedFacts } from "./probed-facts.ts";

const limits = { pixels: 4000 * 2000, layers: 3 };
const facts: ProbedFacts = { width: 1920, height: 1080, duration: 10, videoCodec: "h264", audioCodec: "aac" };
const mute: ProbedFacts = { width: 1000, height: 500, duration: 4, videoCodec: "vp9" };
const layers: ReadonlyMap<string, ProbedFacts> = new Map([
  ["a.mp4", facts],
  ["b.mp4", mute],
]);
const plan = (text: string, known = { facts, layers }) => planEncode(parseTransformation(text), known, limits);
const graphOf = (text: string): string => {
  const { after } = plan(text);
  return after[after.indexOf("-filter_complex") + 1] ?? "";
};

// docs/protocol/transformations.md §7
describe("the plan of an encode", () => {
  test("has no text of a user in its filters", () => {
    const text = "l-subtitles,i-it's.srt,ff-a@@'b.ttf,l-end,l-video,i-a.mp4,l-end,l-text,i-%5Bx%5D%3B,l-end";
    const graph = graphOf(text);
    expect(graph).toMatch(/^[\w.,:;=[\]'()*/+-]+$/);
    expect(graph).not.toMatch(/srt|ttf|mp4|x\]/);
    expect(graph).toContain("ass=filename=/dev/fd/4");
    expect(graph).toContain("[1:V:0]");
    expect(graph).toContain("[2:v]overlay");
    expect(plan(text).files.map(({ kind }) => kind)).toEqual(["subtitles", "video", "drawing"]);
  });

  test("reads of a video layer what can be seen of it", () => {
    const part = (parameters: string) => plan(`so-2,l-video,i-b.mp4,${parameters},l-end`).files[0];
    expect(part("w-20")).toMatchObject({ start: 0, duration: 4 });
    expect(part("so-1,lso-6")).toMatchObject({ start: 1, duration: 2 });
    expect(part("eo-3,lso-1,ldu-1")).toMatchObject({ start: 0, duration: 1 });
    expect(part("so-idu_div_4,lso-bdu_sub_1")).toMatchObject({ start: 1, duration: 1 });
    expect(part("lso-8")).toBeUndefined();
  });

  test("mixes the sounds of layers, and has none where none is asked for", () => {
    expect(graphOf("l-video,i-a.mp4,lso-1.5,l-end")).toMatch(
      /\[1:a:0\][^;]*adelay=delays=1500:all=1\[s1\];.*amix=inputs=2/,
    );
    expect(graphOf("l-video,i-b.mp4,l-end")).not.toContain("amix");
    expect(graphOf("ac-none,l-video,i-a.mp4,l-end")).not.toContain("[a]");
  });

  test("takes the branches whose conditions hold, also of what is said of the output", () => {
    const isWebm = (text: string): boolean => plan(text).contentType === "video/webm";
    expect(isWebm("if-iw_gt_1000,f-webm,so-2,if-end")).toBe(true);
    expect(isWebm("w-400:if-w_gt_1000,f-webm,if-end")).toBe(false);
    expect(plan("if-iw_gt_1000,so-2,if-else,so-30,if-end").before).toEqual(["-ss", "2.000000"]);
  });

  test.each([
    ["l-image,i-a,l-video,i-a.mp4,l-end,l-end", "l-video lies on videos alone."],
    ["l-image,i-a,l-subtitles,i-a.srt,l-end,l-end", "l-subtitles lies on videos alone."],
    ["l-image,i-a,lm-multiply,l-end", "lm-multiply is not available on videos."],
    ["l-video,i-a.mp4,l-text,i-x,lm-cutout,l-end,l-end", "lm-cutout is not available on videos."],
    ["if-w_gt_2,sr-240,if-end", "sr is not available for videos."],
    ["l-video,i-a.mp4,f-jpg,l-end", "f-jpg is no format of a video."],
    ["l-video,i-none.mp4,l-end", "overlay none.mp4 cannot be decoded"],
    ["l-text,i-a,l-end,l-text,i-b,l-end:l-text,i-c,l-end,l-text,i-d,l-end", "A video has 3 layers at most"],
    [
      "l-video,i-a.mp4,w-9,l-end,l-video,i-a.mp4,w-9,l-end,l-video,i-a.mp4,w-9,l-end,l-video,i-a.mp4,w-9,l-end",
      /3 layers/,
    ],
    ["l-subtitles,i-a.srt,l-text,i-x,l-end,l-end", "Layers are not available in l-subtitles."],
    ["l-subtitles,i-a.srt:if-w_gt_2,fs-9,if-end,l-end", "Conditions are not available in l-subtitles."],
  ])("refuses %s", (text, message) => {
    expect(() => plan(text)).toThrow(message);
  });

  test("refuses videos that have too many pixels together", () => {
    const large = { ...facts, width: 4000, height: 1900 };
    const known = { facts, layers: new Map([...layers, ["c.mp4", large]]) };
    expect(() => plan("l-video,i-c.mp4,w-9,l-end", known)).not.toThrow();
    expect(() => plan("l-video,i-c.mp4,w-9,l-end,l-video,i-b.mp4,w-9,l-end", known)).toThrow(/pixels together/);
  });

  test("refuses what needs facts that the file doesn't tell", () => {
    const { duration: _, ...endless } = facts;
    expect(() => plan("l-video,i-b.mp4,l-end", { facts: endless, layers })).toThrow(/doesn't tell how long it takes/);
  });
});

describe("the check of a URL", () => {
  const check = (text: string, known: Parameters<typeof checkVideo>[1]) =>
    checkVideo(parseTransformation(text), known, limits);

  test("refuses conditions where the upload has told no size", () => {
    expect(() => check("if-w_gt_2,w-9,if-end", { facts: {}, layers: new Map() })).toThrow(
      "Conditions need the size of the video, which was not read when it was uploaded.",
    );
  });

  test("plans what it knows, and leaves the rest to the encode", () => {
    expect(check("l-video,i-a.mp4,so-90,l-end", { facts, layers: new Map([["a.mp4", {}]]) })).toMatchObject({
      video: "h264",
    });
    expect(() => check("l-video,i-a.mp4,so-90,l-end", { facts, layers })).toThrow("so is 90 s here");
  });
});
