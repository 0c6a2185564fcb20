import { extname } from "node:path";
import { Readable } from "node:stream";
import { minBytes } from "../content-coding/compressor.ts";
import { refuseStored } from "../find/access.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { chooseCoding } from "../headers/choose-coding.ts";
import { sandboxPolicy } from "../headers/standing-headers.ts";
import { refuseMedia } from "../refusals/media-refusal.ts";
import type { MadeRendition } from "../renditions/kept/kept-rendition.ts";
import { renditionEtag } from "../renditions/kept/rendition-etag.ts";
import { renditionKey } from "../renditions/kept/rendition-key.ts";
import { codedAnswer } from "./coded-answer.ts";
import type { Answer, Delivery } from "./delivery.ts";
import type { AnswerNeeds } from "./needs.ts";
import { renditionAnswer, unchangedRendition } from "./rendition-answer.ts";
import { vector } from "./stays-drawing.ts";
import { answerStored } from "./stored.ts";

type DrawingNeeds = Pick<AnswerNeeds, "blobs" | "derived" | "compressor"> & {
  readonly images: Pick<AnswerNeeds["images"], "sanitise">;
};

/**
 * Answers with a sanitised SVG drawing: the drawing is written anew with nothing in it that runs or fetches. A file
 * that can't be sanitised, because it is not a well-formed drawing or is very large, is delivered as plain text.
 * @returns undefined for other files, and where the URL asks for the stored bytes
 * @throws what `answerStored` throws; DeliveryRefusal BUSY
 */
export async function answerDrawing(
  needs: DrawingNeeds,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { version, url, rendition, requestHeaders } = delivery;
  const { compressor } = needs;
  if (rendition.kind === "original" || version.mime !== vector || !url.sanitizeSvg) return undefined;
  refuseStored(version, delivery);
  const key = renditionKey(version, [vector, sanitiserRevision]);
  // The length isn't known before the drawing has been sanitised.
  const { coding, vary } = chooseCoding(requestHeaders, compressor.suits(vector, minBytes));
  const shared = { ...vary, "content-security-policy": sandboxPolicy };
  const unchanged = unchangedRendition(delivery, key, shared, coding);
  if (unchanged !== undefined) return unchanged;
  const made = (alone: AbortSignal): Promise<MadeRendition> => sanitised(needs, delivery, alone);
  const derived = await needs.derived.get(key, made, signal).catch(refuseMedia);
  if (derived.contentType !== vector) return answerStored(needs, delivery, signal, asText);
  const headers = {
    ...shared,
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extname(version.name)),
    }),
  };
  const asIs = renditionAnswer(delivery, key, derived, headers);
  const { data, digest } = derived;
  if (coding === undefined || !compressor.suits(vector, data.length)) return asIs;
  const source = { size: data.length, open: async () => Readable.from([data]) };
  const toCode = {
    coding,
    source,
    of: [key, digest],
    etag: renditionEtag(key, digest),
    headers: { ...delivery.headers, "content-type": vector, ...headers },
  };
  const coded = await codedAnswer(needs, delivery, toCode, signal);
  if (coded !== undefined) return coded;
  // The next request should get the drawing compressed, so this uncompressed answer must not be remembered.
  const { derived: _, ...answer } = asIs;
  return answer;
}

/** The tag keeps this ETag apart from the drawing's, because the bytes of both are the same. */
const asText = { mime: "text/plain", tag: ".text" } as const;

async function sanitised(
  { blobs, images }: DrawingNeeds,
  { version: { storage_key: key, size }, party }: Delivery,
  signal: AbortSignal,
): Promise<MadeRendition> {
  const source = { size, open: (opened: AbortSignal) => blobs.read(key, undefined, opened) };
  const text = await images.sanitise(source, signal, party);
  // The cache also remembers that a file can't be sanitised, as an entry with no bytes.
  return { data: Buffer.from(text ?? ""), contentType: text === undefined ? asText.mime : vector, width: 0 };
}

/**
 * Raise this number when the sanitiser leaves something else of a drawing: drawings that were sanitised before are then
 * no longer served.
 */
const sanitiserRevision = 2;
