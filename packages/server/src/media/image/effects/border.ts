import { readColour } from "../pixels/colour.ts";
import { effect, readNumber } from "./effect.ts";

/** `b` adds a border outside the image, so the image grows (docs/protocol/transformations.md §6.1). */
export const border = effect({
  key: "b",
  name: "border",
  msPerMegapixel: 0,
  read: ({ width, color }) => ({ width: readNumber(width, "b"), colour: readColour(color) }),
  plan: ({ width, colour }) =>
    width === 0 ? undefined : { kind: "pad", background: colour, top: width, right: width, bottom: width, left: width },
});
