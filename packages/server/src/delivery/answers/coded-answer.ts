import type { IncomingHttpHeaders } from "node:http";
import { MediaError } from "../../media/media-error.ts";
import type { CompressibleSource } from "../content-coding/compressor.ts";
import type { Delivery, DeliveryServices } from "../deliver.ts";
import { derivedKey } from "../derived/derived-key.ts";
import { acceptedCoding, type Coding } from "../headers/accepted-coding.ts";
import type { Answer } from "./answer.ts";

export interface ChosenCoding {
  /** Undefined for the bytes as they are. */
  readonly coding: Coding | undefined;
  /** For every answer that might have come in another coding. */
  readonly vary: Readonly<Record<string, string>>;
}

/**
 * How to send what may be compressed. A range is one of the bytes as they are: of those in a coding no client could say
 * what it lacks.
 */
export function chooseCoding(requestHeaders: IncomingHttpHeaders, compressible: boolean): ChosenCoding {
  if (!compressible) return { coding: undefined, vary: {} };
  const { range, "accept-encoding": accepted } = requestHeaders;
  return { coding: range === undefined ? acceptedCoding(accepted) : undefined, vary: { vary: "Accept-Encoding" } };
}

/** The strong ETag of the same in a coding: other bytes, so another tag (RFC 9110 §8.8.3.3). */
export function codedEtag(etag: string, coding: Coding): string {
  return `${etag.slice(0, -1)}.${coding}"`;
}

export interface ToCode {
  readonly coding: Coding;
  readonly source: CompressibleSource;
  /** Besides version and coding, what the source's bytes depend on. */
  readonly of: readonly unknown[];
  /** Of the answer with the bytes as they are. */
  readonly etag: string;
  /** Those of both answers. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The whole in a coding, from the cache or made now; undefined where it is to be sent as it is, since that is hardly
 * longer or since too many ask at once.
 */
export async function codedAnswer(
  { derived, compressor }: Pick<DeliveryServices, "derived" | "compressor">,
  { version, party }: Pick<Delivery, "version" | "party">,
  { coding, source, of, etag, headers }: ToCode,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const key = derivedKey(version, [coding, compressionRevision, ...of]);
  const make = async (alone: AbortSignal) => ({
    data: await compressor.compress(source, coding, alone, party),
    contentType: version.mime,
    width: 0,
  });
  const made = await derived.get(key, make, signal).catch(unlessBusy);
  // That it isn't worth it is kept as well, and takes no bytes.
  if (made === undefined || made.data.length === 0) return undefined;
  const { data, digest } = made;
  return {
    status: 200,
    headers: {
      ...headers,
      etag: codedEtag(etag, coding),
      "content-encoding": coding,
      "content-length": String(data.length),
    },
    body: data,
    derived: { key, digest },
  };
}

function unlessBusy(error: unknown): undefined {
  if (!(error instanceof MediaError && error.code === "EBUSY")) throw error;
}

/** To be raised when files are compressed otherwise. */
const compressionRevision = 1;
