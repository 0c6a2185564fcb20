import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import { RequestStages, withStages } from "../../observability/request-stages.ts";

/** The times of a request that is under way, by performance.now(). */
interface Watched {
  readonly stages: RequestStages;
  parsingAt: number;
}

const watched = new WeakMap<FastifyRequest, Watched>();

/** The time at which the head of an answer went out. */
const answeredAt = Symbol("answered at");

interface MarkedReply {
  [answeredAt]?: number;
}

/**
 * Logs each request for which the server took at least `slowRequestMs`, in one line. A slow client is no slow request:
 * neither the time in which the server waited for the request's body counts, nor the time in which the answer was on its
 * way. The line has the route and no path, because a path has names of files.
 */
export function logSlowRequests(
  app: FastifyInstance,
  { slowRequestMs: bound }: Pick<Config, "slowRequestMs">,
  logger: Pick<Logger, "warn">,
): void {
  if (bound === 0) return;
  app.addHook("onRequest", (request, { raw }, done) => {
    const stages = new RequestStages();
    watched.set(request, { stages, parsingAt: 0 });
    raw.writeHead = writeMarkedHead as typeof raw.writeHead;
    withStages(stages, done);
  });
  // Bodies that have a reader of their own are not read between these two hooks. That reader adds to the stage itself.
  app.addHook("preParsing", (request, _reply, _payload, done) => {
    const known = watched.get(request);
    if (known !== undefined) known.parsingAt = performance.now();
    done();
  });
  app.addHook("preValidation", (request, _reply, done) => {
    const known = watched.get(request);
    known?.stages.add("client", performance.now() - known.parsingAt);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    tell(request, reply, bound, logger);
    done();
  });
}

/** Node writes the head of every answer through this method. */
function writeMarkedHead(this: ServerResponse & MarkedReply, ...head: Parameters<ServerResponse["writeHead"]>) {
  this[answeredAt] = performance.now();
  return Object.getPrototypeOf(this).writeHead.apply(this, head);
}

function tell(request: FastifyRequest, reply: FastifyReply, bound: number, logger: Pick<Logger, "warn">): void {
  const stages = watched.get(request)?.stages;
  if (stages === undefined || reply.elapsedTime < bound) return;
  const { [answeredAt]: answered = Number.POSITIVE_INFINITY } = reply.raw as MarkedReply;
  stages.add("send", Math.max(0, performance.now() - answered));
  const ms = Math.round(reply.elapsedTime - stages.in("client") - stages.in("send"));
  if (ms < bound) return;
  const { method, id: reqId, routeOptions } = request;
  const { statusCode: status } = reply;
  logger.warn({ reqId, method, route: routeOptions.url ?? "none", status, ms, stages: stages.whole() }, "slow request");
}
