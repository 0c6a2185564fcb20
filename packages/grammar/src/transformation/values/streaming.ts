import { type Shape, textShape } from "../shape.ts";

/** Rungs of an adaptive stream, named by the height of a landscape picture. */
const rungs = [240, 360, 480, 720, 1080, 1440, 2160] as const;
export type Rung = (typeof rungs)[number];

export const rungsShape: Shape<readonly Rung[]> = textShape<readonly Rung[]>(
  `some of ${rungs.join(", ")}, joined by \`_\``,
  (text) => {
    const written = text.split("_");
    const known = new Set<string>(rungs.map(String));
    if (!written.every((word) => known.has(word))) return undefined;
    return rungs.filter((rung) => written.includes(String(rung)));
  },
  (chosen) => chosen.join("_"),
);
