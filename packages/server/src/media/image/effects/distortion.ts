import type { ParameterValues } from "@sluice/grammar";
import { ringOf } from "../loops/remap.ts";
import { runLoop } from "../loops/run-loop.ts";
import { effect } from "./effect.ts";

/**
 * `e-distort` moves the corners of the picture, or bends the picture. Moved corners leave its size as it is; what lies
 * outside is cut off. A bent picture gets the size of the box around it. Pixels without content are transparent.
 */
export const distortion = effect({
  key: "e-distort",
  name: "distortion",
  msPerMegapixel: 200,
  read: (asked: ParameterValues["e-distort"]) => asked,
  plan: (asked, { size }) => {
    const bent = asked.kind === "arc" ? ringOf(size, asked.degrees) : size;
    return {
      kind: "effect",
      size: { width: bent.width, height: bent.height },
      addsAlpha: true,
      wholeAtOnce: true,
      copiesInput: true,
      apply: async (_, frame, work, { frameImage }) => frameImage(await runLoop(frame, asked, work)),
    };
  },
});
