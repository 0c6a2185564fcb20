import { PostgresAdapter, sql } from "kysely";
import type { Connection } from "./database.ts";

/** What the repositories have to spell differently for the two databases is here and in `locks.ts`, and nowhere else. */
export function isPostgres(connection: Pick<Connection, "getExecutor">): boolean {
  return connection.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The time by whose clock it is earlier, this process's or the database's, which is one for all nodes: what is to be
 * deleted by its age must not go early because one of them runs ahead. SQLite has none but its process's.
 * @param now the process's
 * @returns Unix milliseconds
 */
export async function earlierClock(connection: Connection, now: number): Promise<number> {
  if (!isPostgres(connection)) return now;
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
  `.execute(connection);
  return Math.min(now, rows[0]?.now ?? now);
}
