import type { IncomingMessage } from "node:http";

/**
 * Whether Node's parser stops at the end of this request because another protocol is to begin there. This server never
 * changes protocols, and Node throws away what it has read beyond that end. What it reads next may be the middle of a
 * request.
 */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? "");
}
