import type { IncomingHttpHeaders } from "node:http";
import { acceptedCoding, type Coding } from "./accepted-coding.ts";

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
