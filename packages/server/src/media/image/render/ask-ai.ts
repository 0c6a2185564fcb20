import sharp from "sharp";
import { type Frames, frameBytesPerPixel, toFrames } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";
import type { AiRequest } from "../plan/ai-effects.ts";
import { asMediaError } from "./render-error.ts";

/**
 * Asks the server for the picture that a model has made of this one. It is encoded.
 * @throws an error where the model hasn't made the picture yet, which ends the rendering
 */
export type AskAi = (request: AiRequest, picture: Frames) => Promise<Uint8Array>;

/** @param size the size to which the model's picture is brought; undefined leaves it as it is */
export async function decodeAnswer(answer: Uint8Array, size: Size | undefined, work: Work): Promise<Frames> {
  const image = sharp(answer);
  const { width, height } = await image.metadata();
  work.reserve({ width, height }, frameBytesPerPixel);
  const scaled = size === undefined ? image : image.resize({ width: size.width, height: size.height, fit: "fill" });
  return toFrames(work.bound(scaled.toColourspace("srgb")), 1).catch((error: unknown) => {
    throw asMediaError(error);
  });
}
