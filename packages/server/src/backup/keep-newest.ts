import type { Progress } from "../observability/progress.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { BackupPlace } from "./backup-place.ts";
import { ContentList } from "./content-list.ts";
import { readManifests } from "./manifest.ts";
import { readContents } from "./read-rows.ts";

export interface Pruned {
  readonly backups: number;
  readonly contents: number;
}

/**
 * Deletes all backups but the newest ones, and what no backup needs any more. The manifests go first, so a backup whose
 * contents are gone is no backup any more.
 * @throws StorageError when a manifest is damaged: what its backup needs is not known
 */
export async function keepNewest(
  place: BackupPlace,
  keep: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<Pruned> {
  const { backups, unusable } = await readManifests(place.manifests, signal);
  const unknown = unusable.find(({ why }) => why !== "unfinished");
  if (unknown !== undefined) {
    throw new StorageError("STORAGE_FAILED", `No backup was deleted: the manifest ${unknown.id} is ${unknown.why}`);
  }
  await progress.begin("deleting earlier backups", "contents");
  const list = await ContentList.create();
  try {
    const [kept, dropped] = [backups.slice(0, keep), backups.slice(keep)];
    for (const manifest of kept) {
      for await (const content of readContents(place.rows, manifest, signal)) list.want(content);
    }
    for (const { id } of [...dropped, ...unusable]) await place.manifests.delete(id, signal);
    const parts = new Set(kept.flatMap((manifest) => manifest.parts.map(({ key }) => key)));
    for await (const { key } of place.rows.list(signal)) {
      if (!parts.has(key)) await place.rows.delete(key, signal);
    }
    for await (const entry of place.contents.list(signal)) list.note(entry);
    let contents = 0;
    for (const key of list.unwanted()) {
      signal.throwIfAborted();
      await place.contents.delete(key, signal);
      contents += 1;
      progress.advance(1);
    }
    return { backups: dropped.length, contents };
  } finally {
    await list.close();
  }
}
