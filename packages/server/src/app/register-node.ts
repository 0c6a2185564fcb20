import type { Config } from "../config/config.ts";
import { findFloor } from "../database/repositories/nodes.ts";
import { featureLevel, outdatedError } from "../nodes/restricting-features.ts";
import { ServingNode } from "../nodes/serving-node.ts";
import { version } from "../observability/version.ts";
import { describeLocation } from "./open-database.ts";
import type { Parts } from "./parts.ts";

export interface RegisteredNode {
  /** Aborted when the process can't go on: it can't write any more, or does not know a feature that is in use. */
  readonly failed: AbortSignal;
  close(): Promise<void>;
}

/**
 * Registers this process among the nodes of the library, before it serves anybody or runs a job.
 * @throws ConfigError when the library is used with features that this version doesn't know; DatabaseError
 */
export async function registerNode({ database, refusals }: Parts, config: Config): Promise<RegisteredNode> {
  // Reports of refusals name the node as well.
  const id = refusals.node;
  const node = await ServingNode.register({ database, id, place: describeLocation(config), now: Date.now });
  const { failed } = database;
  return {
    failed: failed === undefined ? node.outdated : AbortSignal.any([failed, node.outdated]),
    close: () => node.close(),
  };
}

/**
 * Refuses the library to a command that would disregard what the library forbids: a sweep, for example, that doesn't know
 * of holds.
 * @throws ConfigError when the library is used with features that this version doesn't know
 */
export async function assertFeaturesKnown({ database }: Pick<Parts, "database">, config: Config): Promise<void> {
  const floor = await findFloor(database.reader);
  if (floor.level > featureLevel) throw outdatedError(describeLocation(config), floor, version);
}
