import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { locking, lockingWhatIsFree, sharing } from "../locks.ts";

/** The floor of the library: the level that a server needs to serve it. */
export interface NodeFloor {
  readonly level: number;
  /** The first version that is of this level. */
  readonly since: string;
}

const floorOf = (connection: Connection) => connection.selectFrom("node_floor").select(["level", "since"]);

export async function findFloor(connection: Connection): Promise<NodeFloor> {
  return floorOf(connection).executeTakeFirstOrThrow();
}

/** Waits for whoever raises the floor, and keeps it as it is until the transaction ends. */
export async function shareFloor(connection: Connection): Promise<NodeFloor> {
  return sharing(connection, floorOf(connection)).executeTakeFirstOrThrow();
}

/** Waits for nodes that are being recorded, and keeps others from being recorded until the transaction ends. */
export async function lockFloor(connection: Connection): Promise<NodeFloor> {
  return locking(connection, floorOf(connection)).executeTakeFirstOrThrow();
}

export async function raiseFloor(connection: Connection, { level, since }: NodeFloor): Promise<void> {
  await connection.updateTable("node_floor").set({ level, since }).execute();
}

export interface NodeToRecord {
  readonly id: string;
  readonly version: string;
  readonly level: number;
  /** The time by this process's clock. */
  readonly now: number;
}

interface RecordedNode {
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
