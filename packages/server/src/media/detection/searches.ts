import type { InTurn, RgbPicture } from "@sluice/auto-tagging";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import type { Detection, FoundThing } from "../image/plan/found-things.ts";
import type { ImageTransformation } from "../image/plan/plan.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import type { Detector } from "./detector.ts";

/** A search that is made of a picture: the small picture that it takes, and what a model finds in that. */
export interface Search {
  readonly transformation: ImageTransformation;
  readonly find: (
    detector: Detector,
    picture: Uint8Array,
    signal: AbortSignal,
    inTurn: InTurn,
  ) => Promise<readonly FoundThing[]>;
}

/**
 * Raise this number when other things are found in the same picture. What was found before then counts no more, and
 * pictures that were cropped by it are made anew.
 */
export const detectionRevision = 1;

/** The picture in which objects are found: all of it, whatever its shape. */
export const objectsPicture = small("w-512,h-512,c-force");

export const searches: Readonly<Record<Detection, Search>> = {
  faces: {
    transformation: small("w-640,h-640,c-at_max"),
    async find(detector, picture, signal, inTurn) {
      const faces = await detector.faces(await rgbOf(picture), signal, inTurn);
      return faces.map((face) => thing("face", face));
    },
  },
  objects: {
    transformation: objectsPicture,
    async find(detector, picture, signal, inTurn) {
      const { data } = await rgbOf(picture);
      const objects = await detector.objects(data, signal, inTurn);
      return objects.map((object) => thing(urlName(object.name), object));
    },
  },
};

/** Decodes a small picture to what models take: three bytes for each pixel, with white under what is transparent. */
export async function rgbOf(picture: Uint8Array): Promise<RgbPicture> {
  const image = sharp(picture).flatten({ background: "white" }).toColourspace("srgb");
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A small picture without loss. Of an animation it is the first frame. */
function small(size: string): ImageTransformation {
  return { ...readTransformation(parseTransformation(`${size},f-png,lo-true`)), still: true };
}

/** The name that URLs have for a kind of object: `Traffic light` is `trafficLight`. */
export function urlName(label: string): string {
  const [first = "", ...others] = label.toLowerCase().split(" ");
  return [first, ...others.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))].join("");
}

function thing(name: string, { left, top, width, height }: Omit<FoundThing, "name">): FoundThing {
  return { name, left: rounded(left), top: rounded(top), width: rounded(width), height: rounded(height) };
}

/** A pixel of a side of 50,000 is 0.00002 of it. */
function rounded(fraction: number): number {
  return Math.round(fraction * 100_000) / 100_000;
}
