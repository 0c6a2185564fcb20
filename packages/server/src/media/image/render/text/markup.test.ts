import { expect, test } from "vitest";
import { black } from "../../pixels/colour.ts";
import { markupOf } from "./markup.ts";

const plain = { text: "Hi", colour: black, struckThrough: false, lineHeight: undefined };

test("a text has its colour", () => {
  expect(markupOf(plain)).toBe('<span foreground="#000000">Hi</span>');
  const colour = { r: 255, g: 8, b: 0, alpha: 0.5 };
  expect(markupOf({ ...plain, colour })).toBe('<span foreground="#ff0800" alpha="32768">Hi</span>');
  expect(markupOf({ ...plain, colour: { ...colour, alpha: 0 } })).toContain('alpha="1"');
});

test("markup in a text is text", () => {
  expect(markupOf({ ...plain, text: '<b>&amp;"</b>' })).toContain('>&lt;b&gt;&amp;amp;"&lt;/b&gt;<');
});

test("lines are struck through, and apart by pixels, however few", () => {
  expect(markupOf({ ...plain, struckThrough: true })).toContain('strikethrough="true"');
  expect(markupOf({ ...plain, lineHeight: 60 })).toContain('line_height="61440"');
  expect(markupOf({ ...plain, lineHeight: 1 })).toContain('line_height="1025"');
});
