import type { IncomingMessage } from "node:http";

/** Whether the request's headers announce a body. */
export function expectsBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
