import { type Insertable, type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import type { OriginsTable } from "../schema.ts";

export type OriginRow = Selectable<OriginsTable>;

/** Lists the origins in the order in which they were created. */
export async function listOrigins(connection: Connection, accountId: string): Promise<OriginRow[]> {
  return selectOf(connection, accountId).orderBy("created_at").orderBy("id").execute();
}

export async function findOrigin(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<OriginRow | undefined> {
  return selectOf(connection, accountId).where("id", "=", id).executeTakeFirst();
}

/** Lists the different beginnings, of this length, that the encrypted secrets of all accounts have. */
export async function listSecretsHeads(connection: Connection, length: number): Promise<string[]> {
  const rows = await connection
    .selectFrom("origins")
    .select(sql<string>`substr(secrets, 1, ${sql.lit(length)})`.as("head"))
    .where("secrets", "is not", null)
    .distinct()
    .execute();
  return rows.map(({ head }) => head);
}

export async function insertOrigin(connection: Connection, row: Insertable<OriginsTable>): Promise<void> {
  await connection.insertInto("origins").values(row).execute();
}

function selectOf(connection: Connection, accountId: string) {
  return connection.selectFrom("origins").selectAll().where("account_id", "=", accountId);
}
