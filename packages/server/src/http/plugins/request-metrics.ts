import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Metrics } from "../../observability/metrics.ts";
import type { TallyMark } from "../../observability/tally.ts";
import { refusalReason } from "../refusal-reason.ts";

export type RecordAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Counts and logs each answer when it is out. Answers are counted by route, never by path: callers choose paths, so the
 * counters would grow without bound.
 */
export function answerRecorder({ requests }: Pick<Metrics, "requests">, logger: Logger): RecordAnswer {
  const marks = new Map<string, Map<number, TallyMark>>();

  function markOf(route: string, status: number): TallyMark {
    const ofRoute = marks.get(route) ?? new Map<number, TallyMark>();
    marks.set(route, ofRoute);
    const mark = ofRoute.get(status) ?? requests.mark({ route, status });
    ofRoute.set(status, mark);
    return mark;
  }

  return (request, reply) => {
    const { statusCode: status } = reply;
    const route = request.routeOptions.url ?? "none";
    (marks.get(route)?.get(status) ?? markOf(route, status)).add();
    if (!logger.isLevelEnabled("info")) return;
    const { id: reqId } = request;
    // pino leaves out a field that is undefined.
    const reason = status < 400 ? undefined : refusalReason(request);
    logger.info({ reqId, req: request, res: reply, reason, ms: Math.round(reply.elapsedTime) }, "answered");
  };
}
