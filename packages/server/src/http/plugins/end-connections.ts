import type { FastifyInstance } from "fastify";
import type { Lifecycle } from "../lifecycle.ts";

/**
 * While the server is on its way out, a connection ends with its answer: kept alive, it would hold the shutdown up
 * until the client lets go of it. What is left of a refused body is read first, as at any other time.
 */
export function endConnectionsWhenDraining(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook("onSend", (request, reply, _payload, done) => {
    if (lifecycle.draining && request.raw.complete) reply.header("connection", "close");
    done();
  });
  // An answer whose headers had gone out before could not say so.
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    if (lifecycle.draining) {
      if (raw.complete) raw.socket.end();
      else raw.once("end", () => raw.socket.end());
    }
    done();
  });
}
