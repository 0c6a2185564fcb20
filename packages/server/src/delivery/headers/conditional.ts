import type { IncomingHttpHeaders } from "node:http";
import fresh from "fresh";

/** The values with which a client can validate its copy. */
export interface Validators {
  readonly etag: string;
  readonly "last-modified": string;
}

/** Whether the client's copy is still valid, by `If-None-Match`, or by `If-Modified-Since` where that is missing. */
export function isFresh(requestHeaders: IncomingHttpHeaders, validators: Validators): boolean {
  return fresh(requestHeaders, { ...validators });
}
