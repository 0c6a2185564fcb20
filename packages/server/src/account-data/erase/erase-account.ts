import { type AccountTableName, accountTableNames } from "../../database/account-tables.ts";
import { DatabaseError } from "../../database/database.ts";
import { type AccountRowValues, keysOf, pageOfAccountRows } from "../../database/repositories/account-rows.ts";
import { countVersionsOf } from "../../database/repositories/files.ts";
import type { UploadSessionRow } from "../../database/repositories/upload-sessions.ts";
import { madeForOneOf } from "../../delivery/renditions/kept/rendition-key.ts";
import { removeAccountJobs } from "../../jobs/remove-account-jobs.ts";
import { ContentHold } from "../../library/holds/content-hold.ts";
import { discardReceived } from "../../upload/resumable/end-session.ts";
import { endedSessionOf } from "../../upload/resumable/sessions/session.ts";
import type { ErasureDeps } from "../deps.ts";
import {
  closeAccount,
  eraseAccountFiles,
  eraseAccountRows,
  removeAccount,
  settleAccount,
} from "./erasure-transactions.ts";

/** The number of rows that one transaction erases, because others wait for the database meanwhile. */
const rowsPerTransaction = 400;

const pageSize = 200;
const deletionsAtOnce = 8;

/**
 * Erases the account's contents, once no version refers to them: each object, then its row. A crash in between leaves
 * rows whose objects are gone. The next erasure of the account removes those.
 */
async function eraseBlobs(
  { blobs, database }: Pick<ErasureDeps, "blobs" | "database">,
  accountId: string,
  signal: AbortSignal,
): Promise<{ readonly blobs: number; readonly bytes: number }> {
  let [count, bytes] = [0, 0];
  for (let after: AccountRowValues | undefined; ; ) {
    const rows = await pageOfAccountRows(database.reader, "blobs", accountId, { after, limit: pageSize });
    for (let start = 0; start < rows.length; start += deletionsAtOnce) {
      const some = rows.slice(start, start + deletionsAtOnce);
      await Promise.all(some.map(({ storage_key: key }) => blobs.delete(String(key), signal)));
    }
    if (rows.length > 0)
      count += await database.run(eraseAccountRows, { accountId, table: "blobs", rows: keysOf("blobs", rows) });
    bytes += rows.reduce((sum, { size }) => sum + Number(size), 0);
    if (rows.length < pageSize) return { blobs: count, bytes };
    after = rows.at(-1);
  }
}

/**
 * Erases the account's resumable uploads: what each has received, then its row. The account is closed, so nothing more
 * of them can be stored. The blobs of stored ones are erased with the account's others.
 * @returns how many there were
 */
async function eraseSessions(
  { blobs, database }: Pick<ErasureDeps, "blobs" | "database">,
  accountId: string,
  signal: AbortSignal,
): Promise<number> {
  let erased = 0;
  for (let after: AccountRowValues | undefined; ; ) {
    const rows = await pageOfAccountRows(database.reader, "upload_sessions", accountId, { after, limit: pageSize });
    for (const row of rows) await discardReceived(blobs, endedSessionOf(row as unknown as UploadSessionRow), signal);
    if (rows.length > 0) {
      const keys = keysOf("upload_sessions", rows);
      erased += await database.run(eraseAccountRows, { accountId, table: "upload_sessions", rows: keys });
    }
    if (rows.length < pageSize) return erased;
    after = rows.at(-1);
  }
}

/**
 * Erases the account's files with their versions. A file may have a hundred versions, so a transaction's size is
 * counted in versions.
 */
async function eraseFiles(
  database: ErasureDeps["database"],
  accountId: string,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly versions: number }> {
  let [files, versions] = [0, 0];
  for (let after: AccountRowValues | undefined; ; ) {
    const page = { after, limit: rowsPerTransaction };
    const rows = await pageOfAccountRows(database.reader, "files", accountId, page);
    const ids = rows.map(({ id }) => String(id));
    for (const fileIds of chunksOf(ids, await countVersionsOf(database.reader, ids))) {
      signal.throwIfAborted();
      const erased = await database.run(eraseAccountFiles, { accountId, fileIds });
      files += erased.files;
      versions += erased.versions;
    }
    if (rows.length < page.limit) return { files, versions };
    after = rows.at(-1);
  }
}

/** Groups files so that each group has about `rowsPerTransaction` versions. */
function* chunksOf(ids: readonly string[], counts: ReadonlyMap<string, number>): Generator<string[]> {
  let [chunk, versions]: [string[], number] = [[], 0];
  for (const fileId of ids) {
    chunk.push(fileId);
    versions += counts.get(fileId) ?? 0;
    if (versions < rowsPerTransaction) continue;
    yield chunk;
    [chunk, versions] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

interface Erasure {
  readonly accountId: string;
  readonly files: number;
  readonly versions: number;
  /** Contents in the store, and how many bytes they had. */
  readonly blobs: number;
  readonly bytes: number;
  readonly jobs: number;
  /** Rows of all other tables, including the account's own row. */
  readonly rows: number;
  /** Derived images, on this machine and in the bucket. */
  readonly derivedFiles: number;
  readonly sharedDerivedFiles: number;
}

/**
 * Requests that were let in earlier may still add a row now and then. Each round takes the rows that the one before has
 * missed.
 */
const maxRounds = 20;

/**
 * Erases an account with everything that is stored for it. When an erasure breaks off, running it again continues it.
 *
 * The account is closed first, in one transaction, and then transactions that saw it open are waited for. From then on
 * no version and no blob is added, because an upload checks the account in the transaction that would store it. So the
 * objects can go before the rows that name them, and those rows say what is left to do after a crash. No backup begins
 * meanwhile: it would have rows whose contents go.
 * @returns undefined where there is no such account
 * @throws DatabaseError, also while a backup or another erasure runs; StorageError; the signal's reason
 */
export async function eraseAccount(
  services: ErasureDeps,
  imagekitId: string,
  signal: AbortSignal,
): Promise<Erasure | undefined> {
  const hold = await ContentHold.take(services, signal);
  try {
    return await eraseHeld(services, imagekitId, AbortSignal.any([signal, hold.lost]));
  } finally {
    await hold.release();
  }
}

async function eraseHeld(services: ErasureDeps, imagekitId: string, signal: AbortSignal): Promise<Erasure | undefined> {
  const { database } = services;
  const accountId = await database.run(closeAccount, { imagekitId });
  if (accountId === undefined) return undefined;
  await database.run(settleAccount, { accountId });
  const sums = { files: 0, versions: 0, blobs: 0, bytes: 0, jobs: 0, rows: 0 };
  let derived = { derivedFiles: 0, sharedDerivedFiles: 0 };
  for (let round = 0; ; round++) {
    if (round === maxRounds) throw new DatabaseError("The account keeps getting new rows. Run the command again.");
    sums.jobs += await removeAccountJobs(database, services.jobOwners, accountId, signal);
    for (const table of accountTableNames) {
      if (table === "versions" || table === "accounts") continue;
      if (table === "files") add(sums, await eraseFiles(database, accountId, signal));
      else if (table === "blobs") add(sums, await eraseBlobs(services, accountId, signal));
      else if (table === "upload_sessions") sums.rows += await eraseSessions(services, accountId, signal);
      else sums.rows += await eraseRows(services, accountId, table, signal);
    }
    if (round === 0) derived = await eraseDerived(services, accountId, signal);
    signal.throwIfAborted();
    if (await database.run(removeAccount, { accountId })) break;
  }
  // A token may have been on its way to the ledger when the key pairs were deleted.
  for (const table of ["used_tokens", "used_v1_tokens"] as const) {
    sums.rows += await eraseRows(services, accountId, table, signal);
  }
  return { accountId, ...sums, ...derived, rows: sums.rows + 1 };
}

async function eraseRows(
  { database }: Pick<ErasureDeps, "database">,
  accountId: string,
  table: AccountTableName,
  signal: AbortSignal,
): Promise<number> {
  const page = { limit: rowsPerTransaction, direction: "desc" } as const;
  let erased = 0;
  for (let after: AccountRowValues | undefined; ; ) {
    signal.throwIfAborted();
    // Rows come in reverse order, so that the deepest folders come first.
    const rows = await pageOfAccountRows(database.reader, table, accountId, { ...page, after });
    if (rows.length > 0)
      erased += await database.run(eraseAccountRows, { accountId, table, rows: keysOf(table, rows) });
    if (rows.length < page.limit) return erased;
    after = rows.at(-1);
  }
}

async function eraseDerived(
  { blobs, derived }: ErasureDeps,
  accountId: string,
  signal: AbortSignal,
): Promise<{ derivedFiles: number; sharedDerivedFiles: number }> {
  const isOurs = madeForOneOf([accountId]);
  return {
    derivedFiles: await derived.drop(isOurs, signal),
    sharedDerivedFiles: (await blobs.sharedFiles?.remove(({ key }) => isOurs(key), signal)) ?? 0,
  };
}

function add<Name extends string>(sums: Record<Name, number>, more: { readonly [Key in Name]?: number }): void {
  for (const [name, count] of Object.entries(more) as [Name, number][]) sums[name] += count;
}
