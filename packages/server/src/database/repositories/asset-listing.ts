import type { Connection } from "../database.ts";
import { type AssetRow, selectAssets } from "./assets.ts";

export type SortKey = "NAME" | "CREATED" | "UPDATED" | "HEIGHT" | "WIDTH" | "SIZE";

/** Which assets are asked for, and which part of them. */
export interface AssetListing {
  /** The current versions, or all the others. */
  readonly type: "file" | "file-version";
  /** This folder alone, without those below it; undefined means the whole library. */
  readonly folderPath: string | undefined;
  readonly fileType: "image" | "non-image" | undefined;
  readonly sort: { readonly key: SortKey; readonly direction: "asc" | "desc" };
  readonly limit: number;
  readonly skip: number;
}

/** A file's times are its own, an old version's its own (docs/protocol/media-api.md §2.1). */
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

/** One page. The order is total, so that pages neither overlap nor leave anything out. */
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
    // The databases disagree on where nulls stand unless they are told.
    query = query.orderBy(mediaColumns[sort.key], (order) => order[sort.direction]().nullsLast());
  } else {
    query = query.orderBy(sort.key === "SIZE" ? "versions.size" : columns[sort.key], sort.direction);
  }
  return query.orderBy(columns.id, sort.direction).limit(listing.limit).offset(listing.skip).execute();
}
