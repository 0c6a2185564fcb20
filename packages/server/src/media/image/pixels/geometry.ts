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

/** An anchor says where a part of an image is kept: 0 is the left or top edge, 1 the right or bottom edge. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
}

/** Rounds to the nearest pixel, and never to zero pixels (docs/protocol/transformations.md §2.3). */
export function wholePixels(length: number): number {
  return Math.max(1, Math.round(length));
}

export function scaled({ width, height }: Size, factor: number): Size {
  return { width: wholePixels(width * factor), height: wholePixels(height * factor) };
}

/** `coverFactor` scales an image so that it fills a box, `insideFactor` so that it fits into the box. */
export function coverFactor(image: Size, box: Size): number {
  return Math.max(box.width / image.width, box.height / image.height);
}
export function insideFactor(image: Size, box: Size): number {
  return Math.min(box.width / image.width, box.height / image.height);
}

/** The largest part of an image that has a given ratio of width to height. */
export function largestWithRatio({ width, height }: Size, ratio: number): Size {
  return width > height * ratio
    ? { width: Math.min(width, wholePixels(height * ratio)), height }
    : { width, height: Math.min(height, wholePixels(width / ratio)) };
}

/** Places a part of an image at an anchor. An odd pixel is cut off at the left or top, as sharp does. */
export function keptAt(image: Size, part: Size, anchor: Anchor): Region {
  return {
    left: Math.ceil((image.width - part.width) * anchor.x),
    top: Math.ceil((image.height - part.height) * anchor.y),
    width: part.width,
    height: part.height,
  };
}

/** Places a part of an image around a point, and moves it inside the image where it would stick out. */
export function keptAround(image: Size, part: Size, point: { readonly x: number; readonly y: number }): Region {
  return {
    left: within(Math.round(point.x - part.width / 2), 0, image.width - part.width),
    top: within(Math.round(point.y - part.height / 2), 0, image.height - part.height),
    width: part.width,
    height: part.height,
  };
}

export function within(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

export function smallerOf(one: Size, other: Size): Size {
  return { width: Math.min(one.width, other.width), height: Math.min(one.height, other.height) };
}

export function sameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

/** The part of a region that lies inside the image; undefined when none of it does. */
export function intersection(image: Size, region: Region): Region | undefined {
  const left = Math.max(region.left, 0);
  const top = Math.max(region.top, 0);
  const width = Math.min(region.left + region.width, image.width) - left;
  const height = Math.min(region.top + region.height, image.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}
