import { parseTransformation } from "@sluice/grammar";
import type { Detection } from "../image/plan/found-things.ts";
import { readTransformation, type WrittenTransformation } from "../image/plan/read-transformation.ts";

/**
 * Raise this number when other things are found in the same picture. What was found before then counts no more, and
 * pictures that were cropped by it are made anew.
 */
export const detectionRevision = 1;

/** The small pictures that models search. Objects are found in all of a picture, whatever its shape. */
export const searchedPictures: Readonly<Record<Detection, WrittenTransformation>> = {
  faces: small("w-640,h-640,c-at_max"),
  objects: small("w-512,h-512,c-force"),
};

/** A small picture without loss. Of an animation it is the first frame. */
function small(size: string): WrittenTransformation {
  return { ...readTransformation(parseTransformation(`${size},f-png,lo-true`)), still: true };
}
