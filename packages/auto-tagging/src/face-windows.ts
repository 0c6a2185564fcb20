import type { FoundPlace } from "./found.ts";

/** A square part of a picture, in fractions of its sides. A square around a whole picture reaches beyond it. */
export type FaceWindow = FoundPlace;

/** From this ratio of its sides on, a picture is also looked at in squares of its shorter side. */
const elongated = 1.25;

/** The small squares have this share of the shorter side. They show the faces of groups. */
const smallShare = 0.6;
const maxInRow = 8;

interface Sides {
  readonly width: number;
  readonly height: number;
}

/**
 * The squares in which faces are looked for. The face model takes small squares, and it doesn't find faces that are
 * squeezed or small. So a picture is seen as a whole, with bars beside it, and in smaller squares that overlap.
 */
export function faceWindows(picture: Sides): FaceWindow[] {
  const { width, height } = picture;
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const whole = squareAt(picture, long, { left: (width - long) / 2, top: (height - long) / 2 });
  return [
    whole,
    ...(long / short < elongated ? [] : grid(picture, short)),
    ...grid(picture, Math.max(1, smallShare * short)),
  ];
}

/** Squares that cover the picture, each overlapping the next one by a third or more, as far as there are not too many. */
function grid(picture: Sides, side: number): FaceWindow[] {
  const lefts = offsets(picture.width, side);
  return offsets(picture.height, side).flatMap((top) => lefts.map((left) => squareAt(picture, side, { left, top })));
}

function offsets(length: number, side: number): number[] {
  const count = Math.min(maxInRow, Math.ceil((1.5 * length) / side - 0.5));
  if (count <= 1) return [(length - side) / 2];
  return Array.from({ length: count }, (_, index) => ((length - side) * index) / (count - 1));
}

function squareAt(
  { width, height }: Sides,
  side: number,
  { left, top }: { readonly left: number; readonly top: number },
): FaceWindow {
  return { left: left / width, top: top / height, width: side / width, height: side / height };
}
