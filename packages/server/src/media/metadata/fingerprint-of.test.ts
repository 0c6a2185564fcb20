import { expect, test } from "vitest";
import { dominantColor } from "./fingerprint-of.ts";

const pixels = (...colors: readonly (readonly number[])[]) => Uint8Array.from(colors.flat());

test.each([
  ["the colour of most pixels", pixels([250, 0, 0, 255], [0, 0, 200, 255], [254, 2, 0, 255]), "#fc0100"],
  ["nothing for what can't be seen", pixels([250, 0, 0, 0], [1, 2, 3, 127]), undefined],
  ["the colour of the pixels that can be seen", pixels([250, 0, 0, 0], [250, 0, 0, 0], [1, 2, 3, 255]), "#010203"],
  ["nothing for no pixels", pixels(), undefined],
])("%s", (_what, picture, color) => {
  expect(dominantColor(picture)).toBe(color);
});
