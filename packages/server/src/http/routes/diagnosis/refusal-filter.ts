import { type RefusalObject, RefusalQuery, refusalKinds } from "@sluice/protocol/schemas";
import type { Refusal } from "../../../refusals/refusal.ts";
import { assertKnownMembers, invalidParameter, parseLimit } from "../../../text/parameter.ts";

const limits = { standard: 100, max: 500 } as const;

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
  const limit = parseLimit(textIn(query, "limit"), limits);
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

function objectOf({ at, isProven, ...refusal }: Refusal): RefusalObject {
  return { at: new Date(at).toISOString(), ...refusal, proven: isProven };
}
