import type { IncomingHttpHeaders } from "node:http";
import { MediaError } from "../../media/media-error.ts";
import type { CompressibleSource } from "../content-coding/compressor.ts";
import type { Answer, Delivery } from "../delivery.ts";
import { acceptedCoding, type Coding } from "../headers/accepted-coding.ts";
import { sizeOf } from "../renditions/kept/kept-rendition.ts";
import { renditionKey } from "../renditions/kept/rendition-key.ts";
import type { AnswerDeps } from "./deps.ts";

interface ChosenCoding {
  /** The coding is undefined for uncompressed bytes. */
  readonly coding: Coding | undefined;
  /** The `Vary` header for every answer that could also have been sent in another coding. */
  readonly vary: Readonly<Record<string, string>>;
}

/**
 * Chooses the coding for a file that may be compressed. A range always refers to the uncompressed bytes, because no
 * client could say which compressed bytes it lacks.
 */
export function chooseCoding(requestHeaders: IncomingHttpHeaders, compressible: boolean): ChosenCoding {
  if (!compressible) return { coding: undefined, vary: {} };
  const { range, "accept-encoding": accepted } = requestHeaders;
  return { coding: range === undefined ? acceptedCoding(accepted) : undefined, vary: { vary: "Accept-Encoding" } };
}

/** The strong ETag of the same file in a coding: its bytes differ, so its tag must differ too (RFC 9110 §8.8.3.3). */
export function codedEtag(etag: string, coding: Coding): string {
  return `${etag.slice(0, -1)}.${coding}"`;
}

interface ToCode {
  readonly coding: Coding;
  readonly source: CompressibleSource;
  /** The values on which the source's bytes depend besides the version and the coding. */
  readonly of: readonly unknown[];
  /** The ETag of the answer with the uncompressed bytes. */
  readonly etag: string;
  /** The headers that the compressed and the uncompressed answer share. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers with the whole file in a content coding, from the cache or compressed now.
 * @returns undefined where the file should be sent uncompressed, because compressing saves hardly anything or because
 * too many clients ask at once
 */
export async function codedAnswer(
  { derived, compressor }: Pick<AnswerDeps, "derived" | "compressor">,
  { version, party }: Pick<Delivery, "version" | "party">,
  { coding, source, of, etag, headers }: ToCode,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const key = renditionKey(version, [coding, compressionRevision, ...of]);
  const make = async (alone: AbortSignal) => ({
    data: await compressor.compress(source, coding, alone, party),
    contentType: version.mime,
    width: 0,
  });
  const made = await derived.get(key, make, signal).catch(unlessBusy);
  // The cache also remembers that compressing a file isn't worth it, as an entry with no bytes.
  if (made === undefined || sizeOf(made) === 0) return undefined;
  const { data, digest } = made;
  return {
    status: 200,
    headers: {
      ...headers,
      etag: codedEtag(etag, coding),
      "content-encoding": coding,
      "content-length": String(sizeOf(made)),
    },
    ...(data === undefined
      ? { body: (opened) => made.open(undefined, opened) }
      : { body: data, derived: { key, digest } }),
  };
}

function unlessBusy(error: unknown): undefined {
  if (!(error instanceof MediaError && error.code === "EBUSY")) throw error;
}

/** Raise this number when the way of compressing files changes. */
const compressionRevision = 1;
