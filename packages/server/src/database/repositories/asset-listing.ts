import type { Connection } from "../database.ts";
import { type AssetRow, selectAssets } from "./assets.ts";

export type SortKey = "NAME" | "CREATED" | "UPDATED" | "HEIGHT" | "WIDTH" | "SIZE";

/** Selects assets and one page of them. */
export interface AssetListing {
  /** The current versions, or all other versions. */
  readonly type: "file" | "file-version";
  /** Only this folder, without its subfolders; undefined means the whole library. */
  readonly folderPath: string | undefined;
  readonly fileType: "image" | "non-image" | undefined;
  readonly sort: { readonly key: SortKey; readonly direction: "asc" | "desc" };
  readonly limit: number;
  readonly skip: number;
}

/** Files sort by the times of the file, old versions by their own times (docs/protocol/media-api.md §2.1). */
const sortColumns = {
  file: { NAME: "files.name", CREATED: "files.created_at", UPDATED: "files.updated_at", id: "files.id" },
  "file-version": {
    NAME: "files.name",
    CREATED: "versions.created_at",
    UPDATED: "versions.updated_at",
    id: "versions.id",
  },
} as const;

const mediaColumns = { HEIGHT: "versions.height", WIDTH: "versions.width" } as const;

/** Lists one page. The order is total, so pages neither overlap nor leave anything out. */
export async function listAssets(
  connection: Connection,
  accountId: string,
  listing: AssetListing,
): Promise<AssetRow[]> {
  const { type, folderPath, fileType, sort } = listing;
  const columns = sortColumns[type];
  let query = selectAssets(connection)
    .where("files.account_id", "=", accountId)
    .whereRef("versions.id", type === "file" ? "=" : "!=", "files.current_version_id");
  if (folderPath !== undefined) {
    query = query.where("folders.account_id", "=", accountId).where("folders.path", "=", folderPath);
  }
  if (fileType !== undefined) query = query.where("versions.file_type", "=", fileType);
  if (sort.key === "HEIGHT" || sort.key === "WIDTH") {
    // Without this, the databases disagree on where nulls stand.
    query = query.orderBy(mediaColumns[sort.key], (order) => order[sort.direction]().nullsLast());
  } else {
    query = query.orderBy(sort.key === "SIZE" ? "versions.size" : columns[sort.key], sort.direction);
  }
  return query.orderBy(columns.id, sort.direction).limit(listing.limit).offset(listing.skip).execute();
}
