import { ConfigError } from "../config/config-error.ts";
import { libraryOf } from "../database/dump/snapshot.ts";
import { ContentHold } from "../library/holds/content-hold.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import { version } from "../observability/version.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { BackupPlace } from "./backup-place.ts";
import { ContentList } from "./content-list.ts";
import { type CopiedContents, copyContents } from "./copy-contents.ts";
import type { BackupDeps } from "./deps.ts";
import { type Manifest, type ManifestFacts, partsOf, readManifests, writeManifest } from "./manifest.ts";
import type { PlaceHold } from "./place-hold.ts";
import type { Seal } from "./seal.ts";
import { writeRows } from "./write-rows.ts";

export interface MadeBackup {
  readonly manifest: Manifest;
  /** The contents that the place lacked before, and those that the library lacks. */
  readonly copied: CopiedContents;
}

export interface BackupToMake {
  readonly place: BackupPlace;
  /** Encrypts the rows. */
  readonly seal?: Seal | undefined;
  /**
   * Is called once the backup is whole, while it still has its hold, so that no other backup of the library begins. The
   * signal is aborted when the hold is lost.
   */
  readonly whole?: (made: MadeBackup, signal: AbortSignal, progress: Progress) => Promise<void>;
}

/**
 * Makes a backup beside running servers. First all rows are read at one moment. Then the contents that they name are
 * copied, while no sweep deletes any. The manifest comes last, so a backup that breaks off is none.
 * @throws ConfigError when the place has backups of another library; DatabaseError, StorageError; the signal's reason
 */
export async function makeBackup(
  deps: BackupDeps,
  { place, seal, whole }: BackupToMake,
  signal: AbortSignal,
  progress: Progress = noProgress,
): Promise<MadeBackup> {
  const holds = await takeHolds(deps, place, signal);
  const ending = AbortSignal.any([signal, ...holds.map(({ lost }) => lost)]);
  let list: ContentList | undefined;
  try {
    list = await ContentList.create();
    const { backups } = await readManifests(place.manifests, ending);
    await progress.begin("copying the database", "rows");
    const takenAt = deps.now();
    const facts = await copyRows(deps, { place, seal }, { list, backups }, ending, progress);
    for await (const entry of place.contents.list(ending)) list.note(entry);
    const totals = list.totals();
    await progress.begin("copying the contents", "bytes", async () => totals.bytes);
    // What is older than a whole backup was durable when that backup ended.
    const trustedUntil = Math.max(0, ...backups.map(({ storedAt }) => storedAt));
    const copy = { from: deps.blobs, to: place.contents, list, trustedUntil, spool: place.spool };
    const copied = await copyContents(copy, ending, progress);
    const lacking = copied.problems.map(({ key }) => key);
    const sealed = seal === undefined ? {} : { recipients: [...seal.recipients] };
    await assertComplete(place, { list, parts: facts.parts, lacking }, ending);
    const all = { ...facts, ...totals, ...sealed, takenAt, endedAt: deps.now(), lacking };
    for (const hold of holds) await hold.assertHeld();
    const made = { manifest: await writeManifest(place.manifests, all, ending), copied };
    await whole?.(made, ending, progress);
    return made;
  } finally {
    for (const hold of holds) await hold.release();
    await list?.close();
  }
}

/** Takes the holds of the library and of the place, both or none. They are waited for at the same time. */
async function takeHolds(
  deps: BackupDeps,
  place: BackupPlace,
  signal: AbortSignal,
): Promise<readonly [ContentHold, PlaceHold]> {
  const failed = new AbortController();
  const taking = AbortSignal.any([signal, failed.signal]);
  const orFail = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const taken = [ContentHold.take(deps, taking).catch(orFail), place.takeHold(taking).catch(orFail)] as const;
  const outcomes = await Promise.allSettled(taken);
  if (taking.aborted) {
    for (const outcome of outcomes) if (outcome.status === "fulfilled") await outcome.value.release();
    throw taking.reason;
  }
  return Promise.all(taken);
}

/** Looks whether the place still has all that the manifest will name. A person or a rule of the bucket may delete there. */
async function assertComplete(
  { rows, contents }: BackupPlace,
  { list, parts, lacking }: { readonly list: ContentList } & Pick<ManifestFacts, "parts" | "lacking">,
  signal: AbortSignal,
): Promise<void> {
  const missing = new Set(parts.map(({ key }) => key));
  for await (const { key } of rows.list(signal)) missing.delete(key);
  list.forgetPresent();
  for await (const entry of contents.list(signal)) list.note(entry);
  const known = new Set(lacking);
  for (const { key, present } of list.wanted()) if (present === undefined && !known.has(key)) missing.add(key);
  const [first] = missing;
  if (first === undefined) return;
  throw new StorageError(
    "STORAGE_FAILED",
    `Something else has deleted ${missing.size} objects of this backup, such as ${first}. Run it again.`,
  );
}

async function copyRows(
  deps: BackupDeps,
  { place, seal }: BackupToMake,
  { list, backups }: { readonly list: ContentList; readonly backups: readonly ManifestFacts[] },
  signal: AbortSignal,
  progress: Progress,
): Promise<Pick<ManifestFacts, "sluice" | "migration" | "library" | "files" | "versions" | "parts">> {
  const snapshot = await deps.openSnapshot();
  try {
    const library = await libraryOf(snapshot);
    if (backups.some((backup) => backup.library !== library)) {
      throw new ConfigError("--to must not name a place that has backups of another library");
    }
    const onContent = list.want.bind(list);
    const toWrite = { snapshot, jobNames: deps.jobNames, store: place.rows, seal, onContent };
    const parts = await writeRows(toWrite, signal, progress);
    const { migration } = snapshot;
    const rowsOf = (table: "files" | "versions"): number =>
      partsOf({ parts }, table).reduce((sum, { rows }) => sum + rows, 0);
    return { sluice: version, migration, library, files: rowsOf("files"), versions: rowsOf("versions"), parts };
  } finally {
    await snapshot.close();
  }
}
