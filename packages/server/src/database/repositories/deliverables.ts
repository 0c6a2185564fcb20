import type { Connection } from "../database.ts";
import { type AssetRow, selectAssets } from "./assets.ts";

/** A version with what it takes to send it. */
export type DeliverableRow = AssetRow & {
  /** When the file last changed, so also when another of its versions became the current one. */
  readonly file_updated_at: number;
  readonly storage_key: string;
  readonly purges: number;
  readonly sha256: Uint8Array;
};

/**
 * The file's current version, or the one that `objectVersion` names, which may be the current one as well.
 * Says nothing about who may see it.
 */
export async function findDeliverable(
  connection: Connection,
  accountId: string,
  at: { readonly folder: string; readonly name: string },
  objectVersion: string | undefined,
): Promise<DeliverableRow | undefined> {
  const query = selectDeliverables(connection)
    .where("folders.account_id", "=", accountId)
    .where("folders.path", "=", at.folder)
    .where("files.name", "=", at.name);
  return objectVersion === undefined
    ? query.whereRef("versions.id", "=", "files.current_version_id").executeTakeFirst()
    : query.where("versions.object_version", "=", objectVersion).executeTakeFirst();
}

export async function findDeliverableVersion(
  connection: Connection,
  accountId: string,
  versionId: string,
): Promise<DeliverableRow | undefined> {
  return selectDeliverables(connection)
    .where("versions.id", "=", versionId)
    .where("versions.account_id", "=", accountId)
    .executeTakeFirst();
}

function selectDeliverables(connection: Connection) {
  return selectAssets(connection)
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select(["files.updated_at as file_updated_at", "blobs.storage_key", "blobs.sha256"]);
}
