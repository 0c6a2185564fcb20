import type { Viewer } from "../../../access/viewer.ts";
import type { Connection } from "../../database.ts";
import { type AssetRow, selectSeen } from "../../repositories/assets.ts";
import type { FolderRow } from "../../repositories/folders.ts";
import { kinds } from "../row.ts";
import type { FoundRow } from "./find-page.ts";

export type FoundObject =
  | { readonly kind: "file"; readonly asset: AssetRow }
  | { readonly kind: "folder"; readonly folder: FolderRow };

/** Reads the objects of a page, in its order. An object that has been deleted since it was found is left out. */
export async function readObjects(
  reader: Connection,
  viewer: Viewer,
  rows: readonly FoundRow[],
): Promise<FoundObject[]> {
  const versionIds = rows.flatMap(({ version_id: id }) => (id === null ? [] : [id]));
  const folderIds = rows.flatMap(({ kind, id }) => (kind === kinds.folder ? [id] : []));
  const assets = new Map((await assetsOf(reader, viewer, versionIds)).map((asset) => [asset.id, asset]));
  const folders = new Map((await foldersOf(reader, viewer, folderIds)).map((folder) => [folder.id, folder]));
  return rows.flatMap(({ version_id: versionId, id }): FoundObject[] => {
    if (versionId !== null) {
      const asset = assets.get(versionId);
      return asset === undefined ? [] : [{ kind: "file", asset }];
    }
    const folder = folders.get(id);
    return folder === undefined ? [] : [{ kind: "folder", folder }];
  });
}

async function assetsOf(reader: Connection, viewer: Viewer, ids: readonly string[]): Promise<AssetRow[]> {
  if (ids.length === 0) return [];
  return selectSeen(reader, viewer, "versions").where("versions.id", "in", padded(ids)).execute();
}

async function foldersOf(reader: Connection, viewer: Viewer, ids: readonly string[]): Promise<FolderRow[]> {
  if (ids.length === 0) return [];
  return reader
    .selectFrom("folders")
    .selectAll()
    .where("id", "in", padded(ids))
    .where("account_id", "=", viewer.accountId)
    .execute();
}

/** Repeats the last id, so that there are few statements of different lengths to prepare. */
function padded(ids: readonly string[]): string[] {
  const length = 2 ** Math.ceil(Math.log2(ids.length));
  return [...ids, ...Array.from({ length: length - ids.length }, () => ids.at(-1) ?? "")];
}
