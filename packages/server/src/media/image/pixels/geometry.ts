/** Whole pixels, both at least 1. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of an image, from its top left corner. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** Where something is kept: 0 at the left or top edge, 1 at the right or bottom one. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
}

/** To the nearest pixel, and never to none (docs/protocol/transformations.md §2.3). */
export function wholePixels(length: number): number {
  return Math.max(1, Math.round(length));
}

export function scaled({ width, height }: Size, factor: number): Size {
  return { width: wholePixels(width * factor), height: wholePixels(height * factor) };
}

/** The factor that makes an image fill a box, and the one that fits it in. */
export function coverFactor(image: Size, box: Size): number {
  return Math.max(box.width / image.width, box.height / image.height);
}
export function insideFactor(image: Size, box: Size): number {
  return Math.min(box.width / image.width, box.height / image.height);
}

/** The largest part of an image with a ratio of width to height. */
export function largestWithRatio({ width, height }: Size, ratio: number): Size {
  return width > height * ratio
    ? { width: Math.min(width, wholePixels(height * ratio)), height }
    : { width, height: Math.min(height, wholePixels(width / ratio)) };
}

/** Where a part of an image begins that is kept at an anchor: an odd pixel is cut at the beginning, as sharp does. */
export function keptAt(image: Size, part: Size, anchor: Anchor): Region {
  return {
    left: Math.ceil((image.width - part.width) * anchor.x),
    top: Math.ceil((image.height - part.height) * anchor.y),
    width: part.width,
    height: part.height,
  };
}

/** A part around a point, moved inside the image where it would stick out. */
export function keptAround(image: Size, part: Size, point: { readonly x: number; readonly y: number }): Region {
  return {
    left: within(Math.round(point.x - part.width / 2), image.width - part.width),
    top: within(Math.round(point.y - part.height / 2), image.height - part.height),
    width: part.width,
    height: part.height,
  };
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

export function smallerOf(one: Size, other: Size): Size {
  return { width: Math.min(one.width, other.width), height: Math.min(one.height, other.height) };
}

export function sameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

/** What two regions share; undefined when they don't touch. */
export function intersection(image: Size, region: Region): Region | undefined {
  const left = Math.max(region.left, 0);
  const top = Math.max(region.top, 0);
  const width = Math.min(region.left + region.width, image.width) - left;
  const height = Math.min(region.top + region.height, image.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}
