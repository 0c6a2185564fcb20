import { extname } from "node:path";
import { Readable } from "node:stream";
import type { Services } from "../../app/services.ts";
import { leastBytes } from "../content-coding/compressor.ts";
import type { Delivery, DeliveryServices } from "../deliver.ts";
import type { Made } from "../derived/derived.ts";
import { derivedKey } from "../derived/derived-key.ts";
import { derivedEtag } from "../derived/etag.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { refuseMedia } from "../refusals/media-refusal.ts";
import { type Answer, sandboxPolicy } from "./answer.ts";
import { chooseCoding, codedAnswer } from "./coded-answer.ts";
import { derivedAnswer, unchangedDerived } from "./derived-answer.ts";
import { answerOriginal } from "./stored.ts";

export const vector = "image/svg+xml";

type DrawingServices = Pick<DeliveryServices, "blobs" | "derived" | "compressor"> & {
  readonly images: Pick<Services["images"], "sanitise">;
};

/**
 * The stored bytes; of a drawing, unless the URL says `ik-sanitizeSvg=false`, one that has been written anew with nothing
 * in it that runs or fetches. What can't be written so, being no well-formed drawing or a very large one, is shown as the
 * text that it is.
 * @throws what `answerOriginal` throws; DeliveryRefusal BUSY
 */
export async function answerFile(services: DrawingServices, delivery: Delivery, signal: AbortSignal): Promise<Answer> {
  const { version, url, requestHeaders } = delivery;
  const { compressor } = services;
  if (version.mime !== vector || !url.sanitizeSvg) return answerOriginal(services, delivery, signal);
  const key = derivedKey(version, [vector, sanitiserRevision]);
  // How long it will be isn't known before it has been written.
  const { coding, vary } = chooseCoding(requestHeaders, compressor.suits(vector, leastBytes));
  const shared = { ...vary, "content-security-policy": sandboxPolicy };
  const unchanged = unchangedDerived(delivery, key, shared, coding);
  if (unchanged !== undefined) return unchanged;
  const made = (alone: AbortSignal): Promise<Made> => sanitised(services, delivery, alone);
  const derived = await services.derived.get(key, made, signal).catch(refuseMedia);
  if (derived.contentType !== vector) return answerOriginal(services, delivery, signal, asText);
  const headers = {
    ...shared,
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extname(version.name)),
    }),
  };
  const asIs = derivedAnswer(delivery, key, derived, headers);
  const { data, digest } = derived;
  if (coding === undefined || !compressor.suits(vector, data.length)) return asIs;
  const source = { size: data.length, open: async () => Readable.from([data]) };
  const toCode = {
    coding,
    source,
    of: [key, digest],
    etag: derivedEtag(key, digest),
    headers: { ...delivery.headers, "content-type": vector, ...headers },
  };
  const coded = await codedAnswer(services, delivery, toCode, signal);
  if (coded !== undefined) return coded;
  // Whoever asks next is to get it compressed, so this answer isn't to be remembered.
  const { derived: _, ...answer } = asIs;
  return answer;
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
