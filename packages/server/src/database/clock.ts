import { sql } from "kysely";
import type { Connection } from "./connection.ts";

/**
 * Returns the earlier time of two clocks: this process's clock and the database's clock, which all nodes share. Data
 * that is deleted by its age must not be deleted early because one of the clocks runs ahead. SQLite has no clock but
 * its process's.
 * @param now the time by the process's clock
 * @returns Unix milliseconds
 */
export async function earlierClock(connection: Connection, now: number): Promise<number> {
  if (!connection.engine.ownClock) return now;
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
  `.execute(connection);
  return Math.min(now, rows[0]?.now ?? now);
}
