import type { Selectable } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import type { NamedTransformationsTable } from "../schema.ts";

export type NamedTransformationRow = Selectable<NamedTransformationsTable>;

/** Lists the transformations in the order in which they were created. */
export async function listNamedTransformations(
  connection: Connection,
  viewer: Viewer,
): Promise<NamedTransformationRow[]> {
  return selectOf(connection, viewer).orderBy("created_at").orderBy("id").execute();
}

export async function findNamedTransformation(
  connection: Connection,
  viewer: Viewer,
  by: { readonly id: string } | { readonly name: string },
): Promise<NamedTransformationRow | undefined> {
  const query = selectOf(connection, viewer);
  return ("id" in by ? query.where("id", "=", by.id) : query.where("name", "=", by.name)).executeTakeFirst();
}

export async function insertNamedTransformation(connection: Connection, row: NamedTransformationRow): Promise<void> {
  await connection.insertInto("named_transformations").values(row).execute();
}

function selectOf(connection: Connection, viewer: Viewer) {
  return connection.selectFrom("named_transformations").selectAll().where("account_id", "=", viewer.accountId);
}
