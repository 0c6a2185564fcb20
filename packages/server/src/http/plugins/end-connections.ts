import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { expectsBody } from "../expects-body.ts";
import type { Lifecycle } from "../lifecycle.ts";

/**
 * A server that leaves or ends (see `Lifecycle.connections`) ends each connection with its answer: kept alive, the
 * connection would delay the end until its client lets go of it. The rest of a refused body is read first, as at any
 * other time.
 */
export function endConnectionsWhenLeaving(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook("onSend", (request, reply, _payload, done) => {
    if (lifecycle.connections !== "kept" && hasArrived(request.raw)) reply.header("connection", "close");
    done();
  });
  // Answers whose headers went out before the shutdown could not say `connection: close`.
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    endIfClosing(lifecycle, raw);
    done();
  });
}

/** Ends the connection of an answered request when the server closes. */
export function endIfClosing({ connections }: Lifecycle, request: IncomingMessage): void {
  if (connections !== "closing") return;
  if (hasArrived(request)) request.socket.end();
  else request.once("end", () => request.socket.end());
}

/** A request without a body that is answered at once is not yet marked as complete. */
function hasArrived(request: IncomingMessage): boolean {
  return request.complete || !expectsBody(request);
}
