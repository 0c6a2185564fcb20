import { type Layer, parseTransformation } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { readSubtitleStyle } from "./subtitle-style.ts";
import { writeAss } from "./write-ass.ts";

const size = { width: 640, height: 360 };
const layerOf = (parameters: string): Layer => {
  const [step] = parseTransformation(`l-subtitles,i-x.srt${parameters},l-end`).steps;
  if (step?.kind !== "parameters" || step.layers[0] === undefined) throw new Error("no layer");
  return step.layers[0];
};
const styleOf = (parameters: string) => readSubtitleStyle(layerOf(parameters), size);
const everything = { start: 0, duration: undefined };
const write = (pieces: readonly string[], parameters = "", more = {}): string =>
  writeAss([{ start: 1, end: 3, pieces }], {
    ...{ style: styleOf(parameters), family: "Open Sans", size, offset: 0, seen: everything },
    ...more,
  });
const lines = (text: string, begin: string): string[] =>
  text.split("\n").flatMap((line) => (line.startsWith(begin) ? [line.slice(begin.length)] : []));

describe("a file of Advanced SubStation Alpha", () => {
  test("shows braces and backslashes of a text, which command nothing", () => {
    const [line] = lines(write(["{\\an8}a\\Nb\nc\\"]), "Dialogue: ");
    expect(line).toBe("0,0:00:01.00,0:00:03.00,text,\\{\\\u2060an8\\}a\\\u2060Nb\\Nc\\\u2060");
  });

  test("has nothing of a text but in the lines of its cues", () => {
    const text = "x\n[Fonts]\nfontname: a\nDialogue: 9,0:00:00.00,9:00:00.00,text,y";
    expect(lines(write([text]), "Dialogue: ")).toHaveLength(1);
    expect(lines(write([text]), "[Fonts]")).toEqual([]);
  });

  test("moves its times with the part of the film that is seen, and leaves out the rest", () => {
    const times = (more: object) => lines(write(["x"], "", more), "Dialogue: ").map((line) => line.slice(0, 23));
    expect(times({ offset: 2 })).toEqual(["0,0:00:00.00,0:00:01.00"]);
    expect(times({ offset: 3 })).toEqual([]);
    expect(times({ seen: { start: 2.5, duration: 0.25 } })).toEqual(["0,0:00:02.50,0:00:02.75"]);
    expect(times({ seen: { start: 3, duration: undefined } })).toEqual([]);
  });

  test("says how a text is written", () => {
    const styled = write(["x"], ",fs-40,co-FF000050,tg-b_i_strikethrough,fol-2_00FF00,fsh-0000FF_3");
    expect(lines(styled, "Style: ")).toEqual([
      "text,Open Sans,40,&H7F0000FF,&H7F0000FF,&H0000FF00,&H00FF0000,-1,-1,0,-1,100,100,0,0,1,2,3,2,26,26,14,-1",
    ]);
  });

  test("has a box below the text where there is a background", () => {
    const styled = write(["x"], ",fs-30,bg-FF0000");
    expect(lines(styled, "Style: ").map((line) => line.split(",")[0])).toEqual(["box", "text"]);
    expect(lines(styled, "Dialogue: ")).toHaveLength(2);
  });

  test("is white with a thin edge, and as high as an eighteenth of the video, unless the URL says otherwise", () => {
    expect(styleOf("")).toMatchObject({
      fontSize: 20,
      colour: { red: 255 },
      outline: { size: 1 },
      background: undefined,
    });
  });

  test.each([
    [",fs-361", "fs is 361 pixels here. It may be 360."],
    [",fs-20,fol-21_red", "fol is 21 pixels here. It may be 20."],
    [",fs-20,fsh-red_21", "fsh is 21 pixels here. It may be 20."],
    [",bg-blurred", "bg is a colour for subtitles."],
    [",fs-bw_div_0", "Arithmetic expression gives no usable number: fs-bw_div_0"],
    [",if-w_gt_2,fs-3,if-end", undefined],
  ])("with %s is refused", (parameters, message) => {
    expect(() => styleOf(parameters.replace(",if", ":if"))).toThrow(message);
  });
});
