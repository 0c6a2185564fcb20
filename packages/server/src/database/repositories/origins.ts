import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
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

export async function updateOrigin(
  connection: Connection,
  accountId: string,
  id: string,
  change: Updateable<OriginsTable>,
): Promise<void> {
  await connection
    .updateTable("origins")
    .set(change)
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .execute();
}

/** @returns whether the origin existed */
export async function deleteOrigin(connection: Connection, accountId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom("origins")
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

function selectOf(connection: Connection, accountId: string) {
  return connection.selectFrom("origins").selectAll().where("account_id", "=", accountId);
}
