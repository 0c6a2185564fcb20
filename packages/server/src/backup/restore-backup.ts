import { ConfigError } from "../config/config-error.ts";
import { DatabaseError } from "../database/database.ts";
import { type DumpedTable, dumpedTables } from "../database/dump/dumped-tables.ts";
import type { Load } from "../database/dump/load.ts";
import { insertRestore } from "../database/repositories/restores.ts";
import { restoreJobs } from "../jobs/dumped-jobs.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import { StorageError } from "../storage/storage-error.ts";
import { newId } from "../text/id.ts";
import { ContentList } from "./content-list.ts";
import { type CopiedContents, copyContents } from "./copy-contents.ts";
import type { RestoreDeps } from "./deps.ts";
import { jobsTable, type Manifest, partsOf } from "./manifest.ts";
import { readPart } from "./read-rows.ts";
import { issuedAfterRestore } from "./restore-transactions.ts";
import { lookAtBackup, type PlacedBackup } from "./verify-backup.ts";

/**
 * Restores a backup into an empty database and an empty store. Everything is checked before anything is written, and
 * the database appears last and whole. A restore that breaks off can be run again.
 * @throws ConfigError when the backup is of a newer version, the store holds other contents, or the database is not
 *   empty; DatabaseError when the database can't be filled; StorageError when the backup is damaged; the signal's reason
 */
export async function restoreBackup(
  deps: RestoreDeps,
  backup: PlacedBackup,
  signal: AbortSignal,
  progress: Progress = noProgress,
): Promise<CopiedContents> {
  const { manifest, unseal } = backup;
  assertKnown(deps, manifest);
  if (manifest.recipients !== undefined && unseal === undefined) {
    throw new ConfigError(
      `--identity must name a file that opens the backup, which is encrypted to ${manifest.recipients.join(", ")}`,
    );
  }
  const list = await ContentList.create();
  try {
    const [problem] = await lookAtBackup(backup, list, signal, progress);
    if (problem !== undefined) throw new StorageError("STORAGE_FAILED", `The backup is damaged: ${problem}`);
    const load = await deps.openLoad(manifest.migration);
    try {
      const copied = await restoreContents(deps, backup, list, signal, progress);
      await progress.begin("restoring the database", "rows");
      await loadRows(deps, backup, load, signal, progress);
      const now = deps.now();
      await insertRestore(load.connection, { id: newId(), restoredAt: now, issuedAfter: issuedAfterRestore(now) });
      await load.finish();
      await deps.marker.end();
      return copied;
    } finally {
      await load.close();
    }
  } finally {
    await list.close();
  }
}

function assertKnown({ migrationNames }: RestoreDeps, { migration, sluice }: Manifest): void {
  if (migrationNames.includes(migration)) return;
  throw new ConfigError(
    `--from: the backup was made by Sluice ${sluice}, which knows tables (${migration}) that this version doesn't know; restore it with that version`,
  );
}

async function restoreContents(
  { blobs, spool, marker }: RestoreDeps,
  { place, manifest }: PlacedBackup,
  list: ContentList,
  signal: AbortSignal,
  progress: Progress,
): Promise<CopiedContents> {
  list.forgetPresent();
  for await (const entry of blobs.list(signal)) list.note(entry);
  // A restore that broke off has left some of the backup's contents.
  const [foreign] = (await marker.isOf(manifest.id)) ? list.unwanted() : list.present();
  if (foreign !== undefined) {
    throw new ConfigError(`the store of the new library must be empty: it holds contents, such as ${foreign}`);
  }
  await marker.begin(manifest.id);
  await progress.begin("restoring the contents", "bytes", async () => list.totals().bytes);
  const copy = { from: place.contents, to: blobs, list, trustedUntil: 0, spool };
  const copied = await copyContents(copy, signal, progress);
  const [first] = copied.problems;
  if (first === undefined) return copied;
  throw new StorageError(
    "STORAGE_FAILED",
    `The backup is damaged: ${copied.problems.length} contents are missing or have other bytes, such as ${first.key}`,
  );
}

async function loadRows(
  { jobNames, now }: RestoreDeps,
  { place, manifest, unseal }: PlacedBackup,
  load: Load,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const rows = { store: place.rows, unseal };
  for (const table of dumpedTables) {
    const parts = partsOf(manifest, table);
    if (parts.length > 0 || countedByTriggers.has(table)) await load.clear(table);
    for (const part of parts) {
      signal.throwIfAborted();
      const some = { table, columns: part.columns, rows: await readPart(rows, part, signal) };
      await load.insert(some).catch((error: unknown) => {
        throw new DatabaseError(`The rows of rows/${part.key}, of ${table}, don't fit into the database`, {
          cause: error,
        });
      });
      progress.advance(part.rows);
    }
  }
  for (const part of partsOf(manifest, jobsTable)) {
    const jobs = (await readPart(rows, part, signal)).map(([name, lane, dueAt, input]) => ({
      name: String(name),
      lane: String(lane),
      dueAt: Number(dueAt),
      input: String(input),
    }));
    const known = jobs.filter(({ name }) => jobNames.includes(name));
    await restoreJobs(load.connection, known, now());
  }
}

/** The tables into which triggers have written while other tables were filled. */
const countedByTriggers: ReadonlySet<DumpedTable> = new Set(["account_storage", "usage_storage"]);
