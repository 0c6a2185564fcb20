import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqlitePath } from "../open-database.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { checkConsistency } from "./fsck.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

const problems = async () => (await checkConsistency(fixture.services, { deep: false }, never)).problems;

/** Behind Sluice's back. */
function execute(sql: string): void {
  const database = new DatabaseSync(sqlitePath(fixture.config.dataDir));
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
