import { createHash } from "node:crypto";
import type { BlobRow } from "../database/repositories/blobs.ts";
import { findBlobByContent, findStorageKeys } from "../database/repositories/blobs.ts";
import {
  countRows,
  findFilesWithoutCurrent,
  findMiscountedAccounts,
  findStrayVersions,
  findVersionsWithoutBlob,
  pageOfBlobs,
} from "../database/repositories/consistency.ts";
import type { Services } from "../services.ts";

const page = 500;

export interface FsckReport {
  readonly files: number;
  readonly versions: number;
  readonly blobs: number;
  /** What must never be: something that was acknowledged is missing or damaged. */
  readonly problems: readonly string[];
  /** What a crash may leave and the sweep removes. */
  readonly notes: readonly string[];
}

type FsckServices = Pick<Services, "blobs" | "database">;

/**
 * Proves that database and store agree, in both directions (design decision 2): every version has its blob, every blob
 * its object, of the right length and, when `deep`, with the right SHA-256; and every object has a row that names it.
 */
export async function checkConsistency(
  services: FsckServices,
  { deep }: { readonly deep: boolean },
  signal: AbortSignal,
): Promise<FsckReport> {
  const { reader } = services.database;
  const problems: string[] = [];
  const notes: string[] = [];
  for (const id of await findVersionsWithoutBlob(reader)) problems.push(`version ${id} has no blob that fits it`);
  for (const id of await findFilesWithoutCurrent(reader)) problems.push(`file ${id} has no current version`);
  for (const id of await findStrayVersions(reader)) problems.push(`version ${id} does not belong to its file`);
  for (const id of await findMiscountedAccounts(reader)) {
    problems.push(`account ${id} stores other than what its count of stored bytes says`);
  }
  await checkBlobs(services, deep, problems, signal);
  await checkObjects(services, notes, signal);
  return {
    files: await countRows(reader, "files"),
    versions: await countRows(reader, "versions"),
    blobs: await countRows(reader, "blobs"),
    problems,
    notes,
  };
}

async function checkBlobs(
  services: FsckServices,
  deep: boolean,
  problems: string[],
  signal: AbortSignal,
): Promise<void> {
  for (let after = ""; ; ) {
    const rows = await pageOfBlobs(services.database.reader, after, page);
    for (const row of rows) {
      signal.throwIfAborted();
      const problem = await problemOf(services, row, deep, signal);
      // Beside a running server the row may have gone, or been given another object, since it was read.
      if (problem !== undefined && (await isUnchanged(services, row)))
        problems.push(`blob ${row.id} (${row.storage_key}) ${problem}`);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
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
  deep: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const size = await blobs.size(row.storage_key, signal);
  if (size === undefined) return "has no object in the store";
  if (size !== row.size) return `has ${size} bytes in the store instead of ${row.size}`;
  if (!deep) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of await blobs.read(row.storage_key, undefined, signal)) hash.update(chunk as Buffer);
  return hash.digest().equals(row.sha256) ? undefined : "has other content than it was stored with";
}

async function checkObjects({ blobs, database }: FsckServices, notes: string[], signal: AbortSignal): Promise<void> {
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    const named = await findStorageKeys(database.reader, keys);
    for (const key of keys) if (!named.has(key)) notes.push(`object ${key} is named by no row; the sweep will take it`);
    keys = [];
  };
  for await (const { key } of blobs.list(signal)) {
    if (keys.push(key) >= page) await flush();
  }
  await flush();
}
