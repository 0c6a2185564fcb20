import type { ServerResponse } from "node:http";

/** Whether the whole answer has been written and the connection has taken all of it: nothing is left to wait for. */
export function isOut({ writableEnded, socket }: ServerResponse): boolean {
  return writableEnded && socket !== null && socket.writableLength === 0;
}
