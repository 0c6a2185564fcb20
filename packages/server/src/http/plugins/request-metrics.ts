import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Metrics } from "../../observability/metrics.ts";
import type { TallyMark } from "../../observability/tally.ts";

/** Counts answers by route, never by path: paths are the callers' to choose and would grow without bound. */
export function countRequests(app: FastifyInstance, { requests }: Pick<Metrics, "requests">, logger: Logger): void {
  const marks = new Map<string, Map<number, TallyMark>>();

  function markOf(route: string, status: number): TallyMark {
    const ofRoute = marks.get(route) ?? new Map<number, TallyMark>();
    marks.set(route, ofRoute);
    const mark = ofRoute.get(status) ?? requests.mark({ route, status });
    ofRoute.set(status, mark);
    return mark;
  }

  app.addHook("onResponse", (request, reply, done) => {
    const { statusCode: status } = reply;
    const route = request.routeOptions.url ?? "none";
    (marks.get(route)?.get(status) ?? markOf(route, status)).add();
    if (logger.isLevelEnabled("info")) {
      const { id: reqId } = request;
      logger.info({ reqId, req: request, res: reply, ms: Math.round(reply.elapsedTime) }, "answered");
    }
    done();
  });
}
