import { type RawBuilder, sql } from "kysely";
import type { Connection } from "./connection.ts";

const ownClock = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * The database's clock as a part of a statement, in Unix milliseconds. All nodes share it, so that they agree on whether a
 * lease has run out. SQLite has no clock but its process's.
 * @param now the time by the process's clock
 */
export function clockOf(connection: Connection, now: number): RawBuilder<number> {
  return connection.engine.ownClock ? ownClock : sql<number>`${now}`;
}

/**
 * Returns the earlier time of two clocks: this process's clock and the database's clock, which all nodes share. Data
 * that is deleted by its age must not be deleted early because one of the clocks runs ahead. SQLite has no clock but
 * its process's.
 * @param now the time by the process's clock
 * @returns Unix milliseconds
 */
export async function earlierClock(connection: Connection, now: number): Promise<number> {
  if (!connection.engine.ownClock) return now;
  const { rows } = await sql<{ now: number }>`select ${ownClock} as now`.execute(connection);
  return Math.min(now, rows[0]?.now ?? now);
}
