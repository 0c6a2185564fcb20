import type { Connection } from "../database.ts";
import { locking, sharing } from "../locks.ts";

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
