import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { lockingWhatIsFree } from "../locks.ts";

export interface NodeToRecord {
  readonly id: string;
  readonly version: string;
  readonly level: number;
  /** The time by this process's clock. */
  readonly now: number;
}

export interface RecordedNode {
  readonly id: string;
  readonly version: string;
  readonly seenAt: number;
  readonly isAlive: boolean;
}

/** A node that was not seen for this time counts as dead. */
const aliveMs = 60_000;
/** The entry of a dead node is removed after this time. */
const keptMs = 10 * 60_000;

export async function recordNode(connection: Connection, { id, version, level, now }: NodeToRecord): Promise<void> {
  const seen_at = clockOf(connection, now);
  await connection
    .insertInto("nodes")
    .values({ id, version, level, seen_at })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ version, level, seen_at }))
    .execute();
}

export async function deleteNode(connection: Connection, id: string): Promise<void> {
  await connection.deleteFrom("nodes").where("id", "=", id).execute();
}

/** Removes the entries of nodes that died without doing so. */
export async function forgetSilentNodes(connection: Connection, now: number): Promise<void> {
  const silent = connection
    .selectFrom("nodes")
    .select("id")
    .where("seen_at", "<", ({ eb }) => eb(clockOf(connection, now), "-", keptMs));
  const ids = (await lockingWhatIsFree(connection, silent).execute()).map(({ id }) => id);
  if (ids.length > 0) await connection.deleteFrom("nodes").where("id", "in", ids).execute();
}

/** Finds a living node below the level, the one that was seen last. */
export async function findOlderNode(
  connection: Connection,
  level: number,
  now: number,
): Promise<{ readonly version: string } | undefined> {
  return connection
    .selectFrom("nodes")
    .select("version")
    .where("level", "<", level)
    .where("seen_at", ">", ({ eb }) => eb(clockOf(connection, now), "-", aliveMs))
    .orderBy("seen_at", "desc")
    .executeTakeFirst();
}

/** Lists the nodes, those that have died lately included. */
export async function listNodes(connection: Connection, now: number): Promise<readonly RecordedNode[]> {
  const rows = await connection
    .selectFrom("nodes")
    .select(["id", "version", "seen_at"])
    .select(clockOf(connection, now).as("now"))
    .orderBy("id")
    .execute();
  return rows.map(({ id, version, seen_at, now: clock }) => ({
    id,
    version,
    seenAt: seen_at,
    isAlive: seen_at > clock - aliveMs,
  }));
}
