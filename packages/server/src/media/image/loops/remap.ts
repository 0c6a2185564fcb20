import type { Point } from "@sluice/grammar";
import { type Size, wholePixels } from "../pixels/geometry.ts";
import type { Raster } from "./raster.ts";

/**
 * Finds the place in the source that shows at a place of the result. Both are counted from the left top corner, so the
 * middle of the first pixel is at 0.5. It writes x and y to `place`, in a loop over all pixels.
 */
type Mapping = (x: number, y: number, place: Float64Array) => void;

/**
 * Draws a picture in another shape. What lies outside of the source is transparent, and its edges are smooth. Each frame
 * is drawn alike.
 */
function remap(source: Raster, width: number, height: number, at: Mapping): Raster {
  const { count } = source;
  const data = new Uint8Array(width * height * 4 * count);
  const place = new Float64Array(2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      at(x + 0.5, y + 0.5, place);
      // Counted between the middles of pixels.
      const left = (place[0] ?? 0) - 0.5;
      const top = (place[1] ?? 0) - 0.5;
      const isOutside = !(left > -1 && top > -1 && left < source.width && top < source.height);
      if (isOutside) continue;
      for (let frame = 0; frame < count; frame += 1) {
        sample(source, frame, left, top, data, ((frame * height + y) * width + x) * 4);
      }
    }
  }
  return { data, width, height, channels: 4, count };
}

/** Mixes the four pixels around a place. A transparent pixel lends no colour. */
function sample(source: Raster, frame: number, left: number, top: number, data: Uint8Array, out: number): void {
  const { width, height, channels } = source;
  const x = Math.floor(left);
  const y = Math.floor(top);
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let down = Math.max(y, 0); down <= y + 1 && down < height; down += 1) {
    const shareDown = 1 - Math.abs(top - down);
    for (let across = Math.max(x, 0); across <= x + 1 && across < width; across += 1) {
      const at = ((frame * height + down) * width + across) * channels;
      const opacity = channels === 4 ? (source.data[at + 3] ?? 0) : 255;
      const weight = shareDown * (1 - Math.abs(left - across)) * opacity;
      red += weight * (source.data[at] ?? 0);
      green += weight * (source.data[at + 1] ?? 0);
      blue += weight * (source.data[at + 2] ?? 0);
      alpha += weight;
    }
  }
  if (alpha === 0) return;
  data[out] = Math.round(red / alpha);
  data[out + 1] = Math.round(green / alpha);
  data[out + 2] = Math.round(blue / alpha);
  data[out + 3] = Math.round(alpha);
}

export interface Arc {
  readonly kind: "arc";
  /** The angle by which the picture is bent, -360 to 360 and not 0. Its middle goes up when it is positive. */
  readonly degrees: number;
}

interface Ring {
  /** The radius of the circle on which the middle line of the picture lies. */
  readonly radius: number;
  /** The angle of one half of the picture, more than 0. */
  readonly half: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The ring on which a picture lies that is bent, and the size of the box around it. The picture's middle line keeps its
 * length unless the inner edge would have none.
 */
export function ringOf(size: Size, degrees: number): Ring {
  const half = (Math.abs(degrees) / 360) * Math.PI;
  const radius = Math.max(size.width / (2 * half), size.height / 2);
  const [outer, inner] = [radius + size.height / 2, radius - size.height / 2];
  const width = 2 * outer * Math.sin(Math.min(half, Math.PI / 2));
  const lowest = Math.min(inner * Math.cos(half), outer * Math.cos(half));
  return { radius, half, width: wholePixels(width), height: wholePixels(outer - lowest) };
}

/** Bends a picture around a circle. */
export function arc(raster: Raster, { degrees }: Arc): Raster {
  const { radius, half, width, height } = ringOf(raster, degrees);
  const outer = radius + raster.height / 2;
  const up = degrees > 0;
  return remap(raster, width, height, (x, y, place) => {
    const across = x - width / 2;
    const down = (up ? y : height - y) - outer;
    const distance = outer - Math.hypot(across, down);
    place[0] = raster.width * (0.5 + Math.atan2(across, -down) / (2 * half));
    place[1] = up ? distance : raster.height - distance;
  });
}

/** Moves the pixels of a picture by the colours of a map that lies on it. */
export interface Displacement {
  readonly kind: "displace";
  readonly map: Omit<Raster, "count">;
  /** The place of the map's left top corner on the picture. */
  readonly left: number;
  readonly top: number;
  /** The shift in pixels where the map is full of red or green. Without red or green it is the opposite. */
  readonly x: number;
  readonly y: number;
}

/** The value of a channel that shifts nothing, and the distance from there to the full shift. */
const middle = 128;
const reach = 127;

/**
 * Shows at each place the pixel that lies further right by the map's red, and further down by its green
 * (docs/protocol/transformations.md §6.2). Where the map is transparent it shifts less. The edges of the picture go on
 * beyond it.
 */
export function displace(raster: Raster, { map, left, top, x: byRed, y: byGreen }: Displacement): Raster {
  const { width, height } = raster;
  return remap(raster, width, height, (x, y, place) => {
    const across = Math.floor(x) - left;
    const down = Math.floor(y) - top;
    const isOnMap = across >= 0 && down >= 0 && across < map.width && down < map.height;
    const at = (down * map.width + across) * map.channels;
    const strength = isOnMap ? (map.channels === 4 ? (map.data[at + 3] ?? 0) : 255) / 255 / reach : 0;
    const toRight = strength === 0 ? 0 : ((map.data[at] ?? 0) - middle) * strength * byRed;
    const downwards = strength === 0 ? 0 : ((map.data[at + 1] ?? 0) - middle) * strength * byGreen;
    place[0] = Math.min(Math.max(x + toRight, 0.5), width - 0.5);
    place[1] = Math.min(Math.max(y + downwards, 0.5), height - 0.5);
  });
}

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
