import { type DrawingDeps, drawingRendition } from "./drawings/drawing-rendition.ts";
import { type PictureDeps, pictureRendition } from "./pictures/picture-rendition.ts";
import type { Asked, Maker, Rendition } from "./rendition.ts";
import { type SpriteDeps, spriteRendition } from "./sprites/sprite-rendition.ts";
import { type VideoDeps, videoRendition } from "./videos/video-rendition.ts";

export type MakersDeps = PictureDeps & DrawingDeps & SpriteDeps & VideoDeps;

/** The makers, in the order in which they are asked. */
const makers: readonly Maker<MakersDeps>[] = [pictureRendition, drawingRendition, spriteRendition, videoRendition];

/**
 * Finds what a URL asks to be made from a version.
 * @returns undefined where the stored bytes are asked for
 * @throws DeliveryRefusal
 */
export function renditionOf(deps: MakersDeps, asked: Asked): Rendition | undefined {
  for (const maker of makers) {
    const rendition = maker(deps, asked);
    if (rendition !== undefined) return rendition;
  }
  return undefined;
}
