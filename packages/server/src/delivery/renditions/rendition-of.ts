import { type DrawingNeeds, drawingRendition } from "./drawings/drawing-rendition.ts";
import { type PictureNeeds, pictureRendition } from "./pictures/picture-rendition.ts";
import type { Asked, Maker, Rendition } from "./rendition.ts";
import { type SpriteNeeds, spriteRendition } from "./sprites/sprite-rendition.ts";
import { type VideoNeeds, videoRendition } from "./videos/video-rendition.ts";

export type MakersNeeds = PictureNeeds & DrawingNeeds & SpriteNeeds & VideoNeeds;

/** The makers, in the order in which they are asked. */
const makers: readonly Maker<MakersNeeds>[] = [pictureRendition, drawingRendition, spriteRendition, videoRendition];

/**
 * Finds what a URL asks to be made from a version.
 * @returns undefined where the stored bytes are asked for
 * @throws DeliveryRefusal
 */
export function renditionOf(needs: MakersNeeds, asked: Asked): Rendition | undefined {
  for (const maker of makers) {
    const rendition = maker(needs, asked);
    if (rendition !== undefined) return rendition;
  }
  return undefined;
}
