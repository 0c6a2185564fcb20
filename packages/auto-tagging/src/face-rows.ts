import type { FaceWindow } from "./face-windows.ts";
import { type FoundFace, placeOf } from "./found.ts";

/** The side of the face model's input picture, in pixels. */
export const faceInputSide = 256;

/**
 * The lowest confidence of a face. On photographs the model gives faces that look at the camera 0.5 to 0.95, and what
 * it finds below 0.5 is as often something else.
 */
const minConfidence = 0.5;

/** The most faces of a picture. */
const maxFaces = 100;

/**
 * The model says for points of two grids whether a face is near: two rows for each point of the finer grid, six for
 * each of the coarser one.
 */
const grids = [
  { step: 16, rows: 2 },
  { step: 32, rows: 6 },
] as const;

/** The points of the model's rows, in pixels of its input picture. */
const points: readonly (readonly [x: number, y: number])[] = grids.flatMap(({ step, rows }) => {
  const places = Array.from({ length: faceInputSide / step }, (_, at) => step * (at + 0.5));
  return places.flatMap((y) => places.flatMap((x) => Array.from({ length: rows }, () => [x, y] as const)));
});

/**
 * Converts the model's rows for one window into faces.
 * @param scores one number for each row, before the logistic function
 * @param boxes for each row the centre, as a distance from the row's point, and the size
 */
export function facesOfRows(
  scores: readonly number[],
  boxes: readonly (readonly number[])[],
  window: FaceWindow,
): FoundFace[] {
  if (scores.length !== points.length || boxes.length !== points.length)
    throw new RangeError("not the rows of a window");
  return points.flatMap(([x, y], row) => {
    const confidence = 1 / (1 + Math.exp(-(scores[row] ?? Number.NEGATIVE_INFINITY)));
    if (!(confidence >= minConfidence)) return [];
    const [dx = Number.NaN, dy = Number.NaN, width = Number.NaN, height = Number.NaN] = boxes[row] ?? [];
    const across = (at: number) => window.left + (at / faceInputSide) * window.width;
    const down = (at: number) => window.top + (at / faceInputSide) * window.height;
    const [left, top] = [x + dx - width / 2, y + dy - height / 2];
    const corners = [across(left), down(top), across(left + width), down(top + height)] as const;
    const place = isCut(corners, window) ? undefined : placeOf(corners);
    return place === undefined ? [] : [{ confidence, ...place }];
  });
}

/** Whether a box reaches an edge of the window behind which the picture goes on. Another window shows it whole. */
function isCut([x1, y1, x2, y2]: readonly [number, number, number, number], window: FaceWindow): boolean {
  const cutAlong = (start: number, end: number, from: number, size: number) => {
    const margin = cutMargin * size;
    return (from > 0 && start < from + margin) || (from + size < 1 && end > from + size - margin);
  };
  return cutAlong(x1, x2, window.left, window.width) || cutAlong(y1, y2, window.top, window.height);
}

/** The model's boxes end near the edge that cuts a face. */
const cutMargin = 0.02;

/**
 * Leaves each face once, of several rows and windows that found it. The most confident faces come first. A box that is
 * much larger than the most confident one counts instead, since a small window may show a part of a face.
 */
export function distinctFaces(found: readonly FoundFace[]): FoundFace[] {
  const distinct: FoundFace[] = [];
  for (const face of found.toSorted((one, other) => other.confidence - one.confidence)) {
    const same = distinct.findIndex((other) => overlap(face, other) > sameFace);
    const known = distinct[same];
    if (known === undefined) distinct.push(face);
    else if (areaOf(face) > wholeFace * areaOf(known)) distinct[same] = { ...face, confidence: known.confidence };
  }
  return distinct.slice(0, maxFaces);
}

function areaOf({ width, height }: FoundFace): number {
  return width * height;
}

/** Boxes of the same whole face differ less than this in their areas. */
const wholeFace = 1.8;

/** Two boxes show one face when they share this much of the smaller box. */
const sameFace = 0.5;

function overlap(one: FoundFace, other: FoundFace): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(areaOf(one), areaOf(other));
}
