import { SluiceError } from "@sluice/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Connection, Rollback } from "../database/database.ts";
import { findFloor, findOlderNode, lockFloor, type NodeFloor, raiseFloor } from "../database/repositories/nodes.ts";

/** A feature that forbids something. A server that doesn't know the feature would go on doing it. */
interface RestrictingFeature {
  /** The level that a server needs to know the feature. Each new feature has the next level, and keeps it. */
  readonly level: number;
  /** The first version whose servers know the feature. */
  readonly since: string;
  /** What refusals call the feature. */
  readonly name: string;
}

/**
 * The restricting features, each with the level at which it came. `assertAllNodesKnow` lets one be switched on while no
 * server of a lower level lives. Level 1 is what servers knew when they began to register: roles of key pairs, storage
 * limits and signed thumbnails as well. All servers that register know those, so nothing has to be asked for them.
 */
export const restrictingFeatures = {
  contentHolds: { level: 1, since: "0.2.0", name: "content holds" },
} as const satisfies Readonly<Record<string, RestrictingFeature>>;

/** The level of this program's servers. */
export const featureLevel = Math.max(...Object.values(restrictingFeatures).map(({ level }) => level));

/**
 * Makes the one line with which a program ends that doesn't know a restricting feature of the library.
 * @param place the setting that leads to the database, and the database
 */
export function outdatedError(place: string, { since }: NodeFloor, version: string): ConfigError {
  return new ConfigError(
    `${place} is used with features that this version of Sluice (${version}) doesn't know; use ${since} or a later version`,
  );
}

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
