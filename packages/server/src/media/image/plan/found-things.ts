import { intersection, type Region, type Size } from "../pixels/geometry.ts";
import { type Operation, sizeAfter } from "../pixels/operations.ts";

/** The kinds of things that a picture is searched for. Each kind takes a model of its own. */
export const detections = ["faces", "objects"] as const;
export type Detection = (typeof detections)[number];

/** A thing that a model has found in a picture. Its place is in fractions of the upright picture. */
export interface FoundThing extends Region {
  /** For an object the name that a URL has for its kind: `trafficLight`. */
  readonly name: string;
}

/** The things that were found in a picture. A kind that nobody looked for is missing. */
export type FoundThings = Readonly<Partial<Record<Detection, readonly FoundThing[]>>>;

/** The same things with places in pixels of a picture, which needn't be whole pixels. */
export type PlacedThings = FoundThings;

/**
 * Places things in a picture of a size.
 * @param orientation the EXIF orientation that is not applied to the picture; 1 for an upright one
 */
export function placedIn(found: FoundThings | undefined, size: Size, orientation: number): PlacedThings | undefined {
  return mapThings(found, (thing) => wholeRegion(asStored(thing, orientation), size));
}

/**
 * Follows things through operations of which it is known where they move pixels.
 * @returns undefined where nothing is known of their places any more
 */
export function followed(
  placed: PlacedThings | undefined,
  size: Size,
  operations: readonly Operation[],
): PlacedThings | undefined {
  let at = size;
  let things = placed;
  for (const operation of operations) {
    const move = moveOf(operation, at);
    at = sizeAfter(at, operation);
    const bounds = at;
    things = move && mapThings(things, (region) => intersection(bounds, move(region)));
  }
  return things;
}

/** The smallest region around all of these things. @returns undefined where there are none */
export function around(things: readonly Region[]): Region | undefined {
  if (things.length === 0) return undefined;
  const left = Math.min(...things.map((thing) => thing.left));
  const top = Math.min(...things.map((thing) => thing.top));
  const width = Math.max(...things.map((thing) => thing.left + thing.width)) - left;
  const height = Math.max(...things.map((thing) => thing.top + thing.height)) - top;
  return { left, top, width, height };
}

function mapThings(
  things: FoundThings | undefined,
  place: (thing: Region) => Region | undefined,
): FoundThings | undefined {
  if (things === undefined) return undefined;
  const kinds = Object.entries(things).map(([kind, found]) => [
    kind,
    found.flatMap((thing) => {
      const { left, top, width, height } = thing;
      const placed = place({ left, top, width, height });
      return placed === undefined ? [] : [{ ...placed, name: thing.name }];
    }),
  ]);
  return Object.fromEntries(kinds);
}

function moveOf(operation: Operation, { width, height }: Size): ((region: Region) => Region) | undefined {
  switch (operation.kind) {
    case "extract":
      return (region) => shifted(region, -operation.left, -operation.top);
    case "scale":
      return (region) => stretched(region, { width: operation.width / width, height: operation.height / height });
    case "pad":
    case "pad-blurred":
    case "pad-dominant":
      return (region) => shifted(region, operation.left, operation.top);
    case "flatten":
      return (region) => region;
    case "extract-salient":
      return undefined;
    case "effect":
      return operation.movesPixels || operation.size !== undefined ? undefined : (region) => region;
  }
}

function shifted(region: Region, across: number, down: number): Region {
  return { ...region, left: region.left + across, top: region.top + down };
}

function stretched({ left, top, width, height }: Region, by: Size): Region {
  return { left: left * by.width, top: top * by.height, width: width * by.width, height: height * by.height };
}

function wholeRegion(thing: Region, size: Size): Region | undefined {
  const { left, top, width, height } = stretched(thing, size);
  const start = { left: Math.floor(left), top: Math.floor(top) };
  const end = { right: Math.ceil(left + width), bottom: Math.ceil(top + height) };
  return intersection(size, { ...start, width: end.right - start.left, height: end.bottom - start.top });
}

type Point = readonly [x: number, y: number];

/** The point of the stored picture, in fractions, that each EXIF orientation shows at a point of the upright picture. */
const storedPoints: Readonly<Record<number, (x: number, y: number) => Point>> = {
  2: (x, y) => [1 - x, y],
  3: (x, y) => [1 - x, 1 - y],
  4: (x, y) => [x, 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [y, 1 - x],
  7: (x, y) => [1 - y, 1 - x],
  8: (x, y) => [1 - y, x],
};

function asStored({ left, top, width, height }: Region, orientation: number): Region {
  const stored = storedPoints[orientation] ?? ((x, y) => [x, y]);
  const [x1, y1] = stored(left, top);
  const [x2, y2] = stored(left + width, top + height);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x1 - x2), height: Math.abs(y1 - y2) };
}
