import { expect, test } from "vitest";
import { contentOf, kindOfLayer, pathIn, withPath, withText } from "./layer-content.ts";
import { type Layer, stepsIn, textOf } from "./steps.ts";

test.each(["Hello", "Two words", "Zürich, 20 %: a/b", "“quoted” 👋", ""])(
  "the text %j is read as it was written",
  (text) => {
    const written = textOf(withText(stepsIn("fs-60:rt-90"), text));
    expect(written).not.toMatch(/\s/);
    expect(contentOf(stepsIn(written))).toBe(text);
    expect(written.endsWith("fs-60:rt-90")).toBe(true);
  },
);

test.each(["/logo.png", "/brand assets/2026/logo.png", "/größe/büro.png"])(
  "the path %j is read as it was written",
  (path) => {
    const written = textOf(withPath(stepsIn("i-old.png,w-50"), path));
    expect(written).not.toMatch(/[\s/]/);
    expect(pathIn(stepsIn(written))).toBe(path);
    expect(written.endsWith(",w-50")).toBe(true);
  },
);

test("the kind of a layer follows from its type and its content", () => {
  const kind = (text: string) => kindOfLayer(stepsIn(text)[0]?.[0] as Layer);
  expect(kind("l-image,i-a.png,l-end")).toBe("image");
  expect(kind("l-image,i-ik_canvas,bg-red,l-end")).toBe("canvas");
  expect(kind("l-text,i-a,l-end")).toBe("text");
  expect(kind("l-video,i-a.mp4,l-end")).toBe("other");
});
