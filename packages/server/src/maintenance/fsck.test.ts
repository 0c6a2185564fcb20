import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqlitePath } from "../app/open-database.ts";
import { findMiscountedAccounts } from "../database/repositories/consistency.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import type { Progress } from "../observability/progress.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { checkConsistency } from "./fsck.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

const problems = async () => (await checkConsistency(fixture.services, { deep: false }, never)).problems;

/** Changes the database without Sluice's knowledge. */
function execute(sql: string): void {
  const database = new DatabaseSync(sqlitePath(fixture.config.dataDir), { timeout: 10_000 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

test("an account whose count of stored bytes is wrong is named, also one that stores nothing", async () => {
  await fixture.upload("hello");
  expect(await problems()).toEqual([]);
  execute("update account_storage set bytes = bytes + 1");
  const { accountId } = fixture.principal;
  expect(await problems()).toEqual([`account ${accountId} stores other than what its count of stored bytes says`]);
  execute("delete from account_storage");
  expect(await problems()).toHaveLength(1);
  const stranger = fixture.stranger.accountId;
  execute(`insert into account_storage values ('${stranger}', 'a', 5), ('${accountId}', 'a', 5)`);
  expect(await problems()).toEqual([`account ${stranger} stores other than what its count of stored bytes says`]);
});

test("a version that can't be read is named, and so is what else is wrong", async () => {
  const { id } = await fixture.upload("hello");
  execute("update versions set tags = 'no JSON'; update account_storage set bytes = bytes + 1");
  const { accountId } = fixture.principal;
  expect(await problems()).toEqual([
    `the search index shows ${id} otherwise than it is`,
    `account ${accountId} stores other than what its count of stored bytes says`,
  ]);
});

test("what is wrong with the trash is named, in each direction", async () => {
  const { accountId } = fixture.principal;
  const { file_id: fileId, id, blob_id: blobId } = await fixture.upload("hello");
  const deletion = { accountId, fileId, trashMs: 1000, now: fixture.time };
  await fixture.parts.database.run(removeFileTransaction, deletion);
  expect(await checkConsistency(fixture.services, { deep: true }, never)).toMatchObject({
    ...{ files: 0, versions: 0, blobs: 1, trashedFiles: 1, problems: [], notes: [] },
  });
  const whole = "pragma foreign_keys = off; begin;";
  /** The problems after a change that is undone again. */
  const after = async (change: string, undo: string) => {
    execute(`${whole} ${change}; commit`);
    const found = await problems();
    execute(`${whole} ${undo}; commit`);
    return found;
  };
  const trashed = "update trashed_files set";
  const version = "update trashed_versions set";
  expect(await after(`${trashed} current_version_id = 'x'`, `${trashed} current_version_id = '${id}'`)).toEqual([
    `file ${fileId} in the trash has no current version`,
  ]);
  expect(await after(`${version} number = 2`, `${version} number = 1`)).toEqual([
    `version ${id} in the trash does not belong to its file`,
  ]);
  expect(await after(`${version} blob_id = 'x'`, `${version} blob_id = '${blobId}'`)).toEqual([
    `version ${id} in the trash has no blob that fits it`,
  ]);
  const both = `insert into files (id, account_id, folder_id, name, current_version_id, last_version_number, created_at,
    updated_at) select id, account_id, (select id from folders where account_id = '${accountId}'), name,
    current_version_id, 1, 1, 1 from trashed_files`;
  expect(await after(both, "delete from files")).toContain(`file ${fileId} is in the trash and in the library`);
  expect(await problems()).toEqual([]);
});

test("a deep check tells how many bytes it has to read, and of each that it has read or missed", async () => {
  await fixture.upload("hello");
  await fixture.upload("good bye", { fileName: "b.txt" });
  const [key = ""] = await fixture.storedKeys();
  await fixture.parts.blobs.delete(key);
  const steps: { what: string; unit: string; total: number | undefined; done: number }[] = [];
  const progress: Progress = {
    async begin(what, unit, total) {
      steps.push({ what, unit, total: await total?.(), done: 0 });
    },
    advance(amount) {
      const step = steps.at(-1);
      if (step !== undefined) step.done += amount;
    },
  };
  const { problems } = await checkConsistency(fixture.services, { deep: true, progress }, never);
  expect(problems).toHaveLength(1);
  expect(steps).toEqual([
    { what: "checking the database", unit: "checks", total: 11, done: 11 },
    { what: "reading the objects", unit: "bytes", total: 13, done: 13 },
    { what: "looking for objects without a row", unit: "objects", total: 2, done: 1 },
  ]);
});

test("many accounts are no more work than as many versions", async () => {
  execute(`
    pragma foreign_keys = off;
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000)
    insert into accounts (id, imagekit_id, status, created_at) select 'a' || n, 'a' || n, 'active', 0 from numbers;
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000)
    insert into account_storage (account_id, part, bytes) select 'a' || n, '0', n from numbers;
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000)
    insert into versions (id, account_id, file_id, number, blob_id, size, mime, file_type, is_private_file, is_published,
      object_version, created_at, updated_at)
    select 'v' || n, 'a' || n, 'f' || n, 1, 'b', n, '', '', 0, 0, '', 0, 0 from numbers where n > 1;
  `);
  const { reader } = fixture.parts.database;
  const start = performance.now();
  // Each account was counted once by hand above, and once more with its version.
  expect(await findMiscountedAccounts(reader)).toHaveLength(10_000);
  expect(performance.now() - start).toBeLessThan(2000);
});
