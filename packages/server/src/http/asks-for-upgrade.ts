import type { IncomingMessage } from "node:http";

/**
 * Whether Node's parser stops at the end of this request, as for another protocol to begin there. No protocol is ever
 * changed to here, and Node throws away what it has read beyond that end: what it reads next may be the middle of a request.
 */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? "");
}
