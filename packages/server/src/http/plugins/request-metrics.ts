import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Metrics } from "../../observability/metrics.ts";
import type { TallyMark } from "../../observability/tally.ts";
import { refusalOf } from "../noted-refusals.ts";
import { type RefusalNeeds, recordRefusal } from "../record-refusal.ts";

/** An answer as it is counted and logged. */
export interface Answered {
  /** Answers are counted by route, never by path: callers choose paths, so the counters would grow without bound. */
  readonly route: string;
  readonly status: number;
  readonly reqId: string;
  readonly request: { readonly method: string; readonly originalUrl: string; readonly ip: string | undefined };
  /** The reason of a refusal. */
  readonly reason?: string | undefined;
  readonly ms: number;
}

export interface AnswerLogNeeds {
  readonly metrics: Pick<Metrics, "requests">;
  readonly logger: Logger;
}

/** Returns a function that counts and logs an answer. */
export function answerLog({ metrics: { requests }, logger }: AnswerLogNeeds): (answered: Answered) => void {
  const marks = new Map<string, Map<number, TallyMark>>();

  function markOf(route: string, status: number): TallyMark {
    const ofRoute = marks.get(route) ?? new Map<number, TallyMark>();
    marks.set(route, ofRoute);
    const mark = ofRoute.get(status) ?? requests.mark({ route, status });
    ofRoute.set(status, mark);
    return mark;
  }

  return ({ route, status, reqId, request: req, reason, ms }) => {
    (marks.get(route)?.get(status) ?? markOf(route, status)).add();
    if (!logger.isLevelEnabled("info")) return;
    // pino leaves out a field that is undefined.
    logger.info({ reqId, req, res: { statusCode: status }, reason, ms }, "answered");
  };
}

export type RecordAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

export type RecorderNeeds = RefusalNeeds & AnswerLogNeeds;

/** Counts and logs each answer when it is out, and puts refusals down for their accounts. */
export function answerRecorder(needs: RecorderNeeds): RecordAnswer {
  const log = answerLog(needs);
  return (request, reply) => {
    const { statusCode: status } = reply;
    if (status >= 400) recordRefusal(needs, request, reply);
    const route = request.routeOptions.url ?? "none";
    const reason = status < 400 ? undefined : refusalOf(request)?.reason;
    log({ route, status, reqId: request.id, request, reason, ms: Math.round(reply.elapsedTime) });
  };
}
