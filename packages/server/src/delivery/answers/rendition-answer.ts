import type { Coding } from "../headers/accepted-coding.ts";
import { isFresh } from "../headers/conditional.ts";
import { requestedRange } from "../headers/requested-range.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { KeptRendition } from "../renditions/kept/kept-rendition.ts";
import { heldEtag, renditionEtag } from "../renditions/kept/rendition-etag.ts";
import type { Answer, Delivery } from "./delivery.ts";

type Headers = Readonly<Record<string, string>>;

/**
 * Evaluates the request's conditions by the cache key alone, before anything is rendered.
 * @returns undefined where the client needs the bytes
 */
export function unchangedRendition(
  { requestHeaders, headers: standing }: Delivery,
  key: string,
  headers: Headers,
  coding?: Coding,
): Answer | undefined {
  const held = heldEtag(requestHeaders["if-none-match"], key, coding);
  if (!isFresh(requestHeaders, { etag: held ?? `"${key}"`, "last-modified": standing["last-modified"] })) {
    return undefined;
  }
  // A client that sends only a time keeps the ETag that it has. To send it here, the server would need the bytes.
  const ranges = held?.endsWith(`.${coding}"`) ? {} : { "accept-ranges": "bytes" };
  return { status: 304, headers: { ...standing, ...(held && { etag: held }), ...ranges, ...headers } };
}

/**
 * Answers with a derived file, or with one range of it.
 * @throws DeliveryRefusal RANGE_UNSATISFIABLE, with `headers`
 */
export function renditionAnswer(
  { requestHeaders, headers: standing }: Pick<Delivery, "requestHeaders" | "headers">,
  key: string,
  { data, contentType, digest }: KeptRendition,
  headers: Headers,
): Answer {
  const size = data.length;
  const etag = renditionEtag(key, digest);
  const range = requestedRange(requestHeaders, size, etag);
  if (range === "unsatisfiable") {
    throw new DeliveryRefusal("RANGE_UNSATISFIABLE", { "content-range": `bytes */${size}`, ...headers });
  }
  const body = range === undefined ? data : data.subarray(range.start, range.end + 1);
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...standing,
      etag,
      "accept-ranges": "bytes",
      "content-type": contentType,
      "content-length": String(body.length),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
      ...headers,
    },
    body,
    // A part of a file keeps all of it in memory.
    ...(range === undefined ? { derived: { key, digest } } : { held: data }),
  };
}
