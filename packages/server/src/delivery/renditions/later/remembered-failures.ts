import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { MadeBytes } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";

type Version = Pick<DeliverableRow, "account_id" | "id" | "purges">;

/**
 * Time is cut into spans of this length. A failure is answered again in the span in which it happened and in the next
 * one, and so for one to two spans. Then the rendition is made anew.
 */
export const failureMs = 150_000;
/** The time for which a rendition isn't asked for twice. No failure is remembered for longer. */
export const askedMs = 2 * failureMs;

/** Whether a job has failed to make what has this key. Nodes share failures as they share renditions. */
export async function hasFailed(
  cache: Pick<RenditionCache, "find">,
  version: Version,
  key: string,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  const span = spanOf(now);
  for (const at of [span, span - 1]) {
    if ((await cache.find(failureKey(version, key, at), signal)) !== undefined) return true;
  }
  return false;
}

/** Keeps for all nodes that a job has failed to make what has this key. */
export async function keepFailure(
  cache: Pick<RenditionCache, "put">,
  version: Version,
  key: string,
  now: number,
): Promise<void> {
  await cache.put(failureKey(version, key, spanOf(now)), failure);
}

function spanOf(now: number): number {
  return Math.floor(now / failureMs);
}

const failure: MadeBytes = { data: Buffer.from("failed"), contentType: "text/plain", width: 1 };

/** A key stands for its bytes for good, so a failure has another key in each span of time. */
function failureKey(version: Version, key: string, span: number): string {
  return renditionKey(version, ["failure", key, span]);
}
