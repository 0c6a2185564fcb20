import type { Selectable, Updateable } from "kysely";
import type { Connection } from "../database.ts";
import type { NamedTransformationsTable } from "../schema.ts";

export type NamedTransformationRow = Selectable<NamedTransformationsTable>;

/** Lists the transformations in the order in which they were created. */
export async function listNamedTransformations(
  connection: Connection,
  accountId: string,
): Promise<NamedTransformationRow[]> {
  return selectOf(connection, accountId).orderBy("created_at").orderBy("id").execute();
}

export async function findNamedTransformation(
  connection: Connection,
  accountId: string,
  by: { readonly id: string } | { readonly name: string },
): Promise<NamedTransformationRow | undefined> {
  const query = selectOf(connection, accountId);
  return ("id" in by ? query.where("id", "=", by.id) : query.where("name", "=", by.name)).executeTakeFirst();
}

export async function insertNamedTransformation(connection: Connection, row: NamedTransformationRow): Promise<void> {
  await connection.insertInto("named_transformations").values(row).execute();
}

export async function updateNamedTransformation(
  connection: Connection,
  id: string,
  change: Updateable<NamedTransformationsTable>,
): Promise<void> {
  await connection.updateTable("named_transformations").set(change).where("id", "=", id).execute();
}

/** @returns whether the transformation existed */
export async function deleteNamedTransformation(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom("named_transformations")
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

function selectOf(connection: Connection, accountId: string) {
  return connection.selectFrom("named_transformations").selectAll().where("account_id", "=", accountId);
}
