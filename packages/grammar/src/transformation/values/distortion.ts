import { type Shape, textShape } from "../shape.ts";
import { clamp, parseSigned, printNumber } from "./number.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Distortion =
  /** The corners move to these points: top left, top right, bottom right, bottom left. */
  | { readonly kind: "perspective"; readonly corners: readonly [Point, Point, Point, Point] }
  /** The picture is bent by this many degrees, upwards when positive. Never 0. */
  | { readonly kind: "arc"; readonly degrees: number };

const pixels = { min: -65_535, max: 65_535 };
const angles = { min: -360, max: 360 };

export const distortionShape: Shape<Distortion> = textShape<Distortion>(
  "`p-<x1>_<y1>_<x2>_<y2>_<x3>_<y3>_<x4>_<y4>`, corners clockwise from the top left; `a-<degrees>`, N360 to 360",
  (text) => {
    const [, kind, written = ""] = /^([ap])-(.+)$/s.exec(text) ?? [];
    if (kind === "a") return parseArc(written);
    return kind === "p" ? parsePerspective(written) : undefined;
  },
  (distortion) =>
    distortion.kind === "arc"
      ? `a-${printNumber(distortion.degrees)}`
      : `p-${distortion.corners.flatMap(({ x, y }) => [printNumber(x), printNumber(y)]).join("_")}`,
);

function parseArc(text: string): Distortion | undefined {
  const written = parseSigned(text);
  const degrees = written === undefined ? 0 : clamp(written, { ...angles, digits: 2 });
  return degrees === 0 ? undefined : { kind: "arc", degrees };
}

function parsePerspective(text: string): Distortion | undefined {
  const numbers = text.split("_").map(parseSigned);
  const [x1, y1, x2, y2, x3, y3, x4, y4, ...rest] = numbers.map((number) =>
    number === undefined ? undefined : clamp(number, pixels),
  );
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
  if (x3 === undefined || y3 === undefined || x4 === undefined || y4 === undefined || rest.length > 0) return undefined;
  // Corners that change places would turn the picture inside out (docs/protocol/transformations.md §6.3).
  if (x1 >= x2 || x4 >= x3 || y1 >= y4 || y2 >= y3) return undefined;
  const corners = [
    { x: x1, y: y1 },
    { x: x2, y: y2 },
    { x: x3, y: y3 },
    { x: x4, y: y4 },
  ] as const;
  return isConvex(corners) ? { kind: "perspective", corners } : undefined;
}

/** Whether the shape has a corner at each point that looks outwards. No tilted picture has another shape. */
function isConvex(corners: readonly Point[]): boolean {
  return corners.every((corner, index) => {
    const before = corners.at(index - 1) ?? corner;
    const after = corners[(index + 1) % corners.length] ?? corner;
    return (corner.x - before.x) * (after.y - corner.y) > (corner.y - before.y) * (after.x - corner.x);
  });
}
