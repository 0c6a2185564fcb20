import { runLoop } from "../loops/run-loop.ts";
import { type Colour, readColour } from "../pixels/colour.ts";
import { effect } from "./effect.ts";

export interface ColourReplacement {
  readonly to: Colour;
  /** The distance of colours in Lab, 0 to 100. */
  readonly tolerance: number;
  /** Undefined stands for the colour that most pixels have. */
  readonly from: Colour | undefined;
}

/** `cr` gives the pixels near one colour another one. Their lightness stays, and so shades and lights stay. */
export const colourReplacement = effect({
  key: "cr",
  name: "colourReplacement",
  msPerMegapixel: 95,
  read: ({ to, tolerance, from }): ColourReplacement => ({
    to: readColour(to),
    tolerance,
    from: from && readColour(from),
  }),
  plan: ({ to, tolerance, from }) => ({
    kind: "effect",
    addsAlpha: to.alpha < 1,
    wholeAtOnce: true,
    copiesInput: true,
    apply: async (_, frame, work, { frameImage }) => {
      const replacement = { to: rgb(to), opacity: to.alpha, tolerance, from: from && rgb(from) };
      return frameImage(await runLoop(frame, { kind: "replace-colour", ...replacement }, work));
    },
  }),
});

function rgb({ r, g, b }: Colour): [number, number, number] {
  return [r, g, b];
}
