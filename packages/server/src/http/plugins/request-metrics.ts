import { type ErrorReason, errorCatalogue, wireReasonOf } from "@sluice/protocol";
import type { Operation, RefusalKind } from "@sluice/protocol/schemas";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Metrics } from "../../observability/metrics.ts";
import type { TallyMark } from "../../observability/tally.ts";
import type { RefusalBook } from "../../refusals/refusal.ts";
import type { UsageCounts } from "../../usage/usage-counts.ts";
import { accountOf, refusalOf } from "../noted-refusals.ts";

export type RecordAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

interface RefusalDeps {
  readonly usageCounts: Pick<UsageCounts, "count">;
  readonly refusals: Pick<RefusalBook, "add">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

export interface RecorderDeps extends RefusalDeps {
  readonly metrics: Pick<Metrics, "requests">;
  readonly logger: Logger;
}

/**
 * Counts and logs each answer when it is out, and puts refusals down for their accounts. Answers are counted by route,
 * never by path: callers choose paths, so the counters would grow without bound.
 */
export function answerRecorder(deps: RecorderDeps): RecordAnswer {
  const { metrics, logger } = deps;
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
    if (status >= 400) recordRefusal(deps, request, reply);
    const route = request.routeOptions.url ?? "none";
    (marks.get(route)?.get(status) ?? markOf(route, status)).add();
    if (!logger.isLevelEnabled("info")) return;
    const reason = status < 400 ? undefined : refusalOf(request)?.reason;
    const ms = Math.round(reply.elapsedTime);
    // pino leaves out a field that is undefined.
    logger.info({ reqId: request.id, req: request, res: { statusCode: status }, reason, ms }, "answered");
  };
}

/** Puts a refusal down for the account that the request leads to. A request that leads to no account is left out. */
function recordRefusal(
  { refusals, usageCounts, now }: RefusalDeps,
  request: FastifyRequest,
  { statusCode: status }: FastifyReply,
): void {
  const account = accountOf(request);
  const refusal = refusalOf(request);
  if (account === undefined || refusal === undefined) return;
  const { operation } = request.routeOptions.config;
  const { message, help = null, parameter = null } = refusal;
  const kind = kindOf(operation);
  const reason = toldReason(refusal.reason);
  usageCounts.count(account.id, { kind: "refusals", name: `${kind}/${reason}` });
  refusals.add(account.id, {
    at: now(),
    requestId: request.id,
    kind,
    operation: operation?.id ?? null,
    status,
    reason,
    message,
    help,
    parameter,
    isProven: account.isProven,
  });
}

/** The reason as the answer says it. The refusals of delivery have reasons of their own. */
function toldReason(reason: string): string {
  return Object.hasOwn(errorCatalogue, reason) ? wireReasonOf(reason as ErrorReason) : reason;
}

function kindOf(operation: Operation | undefined): RefusalKind {
  if (operation?.tag === "Uploads") return "upload";
  return operation?.tag === "Delivery" ? "delivery" : "api";
}
