import { type ErrorReason, errorCatalogue, wireReasonOf } from "@sluice/protocol";
import type { Operation, RefusalKind } from "@sluice/protocol/schemas";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RefusalBook } from "../refusals/refusal.ts";
import type { UsageCounts } from "../usage/usage-counts.ts";
import { accountOf, refusalOf } from "./noted-refusals.ts";

export interface RefusalNeeds {
  readonly usageCounts: Pick<UsageCounts, "count">;
  readonly refusals: Pick<RefusalBook, "add">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Puts a refusal down for the account that the request leads to. A request that leads to no account is left out. */
export function recordRefusal(
  { refusals, usageCounts, now }: RefusalNeeds,
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
