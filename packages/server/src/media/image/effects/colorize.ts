import { readColour } from "../pixels/colour.ts";
import { effect } from "./effect.ts";

/** `e-colorize` mixes a colour into every pixel and leaves its opacity as it is. */
export const colorize = effect({
  key: "e-colorize",
  name: "colorize",
  msPerMegapixel: 80,
  read: ({ color, intensity }) => {
    const { alpha, ...colour } = readColour(color);
    return { colour, share: (alpha * intensity) / 100 };
  },
  plan: ({ colour: { r, g, b }, share }) => {
    if (share === 0) return undefined;
    const rest = 1 - share;
    // Numbers are cut off, and not rounded, when they become pixels again.
    const added = [r, g, b].map((value) => value * share + 0.5);
    return { kind: "effect", wholeAtOnce: true, apply: (image) => image.linear([rest, rest, rest], added) };
  },
});
