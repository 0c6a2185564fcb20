import { type Selectable, sql, type Updateable } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { CustomMetadataFieldsTable } from "../schema.ts";

export type CustomMetadataFieldRow = Selectable<CustomMetadataFieldsTable>;

/** Lists the fields in the order in which they were created. */
export async function listCustomMetadataFields(
  connection: Connection,
  viewer: Viewer,
  { includeDeleted }: { readonly includeDeleted: boolean } = { includeDeleted: false },
): Promise<CustomMetadataFieldRow[]> {
  const { rows } = await (includeDeleted ? listAll : listLiving)(connection, { accountId: viewer.accountId });
  return rows;
}

const listLiving = prepared((connection, by: { readonly accountId: string }) =>
  selectAll(connection).where("account_id", "=", by.accountId).where("deleted_at", "is", null),
);

const listAll = prepared((connection, by: { readonly accountId: string }) =>
  selectAll(connection).where("account_id", "=", by.accountId),
);

function selectAll(connection: Connection) {
  return connection.selectFrom("custom_metadata_fields").selectAll().orderBy("created_at").orderBy("id");
}

export async function findCustomMetadataField(
  connection: Connection,
  viewer: Viewer,
  by: { readonly id: string } | { readonly name: string } | { readonly label: string },
): Promise<CustomMetadataFieldRow | undefined> {
  const query = connection.selectFrom("custom_metadata_fields").selectAll().where("account_id", "=", viewer.accountId);
  if ("id" in by) return query.where("id", "=", by.id).executeTakeFirst();
  if ("name" in by) return query.where("name", "=", by.name).executeTakeFirst();
  // Another field may have the label of a deleted field.
  return query.where("label", "=", by.label).where("deleted_at", "is", null).executeTakeFirst();
}

/** Counts the account's fields, including deleted ones. */
export async function countCustomMetadataFields(connection: Connection, accountId: string): Promise<number> {
  const { count } = await connection
    .selectFrom("custom_metadata_fields")
    .where("account_id", "=", accountId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns the size of the deleted fields' schemas in bytes. */
export async function sumDeletedSchemas(connection: Connection, accountId: string): Promise<number> {
  const { sum } = await connection
    .selectFrom("custom_metadata_fields")
    .where("account_id", "=", accountId)
    .where("deleted_at", "is not", null)
    .select(sql<number | null>`sum(octet_length(schema))`.as("sum"))
    .executeTakeFirstOrThrow();
  return Number(sum ?? 0);
}

export async function insertCustomMetadataField(connection: Connection, row: CustomMetadataFieldRow): Promise<void> {
  await connection.insertInto("custom_metadata_fields").values(row).execute();
}

export async function updateCustomMetadataField(
  connection: Connection,
  id: string,
  change: Updateable<CustomMetadataFieldsTable>,
): Promise<void> {
  await connection.updateTable("custom_metadata_fields").set(change).where("id", "=", id).execute();
}
