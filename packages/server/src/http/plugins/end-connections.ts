import type { FastifyInstance } from "fastify";
import type { Lifecycle } from "../lifecycle.ts";

/**
 * While the server is shutting down, a connection ends with its answer: kept alive, it would delay the shutdown until
 * the client lets go of it. The rest of a refused body is read first, as at any other time.
 */
export function endConnectionsWhenDraining(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook("onSend", (request, reply, _payload, done) => {
    if (lifecycle.draining && request.raw.complete) reply.header("connection", "close");
    done();
  });
  // Answers whose headers went out before the shutdown could not say `connection: close`.
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    if (lifecycle.draining) {
      if (raw.complete) raw.socket.end();
      else raw.once("end", () => raw.socket.end());
    }
    done();
  });
}
