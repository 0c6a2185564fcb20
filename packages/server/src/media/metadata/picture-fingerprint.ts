import { randomUUID } from "node:crypto";
import { parseTransformation } from "@sluice/grammar";
import type { Party } from "../../concurrency/fair-line.ts";
import type { ImageEngine } from "../image/image-engine.ts";
import type { ImageSource } from "../image/image-source.ts";
import { ownContext } from "../image/plan/own-context.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import { fingerprintSide, type PictureFingerprint } from "./fingerprint.ts";

const transformation = {
  ...readTransformation(parseTransformation(`w-${fingerprintSide},h-${fingerprintSide},c-force,f-png,lo-true`)),
  // For an animation, only the first frame is rendered.
  still: true,
};

type Images = Pick<ImageEngine, "render" | "fingerprint">;

/** @throws MediaError as the image engine does */
export async function fingerprintPicture(
  images: Images,
  source: ImageSource,
  party: Party,
  signal: AbortSignal,
): Promise<PictureFingerprint> {
  const asked = { source, transformation, context: ownContext, key: randomUUID(), signal, party };
  const { data } = await images.render(asked);
  return images.fingerprint(data, { signal, party });
}
