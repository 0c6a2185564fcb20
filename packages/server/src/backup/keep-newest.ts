import type { Progress } from "../observability/progress.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { BackupPlace } from "./backup-place.ts";
import { ContentList } from "./content-list.ts";
import { type Manifest, readManifests } from "./manifest.ts";
import { readContents } from "./read-rows.ts";

export interface Pruned {
  readonly backups: number;
  readonly contents: number;
}

export interface BackupsToKeep {
  readonly place: BackupPlace;
  readonly keep: number;
  /** The backup that was just made. It is kept, also if an earlier one has a later time by a clock that was set back. */
  readonly made: Pick<Manifest, "id" | "parts">;
}

/**
 * Deletes all backups but the newest ones, and what no backup needs any more. The manifests go first, so a backup whose
 * contents are gone is no backup any more. What is younger than the beginning of the backup that was just made stays: it
 * may belong to a backup that another library makes, whose manifest comes last.
 * @throws StorageError when a manifest is damaged: what its backup needs is not known
 */
export async function keepNewest(
  { place, keep, made }: BackupsToKeep,
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
    const since = await beganAt(place, made, signal);
    const ordered = [...backups.filter(({ id }) => id === made.id), ...backups.filter(({ id }) => id !== made.id)];
    const [kept, dropped] = [ordered.slice(0, keep), ordered.slice(keep)];
    for (const manifest of kept) {
      for await (const content of readContents(place.rows, manifest, signal)) list.want(content);
    }
    const unfinished = unusable.filter(({ storedAt }) => storedAt < since);
    for (const { id } of [...dropped, ...unfinished]) await place.manifests.delete(id, signal);
    const parts = new Set(kept.flatMap((manifest) => manifest.parts.map(({ key }) => key)));
    for await (const { key, modifiedAt } of place.rows.list(signal)) {
      if (!parts.has(key) && modifiedAt.getTime() < since) await place.rows.delete(key, signal);
    }
    for await (const entry of place.contents.list(signal)) if (entry.modifiedAt.getTime() < since) list.note(entry);
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

/** When the backup's first part was stored, by the clock of the place. */
async function beganAt({ rows }: BackupPlace, { parts }: BackupsToKeep["made"], signal: AbortSignal): Promise<number> {
  const keys = new Set(parts.map(({ key }) => key));
  let began = Number.POSITIVE_INFINITY;
  for await (const { key, modifiedAt } of rows.list(signal)) {
    if (keys.has(key)) began = Math.min(began, modifiedAt.getTime());
  }
  return Number.isFinite(began) ? began : 0;
}
