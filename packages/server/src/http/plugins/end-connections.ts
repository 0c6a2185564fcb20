import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { AnswersUnderWay } from "../answers-under-way.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { expectsBody } from "../request-body.ts";

/**
 * A server that leaves or ends (see `Lifecycle.connections`) ends each connection with its answer: kept alive, the
 * connection would delay the end until its client lets go of it. The requests of a pipeline that have come are all
 * answered, so the connection ends with the last of their answers. The rest of a refused body is read first, as at any
 * other time.
 */
export function endConnectionsWhenLeaving(app: FastifyInstance, lifecycle: Lifecycle, answers: AnswersUnderWay): void {
  app.addHook("onSend", ({ raw }, reply, _payload, done) => {
    if (lifecycle.connections === "kept") return done();
    // The framework, which closes, would end the connection with each answer.
    if (!answers.isLast(raw)) reply.raw.removeHeader("connection");
    else if (hasArrived(raw)) {
      reply.header("connection", "close");
      answers.takeNoMore(raw.socket);
    }
    done();
  });
  // Answers whose headers went out before the shutdown could not say `connection: close`.
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    done();
    if (lifecycle.connections !== "closing" || !answers.isLast(raw)) return;
    if (hasArrived(raw)) raw.socket.end();
    else raw.once("end", () => raw.socket.end());
  });
}

/** A request without a body that is answered at once is not yet marked as complete. */
function hasArrived(request: IncomingMessage): boolean {
  return request.complete || !expectsBody(request);
}
