import { extname } from "node:path";
import { Readable } from "node:stream";
import { findProgress } from "../../jobs/progress/find-progress.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";
import type { contentTypes } from "../../media/image/content-types.ts";
import type { OutputFormat } from "../../media/image/plan/choose-output.ts";
import type { Encoded } from "../../media/video/plan-encode.ts";
import { minBytes } from "../content-coding/compressor.ts";
import type { Answer, Delivery } from "../delivery.ts";
import { isForEverybody } from "../find/access.ts";
import type { Coding } from "../headers/accepted-coding.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { isFresh } from "../headers/conditional.ts";
import { requestedRange } from "../headers/requested-range.ts";
import { refuseMedia } from "../refusals/media-refusal.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type KeptRendition, sizeOf } from "../renditions/kept/kept-rendition.ts";
import { maxWaitingJobs, maxWaitingUnsigned } from "../renditions/later/ask-for-rendition.ts";
import { MadeLater, pendingAnswer } from "../renditions/later/later-job.ts";
import type { Rendition } from "../renditions/rendition.ts";
import { chooseCoding, codedAnswer } from "./coded-answer.ts";
import type { AnswerDeps } from "./deps.ts";
import { answerStored } from "./stored.ts";

/**
 * The strong ETag of a derived file. It consists of the key, which stands for what was asked for, and the beginning of
 * the digest, which stands for the bytes. The first half shows that a client's copy is still valid, without a look at
 * the cache. The whole ETag shows that a range belongs to the same bytes that the client has begun with, whichever
 * process made them.
 */
function renditionEtag(key: string, digest: string): string {
  return `"${key}-${digest.slice(0, digestDigits)}"`;
}

const digestDigits = 16;

/** Finds the ETag in `If-None-Match` that has this key, for the plain bytes or for the coding that the client takes. */
function heldEtag(ifNoneMatch: string | undefined, key: string, coding?: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  const inCoding = coding === undefined ? "" : `(?:\\.${coding})?`;
  return new RegExp(`"${key}-[0-9a-f]{${digestDigits}}${inCoding}"`).exec(ifNoneMatch)?.[0];
}

/**
 * The answer to a URL whose video isn't encoded yet: the client plays the original meanwhile, if anybody may have that
 * (docs/protocol/delivery.md §11). Who was given a signed URL of one rendition may not have the original for it.
 * @param progress how far the encode is, if it has told
 */
function pendingVideo(
  { version, url, switches, request }: Delivery,
  progress: Pick<JobProgress, "fraction"> | undefined,
): Answer {
  const told: Record<string, string> =
    progress === undefined ? {} : { "x-sluice-progress": String(Math.floor(progress.fraction * 100)) };
  if (request === undefined || !isForEverybody(switches, version)) return pendingAnswer(told);
  // The plain URL of a video is the original, also where an account takes names alone.
  const { assetUrl } = request;
  const location = url.objectVersion === undefined ? assetUrl : `${assetUrl}?ik-obj-version=${url.objectVersion}`;
  return {
    status: 302,
    headers: { location, "cache-control": "no-store", "is-intermediate-response": "true", ...told },
  };
}

type RenditionDeps = Pick<AnswerDeps, "blobs" | "compressor" | "database" | "derived" | "later" | "now">;

/**
 * Answers with a rendition: kept or made now, or asked for where a job has to make it. The request's conditions are
 * evaluated before anything is made. The cache doesn't know which files are drafts or private: access has been checked
 * before.
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerRendition(
  deps: RenditionDeps,
  delivery: Delivery,
  rendition: Rendition,
  signal: AbortSignal,
): Promise<Answer> {
  const { key, make, describe, storedInstead } = rendition;
  const { compressor } = deps;
  // The length isn't known before the bytes are made.
  const type = rendition.compressible;
  const suits = type !== undefined && compressor.suits(type, minBytes);
  const { coding, vary: codingVary } = chooseCoding(delivery.requestHeaders, suits);
  const vary = { ...varyHeader(rendition), ...codingVary };
  const shared = { ...vary, ...rendition.headers };
  const unchanged = unchangedRendition(delivery, key, shared, coding);
  if (unchanged !== undefined) return unchanged;
  // A refusal carries `vary` too, because one client's hints may exceed the limits where another client's don't.
  const find = () => deps.derived.get(key, make, signal).catch((error: unknown) => refuseMedia(error, vary));
  let kept: KeptRendition;
  try {
    const found = await find().catch(ifMadeLater);
    if (found instanceof MadeLater) {
      await askForRendition(deps, delivery, rendition, found, vary);
      if (rendition.pending === undefined) return pendingAnswer(vary);
      const made = delivery.method === "GET" ? await comesInTime(deps, find, signal) : undefined;
      if (made === undefined) return pendingVideo(delivery, await progressOf(deps, rendition, found));
      kept = made;
    } else kept = found;
  } catch (error) {
    const form = error instanceof DeliveryRefusal ? storedInstead?.(error) : undefined;
    if (form === undefined) throw error;
    return answerStored(deps, delivery, signal, form);
  }
  const form = storedInstead?.(kept);
  if (form !== undefined) return answerStored(deps, delivery, signal, form);
  const { url, version } = delivery;
  const headers = {
    ...shared,
    ...describe?.(kept),
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extensionOf(kept, version.name)),
    }),
  };
  const asIs = renditionAnswer(delivery, key, kept, headers);
  const { data, digest } = kept;
  if (type === undefined || coding === undefined || data === undefined || !compressor.suits(type, data.length)) {
    return asIs;
  }
  const toCode = {
    coding,
    source: { size: data.length, open: async () => Readable.from([data]) },
    of: [key, digest],
    etag: renditionEtag(key, digest),
    headers: { ...delivery.headers, "content-type": type, ...headers },
  };
  const coded = await codedAnswer(deps, delivery, toCode, signal);
  if (coded !== undefined) return coded;
  // The next request should get the bytes compressed, so this uncompressed answer must not be remembered.
  const { derived: _, ...answer } = asIs;
  return answer;
}

/** Has a job make what is missing. @throws DeliveryRefusal BUSY when too much is waiting already */
async function askForRendition(
  { later, now }: Pick<AnswerDeps, "later" | "now">,
  { signed }: Pick<Delivery, "signed">,
  { later: job }: Pick<Rendition, "later">,
  missing: MadeLater,
  vary: Headers,
): Promise<void> {
  if (job === undefined) throw missing;
  const maxWaiting = signed ? maxWaitingJobs : maxWaitingUnsigned;
  if (!(await later.ask({ key: missing.key, job, maxWaiting, now: now() }))) throw new DeliveryRefusal("BUSY", vary);
}

/** How far the job is that makes what is missing, if it runs and tells. */
async function progressOf(
  { database }: Pick<RenditionDeps, "database">,
  { later: job }: Pick<Rendition, "later">,
  { key }: MadeLater,
): Promise<JobProgress | undefined> {
  return job && findProgress(database.reader, { name: job.kind }, key);
}

function ifMadeLater(error: unknown): MadeLater {
  if (error instanceof MadeLater) return error;
  throw error;
}

/** Waits a while for what a job makes (docs/protocol/delivery.md §11). */
function comesInTime(
  { later }: Pick<RenditionDeps, "later">,
  find: () => Promise<KeptRendition>,
  signal: AbortSignal,
): Promise<KeptRendition | undefined> {
  const look = async (): Promise<KeptRendition | undefined> => {
    const found = await find().catch(ifMadeLater);
    return found instanceof MadeLater ? undefined : found;
  };
  return later.wait(look, signal);
}

function varyHeader({ vary }: Pick<Rendition, "vary">): Headers {
  return vary.length === 0 ? {} : { vary: vary.join(", ") };
}

function extensionOf({ contentType }: KeptRendition, name: string): string {
  return extensions[contentType] ?? extname(name);
}

/** File extensions by content type, where a rendition may have another one than its file. */
const extensions = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
  "image/gif": ".gif",
  "video/mp4": ".mp4",
  "video/webm": ".webm",
  "audio/mp4": ".m4a",
  "audio/webm": ".weba",
} as const satisfies Record<(typeof contentTypes)[OutputFormat] | Encoded["contentType"], string> as Readonly<
  Record<string, string>
>;

type Headers = Readonly<Record<string, string>>;

/**
 * Evaluates the request's conditions by the cache key alone, before anything is rendered.
 * @returns undefined where the client needs the bytes
 */
function unchangedRendition(
  { requestHeaders, headers: common }: Delivery,
  key: string,
  headers: Headers,
  coding?: Coding,
): Answer | undefined {
  const held = heldEtag(requestHeaders["if-none-match"], key, coding);
  if (!isFresh(requestHeaders, { etag: held ?? `"${key}"`, "last-modified": common["last-modified"] })) {
    return undefined;
  }
  // A client that sends only a time keeps the ETag that it has. To send it here, the server would need the bytes.
  const ranges = held?.endsWith(`.${coding}"`) ? {} : { "accept-ranges": "bytes" };
  return { status: 304, headers: { ...common, ...(held && { etag: held }), ...ranges, ...headers } };
}

/**
 * Answers with a rendition, or with one range of it.
 * @throws DeliveryRefusal RANGE_UNSATISFIABLE, with `headers`
 */
export function renditionAnswer(
  { requestHeaders, headers: common }: Pick<Delivery, "requestHeaders" | "headers">,
  key: string,
  kept: KeptRendition,
  headers: Headers,
): Answer {
  const { data, contentType, digest } = kept;
  const size = sizeOf(kept);
  const etag = renditionEtag(key, digest);
  const range = requestedRange(requestHeaders, size, etag);
  if (range === "unsatisfiable") {
    throw new DeliveryRefusal("RANGE_UNSATISFIABLE", { "content-range": `bytes */${size}`, ...headers });
  }
  const length = range === undefined ? size : range.end - range.start + 1;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...common,
      etag,
      "accept-ranges": "bytes",
      "content-type": contentType,
      "content-length": String(length),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
      ...headers,
    },
    ...(data === undefined
      ? { body: (opened) => kept.open(range, opened) }
      : range === undefined
        ? { body: data, derived: { key, digest } }
        : // A part of the bytes keeps all of them in memory.
          { body: data.subarray(range.start, range.end + 1), held: data }),
  };
}
