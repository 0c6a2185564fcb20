import { sql } from "kysely";
import type { Connection } from "./connection.ts";

/**
 * The time by whose clock it is earlier, this process's or the database's, which is one for all nodes: what is to be
 * deleted by its age must not go early because one of them runs ahead. SQLite has none but its process's.
 * @param now the process's
 * @returns Unix milliseconds
 */
export async function earlierClock(connection: Connection, now: number): Promise<number> {
  if (!connection.engine.ownClock) return now;
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
  `.execute(connection);
  return Math.min(now, rows[0]?.now ?? now);
}
