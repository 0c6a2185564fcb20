import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Metrics } from "../../observability/metrics.ts";
import type { TallyMark } from "../../observability/tally.ts";
import { refusalOf } from "../noted-refusals.ts";
import { type RefusalNeeds, recordRefusal } from "../record-refusal.ts";

export type RecordAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

export interface RecorderNeeds extends RefusalNeeds {
  readonly metrics: Pick<Metrics, "requests">;
  readonly logger: Logger;
}

/**
 * Counts and logs each answer when it is out, and puts refusals down for their accounts. Answers are counted by route,
 * never by path: callers choose paths, so the counters would grow without bound.
 */
export function answerRecorder(needs: RecorderNeeds): RecordAnswer {
  const { metrics, logger } = needs;
  const marks = new Map<string, Map<number, TallyMark>>();

  function markOf(route: string, status: number): TallyMark {
    const ofRoute = marks.get(route) ?? new Map<number, TallyMark>();
    marks.set(route, ofRoute);
    const mark = ofRoute.get(status) ?? metrics.requests.mark({ route, status });
    ofRoute.set(status, mark);
    return mark;
  }

  return (request, reply) => {
    const { statusCode: status } = reply;
    if (status >= 400) recordRefusal(needs, request, reply);
    const route = request.routeOptions.url ?? "none";
    (marks.get(route)?.get(status) ?? markOf(route, status)).add();
    if (!logger.isLevelEnabled("info")) return;
    const reason = status < 400 ? undefined : refusalOf(request)?.reason;
    const ms = Math.round(reply.elapsedTime);
    // pino leaves out a field that is undefined.
    logger.info({ reqId: request.id, req: request, res: { statusCode: status }, reason, ms }, "answered");
  };
}
