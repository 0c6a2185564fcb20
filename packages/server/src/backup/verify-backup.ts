import type { Progress } from "../observability/progress.ts";
import type { BackupPlace } from "./backup-place.ts";
import type { ContentList } from "./content-list.ts";
import { forEachOf, isWhole } from "./copy-contents.ts";
import type { Manifest } from "./manifest.ts";
import { DamagedRowsError, readBytes, readContents, readPart } from "./read-rows.ts";
import type { Transform } from "./seal.ts";

/** A backup in its place. */
export interface PlacedBackup {
  readonly place: Pick<BackupPlace, "rows" | "contents">;
  readonly manifest: Manifest;
  /** Opens rows that are encrypted. */
  readonly unseal?: Transform | undefined;
}

/**
 * Reads every row of a backup, and finds out whether the place has every content in its length. Of rows that are
 * encrypted, and that nothing opens, it reads the bytes.
 * @param list gets the contents that the backup has
 * @returns what is wrong with contents, a line for each
 * @throws DamagedRowsError; StorageError; the signal's reason
 */
export async function lookAtBackup(
  backup: PlacedBackup,
  list: ContentList,
  signal: AbortSignal,
  progress: Progress,
): Promise<string[]> {
  const { place, manifest, unseal } = backup;
  await progress.begin("checking the rows", "rows", async () =>
    manifest.parts.reduce((sum, { rows }) => sum + rows, 0),
  );
  const lacking = new Set(manifest.lacking);
  for (const part of manifest.parts) {
    if (part.sealed === true && unseal === undefined) await readBytes(place.rows, part, signal);
    else if (part.table !== "blobs") await readPart({ store: place.rows, unseal }, part, signal);
    progress.advance(part.rows);
  }
  for await (const content of readContents(place.rows, manifest, signal)) {
    if (!lacking.has(content.key)) list.want(content);
  }
  for await (const entry of place.contents.list(signal)) list.note(entry);
  const problems: string[] = [];
  for (const { key, size, present } of list.wanted()) {
    if (present === undefined) problems.push(`content ${key} is missing`);
    else if (present.size !== size) problems.push(`content ${key} has ${present.size} bytes instead of ${size}`);
  }
  return problems;
}

/** Reads every byte of a backup. @returns what is wrong, a line for each problem */
export async function verifyBackup(
  backup: PlacedBackup,
  list: ContentList,
  signal: AbortSignal,
  progress: Progress,
): Promise<string[]> {
  try {
    const problems = await lookAtBackup(backup, list, signal, progress);
    await progress.begin("reading the contents", "bytes", async () => list.totals().bytes);
    await forEachOf(list.wanted(), async (content) => {
      signal.throwIfAborted();
      const { key, size, present } = content;
      progress.advance(size);
      if (present?.size !== size) return;
      if (!(await isWhole(backup.place.contents, content, signal))) problems.push(`content ${key} has other bytes`);
    });
    return problems;
  } catch (error) {
    if (error instanceof DamagedRowsError) return [error.message];
    throw error;
  }
}
