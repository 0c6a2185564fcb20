import type { IncomingHttpHeaders } from "node:http";
import { acceptedCoding, type Coding } from "./accepted-coding.ts";

export interface ChosenCoding {
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
