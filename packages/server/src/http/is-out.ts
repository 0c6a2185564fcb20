import type { ServerResponse } from "node:http";

/**
 * Whether the whole answer has been written and the connection has taken all of it, so that nothing is left to wait
 * for. An injected request has no connection that could tell.
 */
export function isOut({ writableEnded, socket }: ServerResponse): boolean {
  return writableEnded && socket?.writableLength === 0;
}
