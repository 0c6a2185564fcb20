import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { ExtensionRunsTable } from "../schema.ts";

export type ExtensionRunRow = Selectable<ExtensionRunsTable>;

export async function insertExtensionRun(connection: Connection, row: ExtensionRunRow): Promise<void> {
  await connection.insertInto("extension_runs").values(row).execute();
}

export async function findExtensionRun(connection: Connection, id: string): Promise<ExtensionRunRow | undefined> {
  return connection.selectFrom("extension_runs").selectAll().where("id", "=", id).executeTakeFirst();
}

/** @returns false when the run had ended before */
export async function deleteExtensionRun(connection: Connection, id: string): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom("extension_runs")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Lists the runs that began before this time. Their ids are in the order of time. */
export async function listExtensionRunsBefore(
  connection: Connection,
  before: number,
  limit: number,
): Promise<ExtensionRunRow[]> {
  return connection
    .selectFrom("extension_runs")
    .selectAll()
    .where("created_at", "<", before)
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Finds the version's content in the store. */
export async function findVersionContent(
  connection: Connection,
  versionId: string,
): Promise<{ readonly storage_key: string; readonly size: number } | undefined> {
  return connection
    .selectFrom("versions")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select(["blobs.storage_key", "blobs.size"])
    .where("versions.id", "=", versionId)
    .executeTakeFirst();
}
