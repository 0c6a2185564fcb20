import type { Point } from "@sluice/grammar";
import type { Raster } from "./raster.ts";
import { remap } from "./remap.ts";

export interface Perspective {
  readonly kind: "perspective";
  /** The places of the corners, clockwise from the top left. They make a convex shape. */
  readonly corners: readonly [Point, Point, Point, Point];
}

/** Moves the corners of a picture, and everything between them as if the picture were tilted. */
export function perspective(raster: Raster, { corners }: Perspective): Raster {
  const { width, height } = raster;
  const [a, b, c, d, e, f, g, h, i] = inverse(fromUnitSquare(corners));
  return remap(raster, width, height, (x, y, place) => {
    const depth = g * x + h * y + i;
    place[0] = (width * (a * x + b * y + c)) / depth;
    place[1] = (height * (d * x + e * y + f)) / depth;
  });
}

/** A projection as a matrix of three rows and three columns, row by row. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The projection that maps the corners of the unit square to the points (Heckbert, 1989). */
function fromUnitSquare([p, q, r, s]: Perspective["corners"]): Matrix {
  const [dx1, dx2, dx3] = [q.x - r.x, s.x - r.x, p.x - q.x + r.x - s.x];
  const [dy1, dy2, dy3] = [q.y - r.y, s.y - r.y, p.y - q.y + r.y - s.y];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / area;
  const h = (dx1 * dy3 - dx3 * dy1) / area;
  return [q.x - p.x + g * q.x, s.x - p.x + h * s.x, p.x, q.y - p.y + g * q.y, s.y - p.y + h * s.y, p.y, g, h, 1];
}

/** The inverse but for a factor, which makes no difference to a projection. */
function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    ...([e * i - f * h, c * h - b * i, b * f - c * e] as const),
    ...([f * g - d * i, a * i - c * g, c * d - a * f] as const),
    ...([d * h - e * g, b * g - a * h, a * e - b * d] as const),
  ];
}
