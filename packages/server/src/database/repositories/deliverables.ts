import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { type AssetRow, selectAssets } from "./assets.ts";

/** A version with everything that is needed to send it. */
export type DeliverableRow = AssetRow & {
  /** The time at which the file last changed. Another of its versions becoming the current one is such a change. */
  readonly file_updated_at: number;
  readonly storage_key: string;
  readonly purges: number;
  readonly sha256: Uint8Array;
};

/**
 * Finds the file's current version, or the version that `objectVersion` names, which may be the current one as well.
 * The result says nothing about who may see the version.
 */
export async function findDeliverable(
  connection: Connection,
  viewer: Viewer,
  at: { readonly folder: string; readonly name: string },
  objectVersion: string | undefined,
): Promise<DeliverableRow | undefined> {
  const place = { accountId: viewer.accountId, path: at.folder, name: at.name };
  const { rows } =
    objectVersion === undefined
      ? await current(connection, place)
      : await named(connection, { ...place, objectVersion });
  return rows[0];
}

interface FileName {
  readonly accountId: string;
  /** The path of the folder. */
  readonly path: string;
  readonly name: string;
}

const current = prepared((connection, place: FileName) =>
  selectAt(connection, place).whereRef("versions.id", "=", "files.current_version_id"),
);

const named = prepared((connection, place: FileName & { readonly objectVersion: string }) =>
  selectAt(connection, place).where("versions.object_version", "=", place.objectVersion),
);

function selectAt(connection: Connection, { accountId, path, name }: FileName) {
  return selectDeliverables(connection)
    .where("folders.account_id", "=", accountId)
    .where("folders.path", "=", path)
    .where("files.name", "=", name);
}

export async function findDeliverableVersion(
  connection: Connection,
  viewer: Viewer,
  versionId: string,
): Promise<DeliverableRow | undefined> {
  return selectDeliverables(connection)
    .where("versions.id", "=", versionId)
    .where("versions.account_id", "=", viewer.accountId)
    .executeTakeFirst();
}

function selectDeliverables(connection: Connection) {
  return selectAssets(connection)
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select(["files.updated_at as file_updated_at", "blobs.storage_key", "blobs.sha256"]);
}
