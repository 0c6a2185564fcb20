import { type RefusalObject, RefusalQuery, refusalKinds } from "@sluice/protocol/schemas";
import { assertKnownMembers, invalidParameter } from "../../../library/parameters/parameter.ts";
import type { Refusal } from "../../../refusals/refusal.ts";

const maxRefusals = 500;

/**
 * Reads which refusals are asked for.
 * @returns a function that picks them from all of an account's
 * @throws SluiceError PARAMETER_INVALID
 */
export function refusalFilter(
  query: Readonly<Record<string, unknown>>,
): (refusals: readonly Refusal[]) => RefusalObject[] {
  assertKnownMembers(query, Object.keys(RefusalQuery.properties));
  const [requestId, reason, kind] = (["requestId", "reason", "kind"] as const).map((name) => textIn(query, name));
  if (kind !== undefined && !refusalKinds.some((known) => known === kind)) {
    throw invalidParameter("kind", `Send one of ${refusalKinds.join(", ")}.`);
  }
  const limit = limitIn(textIn(query, "limit") ?? "100");
  const isAsked = (refusal: Refusal): boolean =>
    (requestId === undefined || refusal.requestId === requestId) &&
    (reason === undefined || refusal.reason === reason) &&
    (kind === undefined || refusal.kind === kind);
  return (refusals) => refusals.filter(isAsked).slice(0, limit).map(objectOf);
}

function textIn(query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string") throw invalidParameter(name, "Send it once.");
  return value;
}

function limitIn(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > maxRefusals) {
    throw invalidParameter("limit", `Send a whole number from 1 to ${maxRefusals}.`);
  }
  return limit;
}

function objectOf({ at, isProven, ...refusal }: Refusal): RefusalObject {
  return { at: new Date(at).toISOString(), ...refusal, proven: isProven };
}
