import { sql } from "kysely";
import type { Connection } from "../database/database.ts";
import { findDueLanes } from "../database/repositories/due-jobs.ts";
import { bossSchema } from "./postgres/boss-schema.ts";
import { hasBossTable } from "./postgres/boss-source.ts";

/** Whether any job of these names, of whatever account, has been due for longer than this. */
export async function hasLateJobs(
  connection: Connection,
  { names, now, lateMs }: { readonly names: readonly string[]; readonly now: number; readonly lateMs: number },
): Promise<boolean> {
  if (names.length === 0) return false;
  if (connection.engine.externalQueue === undefined) {
    for (const name of names) {
      if ((await findDueLanes(connection, { name, now: now - lateMs, limit: 1 })).length > 0) return true;
    }
    return false;
  }
  if (!(await hasBossTable(connection))) return false;
  const { rows } = await sql`
    select 1 from ${sql.raw(`${bossSchema}.job`)}
    where name in (${sql.join(names)}) and state < 'active'
      and start_after < clock_timestamp() - ${lateMs}::float8 * interval '1 millisecond'
    limit 1
  `.execute(connection);
  return rows.length > 0;
}
