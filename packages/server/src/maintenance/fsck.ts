import { createHash } from "node:crypto";
import type { Connection } from "../database/database.ts";
import { type BlobRow, findBlobByContent, findStorageKeys } from "../database/repositories/blobs.ts";
import {
  countRows,
  type FilePlace,
  findFilesInForeignFolders,
  findFilesWithoutCurrent,
  findHalfTrashed,
  findMiscountedAccounts,
  findMisplacedFolders,
  findStrayVersions,
  findVersionsWithoutBlob,
  pageOfBlobs,
  sumBlobSizes,
} from "../database/repositories/consistency.ts";
import { findKeysOfSessions, isUnchangedSession, pageOfOpenSessions } from "../database/repositories/open-sessions.ts";
import { findMisindexed } from "../database/search-index/check-index.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import type { SessionBytes } from "../upload/resumable/sessions/session.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { findOrphanedPieces } from "./sweep-sessions.ts";

const pageSize = 500;

type Services = Pick<MaintenanceDeps, "blobs" | "database">;

/** @returns a problem for each open session that lacks bytes which were acknowledged */
async function findIncompleteSessions({ blobs, database }: Services, signal: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (let after: Uint8Array = new Uint8Array(); ; ) {
    const page = await pageOfOpenSessions(database.reader, after, pageSize);
    for (const row of page) {
      signal.throwIfAborted();
      if (row.bytes === null || (await blobs.partial.holds(JSON.parse(row.bytes) as SessionBytes, signal))) continue;
      // While a server runs, the upload may have gone on since.
      if (!(await isUnchangedSession(database.reader, row))) continue;
      problems.push(`a resumable upload of account ${row.account_id} (${row.blob_key}) lacks bytes that have come`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return problems;
    after = last.id_digest;
  }
}

export interface FsckReport {
  readonly files: number;
  readonly versions: number;
  readonly blobs: number;
  /** Files in the trash. They and their versions are not among the others. */
  readonly trashedFiles: number;
  /** Findings that must never happen: something that was acknowledged is missing or damaged. */
  readonly problems: readonly string[];
  /** Remains that a crash may leave behind and the sweep removes. */
  readonly notes: readonly string[];
}

type FsckServices = Pick<MaintenanceDeps, "blobs" | "database">;

/**
 * Proves that database and store agree, in both directions (docs/architecture.md decision 2). Every version must have
 * its blob. Every blob must have its object, of the right length and, when `deep`, with the right SHA-256. Every object
 * must have a row that names it. The same holds for resumable uploads and the bytes that they have received.
 */
export async function checkConsistency(
  services: FsckServices,
  { deep, progress = noProgress }: { readonly deep: boolean; readonly progress?: Progress },
  signal: AbortSignal,
): Promise<FsckReport> {
  const { reader } = services.database;
  const problems: string[] = [];
  const notes: string[] = [];
  await progress.begin("checking the database", "checks", async () => rowChecks.length);
  for (const { find, problem } of rowChecks) {
    signal.throwIfAborted();
    for (const id of await find(reader)) problems.push(problem(id));
    progress.advance(1);
  }
  await checkBlobs(services, { deep, progress }, problems, signal);
  await checkObjects(services, progress, notes, signal);
  problems.push(...(await findIncompleteSessions(services, signal)));
  for (const key of await findOrphanedPieces(services, signal)) {
    notes.push(`bytes of a resumable upload, ${key}, belong to no session; the sweep will take them`);
  }
  return {
    files: await countRows(reader, "files"),
    versions: await countRows(reader, "versions"),
    blobs: await countRows(reader, "blobs"),
    trashedFiles: await countRows(reader, "trashed_files"),
    problems,
    notes,
  };
}

interface RowCheck {
  readonly find: (reader: Connection) => Promise<string[]>;
  readonly problem: (id: string) => string;
}

/** @param where comes after the id of a file or a version there */
function checksOf(place: FilePlace, where: string): RowCheck[] {
  return [
    {
      find: (reader) => findVersionsWithoutBlob(reader, place),
      problem: (id) => `version ${id}${where} has no blob that fits it`,
    },
    {
      find: (reader) => findFilesWithoutCurrent(reader, place),
      problem: (id) => `file ${id}${where} has no current version`,
    },
    {
      find: (reader) => findStrayVersions(reader, place),
      problem: (id) => `version ${id}${where} does not belong to its file`,
    },
  ];
}

const rowChecks: readonly RowCheck[] = [
  ...checksOf({ files: "files", versions: "versions" }, ""),
  ...checksOf({ files: "trashed_files", versions: "trashed_versions" }, " in the trash"),
  { find: findHalfTrashed, problem: (id) => `file ${id} is in the trash and in the library` },
  { find: findMisplacedFolders, problem: (id) => `folder ${id} has a path that does not follow from its parent's` },
  { find: findFilesInForeignFolders, problem: (id) => `file ${id} is in no folder of its account` },
  { find: findMisindexed, problem: (id) => `the search index shows ${id} otherwise than it is` },
  {
    find: findMiscountedAccounts,
    problem: (id) => `account ${id} stores other than what its count of stored bytes says`,
  },
];

interface BlobCheck {
  readonly deep: boolean;
  readonly progress: Progress;
}

async function checkBlobs(
  services: FsckServices,
  { deep, progress }: BlobCheck,
  problems: string[],
  signal: AbortSignal,
): Promise<void> {
  const { reader } = services.database;
  if (deep) await progress.begin("reading the objects", "bytes", () => sumBlobSizes(reader));
  else await progress.begin("looking for the objects", "objects", () => countRows(reader, "blobs"));
  for (let after = ""; ; ) {
    const rows = await pageOfBlobs(reader, after, pageSize);
    for (const row of rows) {
      signal.throwIfAborted();
      const problem = await problemOf(services, row, { deep, progress }, signal);
      // While a server runs, the row may have been removed, or been given another object, since it was read.
      if (problem !== undefined && (await isUnchanged(services, row)))
        problems.push(`blob ${row.id} (${row.storage_key}) ${problem}`);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.id;
  }
}

async function isUnchanged({ database }: FsckServices, row: BlobRow): Promise<boolean> {
  const again = await findBlobByContent(database.reader, row.account_id, row.sha256);
  return again?.storage_key === row.storage_key;
}

async function problemOf(
  { blobs }: FsckServices,
  row: BlobRow,
  { deep, progress }: BlobCheck,
  signal: AbortSignal,
): Promise<string | undefined> {
  const size = await blobs.size(row.storage_key, signal);
  // What isn't read is in the total all the same.
  if (!deep || size !== row.size) progress.advance(deep ? row.size : 1);
  if (size === undefined) return "has no object in the store";
  if (size !== row.size) return `has ${size} bytes in the store instead of ${row.size}`;
  if (!deep) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of (await blobs.read(row.storage_key, undefined, signal)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    progress.advance(chunk.length);
  }
  return hash.digest().equals(row.sha256) ? undefined : "has other content than it was stored with";
}

async function checkObjects(
  { blobs, database }: FsckServices,
  progress: Progress,
  notes: string[],
  signal: AbortSignal,
): Promise<void> {
  await progress.begin("looking for objects without a row", "objects", () => countRows(database.reader, "blobs"));
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    const unfinished = await findKeysOfSessions(database.reader, keys);
    const named = await findStorageKeys(database.reader, keys);
    for (const key of keys) {
      if (named.has(key) || unfinished.has(key)) continue;
      notes.push(`object ${key} is named by no row; the sweep will take it`);
    }
    keys = [];
  };
  for await (const { key } of blobs.list(signal)) {
    progress.advance(1);
    if (keys.push(key) >= pageSize) await flush();
  }
  await flush();
}
