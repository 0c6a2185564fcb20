import { extname } from "node:path";
import type { Services } from "../services.ts";
import { type Answer, sandboxPolicy } from "./answer.ts";
import { contentDisposition } from "./attachment.ts";
import type { Delivery, DeliveryServices } from "./deliver.ts";
import type { Made } from "./derived/derived.ts";
import { derivedKey } from "./derived/derived-key.ts";
import { derivedAnswer, unchangedDerived } from "./derived-answer.ts";
import { refuseMedia } from "./media-refusal.ts";
import { answerOriginal } from "./original.ts";

export const vector = "image/svg+xml";

type DrawingServices = Pick<DeliveryServices, "blobs" | "derived"> & {
  readonly images: Pick<Services["images"], "sanitise">;
};

/**
 * The stored bytes; of a drawing, unless the URL says `ik-sanitizeSvg=false`, one that has been written anew with nothing
 * in it that runs or fetches. What can't be written so, being no well-formed drawing or a very large one, is shown as the
 * text that it is.
 * @throws what `answerOriginal` throws; DeliveryRefusal BUSY
 */
export async function answerFile(services: DrawingServices, delivery: Delivery, signal: AbortSignal): Promise<Answer> {
  const { version, url } = delivery;
  if (version.mime !== vector || !url.sanitizeSvg) return answerOriginal(services, delivery, signal);
  const key = derivedKey(version, [vector, sanitiserRevision]);
  const policy = { "content-security-policy": sandboxPolicy };
  const unchanged = unchangedDerived(delivery, key, policy);
  if (unchanged !== undefined) return unchanged;
  const made = (alone: AbortSignal): Promise<Made> => sanitised(services, delivery, alone);
  const derived = await services.derived.get(key, made, signal).catch(refuseMedia);
  if (derived.contentType !== vector) return answerOriginal(services, delivery, signal, asText);
  return derivedAnswer(delivery, key, derived, {
    ...policy,
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extname(version.name)),
    }),
  });
}

/** Its tag differs from the drawing's, whose bytes are the same. */
const asText = { mime: "text/plain", tag: ".text" } as const;

async function sanitised(
  { blobs, images }: DrawingServices,
  { version: { storage_key: key, size }, party }: Delivery,
  signal: AbortSignal,
): Promise<Made> {
  const source = { size, open: (opened: AbortSignal) => blobs.read(key, undefined, opened) };
  const text = await images.sanitise(source, signal, party);
  // That there is no such drawing is worth remembering as well; it takes no bytes.
  return { data: Buffer.from(text ?? ""), contentType: text === undefined ? asText.mime : vector, width: 0 };
}

/** To be raised when something else is left of a drawing: what was made before isn't served any more. */
const sanitiserRevision = 2;
