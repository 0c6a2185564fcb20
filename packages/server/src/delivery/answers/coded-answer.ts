import { MediaError } from "../../media/media-error.ts";
import type { CompressibleSource } from "../content-coding/compressor.ts";
import { derivedKey } from "../derived/derived-key.ts";
import type { Coding } from "../headers/accepted-coding.ts";
import { codedEtag } from "../headers/choose-coding.ts";
import type { Answer, Delivery } from "./delivery.ts";
import type { AnswerNeeds } from "./needs.ts";

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
  { derived, compressor }: Pick<AnswerNeeds, "derived" | "compressor">,
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
