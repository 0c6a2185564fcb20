import { describe, expect, test } from "vitest";
import { readSubtitles, SubtitlesError, subtitleBounds } from "./read-subtitles.ts";
import type { Cue } from "./write-ass.ts";

const read = (text: string): readonly Cue[] => readSubtitles(Buffer.from(text));
const timed = (text: string, times = "00:00:01,000 --> 00:00:02,000"): string => `${times}\n${text}\n\n`;
const textOf = (cues: readonly Cue[]): string[] =>
  cues.map(({ pieces }) => pieces.filter((piece) => typeof piece === "string").join(""));

describe("subtitles (docs/protocol/transformations.md §7.3)", () => {
  test("in SubRip have numbers, times and lines", () => {
    const text = "1\r\n00:00:01,500 --> 01:02:03,04\r\nOne\r\nTwo\r\n\r\n2\r\n00:00:05.000 --> 00:00:06.000\r\nThree";
    expect(read(text)).toEqual([
      { start: 1.5, end: 3723.04, pieces: ["One\nTwo"] },
      { start: 5, end: 6, pieces: ["Three"] },
    ]);
  });

  test("in WebVTT have a header, notes, styles, settings and entities", () => {
    const text = [
      "WEBVTT - some film\nKind: captions\n",
      "NOTE\n00:00:00.000 --> 00:00:09.000\nnot seen\n",
      "STYLE\n::cue { color: red }\n",
      "intro\n00:01.000 --> 00:02.500 line:0 position:20%\n<v Ann>Fish &amp; <i.loud>chips</i> &lt;b&gt;</v>\n",
    ].join("\n");
    expect(read(text)).toEqual([
      {
        ...{ start: 1, end: 2.5 },
        pieces: ["Fish & ", { style: "i", isOn: true }, "chips", { style: "i", isOn: false }, " <b>"],
      },
    ]);
  });

  test("keep four styles, and lose colours and positions", () => {
    expect(read(timed('{\\an8}<font color="red">a<B>b</B></font>{kept} \\N <u>c</u> < d'))[0]?.pieces).toEqual([
      "a",
      { style: "b", isOn: true },
      "b",
      { style: "b", isOn: false },
      "{kept} \\N ",
      { style: "u", isOn: true },
      "c",
      { style: "u", isOn: false },
      " < d",
    ]);
  });

  test.each([
    ["UTF-8 with a mark", Buffer.from(`\ufeff${timed("שלום 日本")}`)],
    ["UTF-16, little end first", Buffer.from(`\ufeff${timed("שלום 日本")}`, "utf16le")],
    ["UTF-16, big end first", Buffer.from(`\ufeff${timed("שלום 日本")}`, "utf16le").swap16()],
  ])("are read in %s", (_, bytes) => {
    expect(textOf(readSubtitles(bytes))).toEqual(["שלום 日本"]);
  });

  test("lose what has no shape", () => {
    expect(textOf(read(timed("a\u0000b\u001b[31m\u2028c\td")))).toEqual(["ab[31m c d"]);
  });

  test("may have cues that are never seen", () => {
    expect(textOf(read(timed("back", "00:00:02,000 --> 00:00:01,000") + timed("seen")))).toEqual(["seen"]);
  });

  const { bytes, cues, lineCharacters, cueLines, cuesAtOnce } = subtitleBounds;
  const one = timed("x", "00:00:00,000 --> 00:00:00,001");
  test.each([
    ["nothing", "", /no cue/],
    ["no subtitles", "<html></html>", /no cue/],
    ["an error in its times", "\n\n00:00:01 --> soon\nx", /^Line 3 has no times/],
    ["a long line", `\n${timed(`a\n${"x".repeat(lineCharacters + 1)}`)}`, /^Line 4 has more than/],
    ["many lines", timed("x\n".repeat(cueLines + 1)), /^The cue in line 2 has more than/],
    ["many cues at once", timed("x").repeat(cuesAtOnce + 1), /at the same time/],
    ["many cues", Array.from({ length: cues + 1 }, () => one).join(""), /more than \d+ cues/],
    ["many bytes", " ".repeat(bytes + 1), /more than \d+ bytes/],
  ])("with %s are refused", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test("in another encoding are refused", () => {
    expect(() => readSubtitles(Buffer.from(timed("é"), "latin1"))).toThrow(/neither in UTF-8/);
  });

  test.each([
    ["<", "<"],
    ["{", "{\\"],
    ["&", "&a"],
    ["-->", "--> "],
    ["00:", "00:"],
    ["NOTE", "NOTE\n"],
  ])("of %s alone are read in linear time", (_, part) => {
    const text = `WEBVTT\n\n${timed("x")}${part.repeat(Math.floor((bytes - 100) / part.length))}`;
    const began = performance.now();
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SubtitlesError);
    }
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
