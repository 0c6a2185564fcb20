import type { IncomingHttpHeaders } from "node:http";
import fresh from "fresh";

/** What a client may hold against its copy. */
export interface Validators {
  readonly etag: string;
  readonly "last-modified": string;
}

/** Whether the client's copy is still right: `If-None-Match`, or `If-Modified-Since` where there is none. */
export function isFresh(requestHeaders: IncomingHttpHeaders, validators: Validators): boolean {
  return fresh(requestHeaders, { ...validators });
}
