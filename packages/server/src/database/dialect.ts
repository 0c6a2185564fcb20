import { PostgresAdapter, sql } from "kysely";
import type { Connection } from "./database.ts";

/** What the repositories have to spell differently for the two databases is here and in `locks.ts`, and nowhere else. */
export function isPostgres(connection: Pick<Connection, "getExecutor">): boolean {
  return connection.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The database's own clock, which is one for all nodes. SQLite has none but its process's.
 * @param now the process's
 * @returns Unix milliseconds
 */
export async function databaseClock(connection: Connection, now: number): Promise<number> {
  if (!isPostgres(connection)) return now;
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
  `.execute(connection);
  return rows[0]?.now ?? now;
}
