import { SluiceError } from "@sluice/protocol";
import { type Connection, Rollback } from "../database/database.ts";
import { findFloor, lockFloor, raiseFloor } from "../database/repositories/node-floor.ts";
import { findOlderNode } from "../database/repositories/nodes.ts";
import type { RestrictingFeature } from "./restricting-features.ts";

/** The outcome of a transaction that would switch on a feature which a living server doesn't know. */
export interface OlderNode {
  readonly outcome: "older node";
  readonly olderNode: { readonly version: string; readonly unknown: RestrictingFeature };
}

/** The refusal of a request that needs a feature which a living server doesn't know. */
export function upgradeUnfinished({ olderNode: { version, unknown } }: OlderNode): SluiceError {
  return new SluiceError("UPGRADE_UNFINISHED", { feature: unknown.name, version });
}

/**
 * Lets the transaction switch on a restricting feature. From then on, servers that don't know the feature are refused.
 * While one of them lives, the transaction is rolled back with an `OlderNode`. A script calls this before it takes other
 * locks.
 * @param now the time by the process's clock
 */
export async function assertAllNodesKnow(
  connection: Connection,
  feature: RestrictingFeature,
  now: number,
): Promise<void> {
  // The floor never sinks, so one that is high enough needs no lock.
  if ((await findFloor(connection)).level >= feature.level) return;
  if ((await lockFloor(connection)).level >= feature.level) return;
  // No server can register now. Those that have registered before the lock was taken are seen.
  const older = await findOlderNode(connection, feature.level, now);
  if (older !== undefined) {
    const { version } = older;
    throw new Rollback({ outcome: "older node", olderNode: { version, unknown: feature } } satisfies OlderNode);
  }
  await raiseFloor(connection, feature);
}
