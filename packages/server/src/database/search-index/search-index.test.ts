import { afterEach, beforeEach, expect, test } from "vitest";
import { changeFileDetails } from "../../extensions/file-patch/patch-file.ts";
import {
  publishFile,
  removeFileTransaction,
  removeFileVersionTransaction,
  restoreFileVersionTransaction,
} from "../../library/files/edit-files.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { findMisindexed } from "./check-index.ts";
import { fillSearchIndex } from "./testing/fill-index.ts";
import { untilSettled } from "./testing/settled.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const reader = () => fixture.parts.database.reader;
  const terms = async (id: string) => {
    const rows = await reader().selectFrom("catalogue_terms").select("term").where("id", "=", id).execute();
    return rows.map(({ term }) => term).sort();
  };
  const entries = () =>
    reader().selectFrom("catalogue").selectAll().orderBy("kind").orderBy("name").orderBy("id").execute();
  const target = (fileId: string) => ({ accountId: fixture.principal.accountId, fileId, now: fixture.time });

  async function expectInLine(): Promise<void> {
    expect(await findMisindexed(reader())).toEqual([]);
  }

  async function uploadTwice() {
    const first = await fixture.upload("one", { folder: "/a/b", fileName: "Red-Shoe.txt", tags: "Summer sale,x" });
    fixture.time += 10;
    const second = await fixture.upload("second", { folder: "/a/b", fileName: "Red-Shoe.txt" });
    return { first, second };
  }

  test("an upload enters with its folders, and its old version beside it", async () => {
    const { first, second } = await uploadTwice();
    expect(await entries()).toMatchObject([
      { kind: 0, scope: 0, id: first.file_id, version_id: second.id, name: "Red-Shoe.txt", size: 6, format: "txt" },
      { kind: 1, scope: 1, id: first.id, version_id: first.id, size: 3, tag_words: " summer sale x" },
      { kind: 2, name: "a" },
      { kind: 2, name: "b" },
    ]);
    const name = ["w:red", "w:shoe", "w:txt"];
    const tags = ["t:Summer sale", "t:x", "u:sale", "u:summer", "u:x"];
    // The file and its first version have the same id. Rows get their terms once the writer has time.
    await expect.poll(() => terms(first.file_id)).toEqual([...name, ...name, ...tags].sort());
    await expectInLine();
  });

  test("only an upload's new file is settled later", async () => {
    await uploadTwice();
    const others = (await entries()).filter(({ kind }) => kind !== 0);
    expect(others.map(({ settled }) => settled)).toEqual([1, 1, 1]);
  });

  test("terms that are there already keep nobody from settling their row", async () => {
    if (!reader().engine.settlesLater) return;
    const { file_id: id, created_at } = await fixture.upload("one", { fileName: "Red-Shoe.txt" });
    const other = openOtherConnection(fixture.config);
    try {
      const { accountId: account_id } = fixture.principal;
      const stray = { account_id, scope: 0, term: "w:red", created_at, id } as const;
      await other
        .insertInto("catalogue_terms")
        .values(stray)
        .onConflict((term) => term.doNothing())
        .execute();
    } finally {
      await other.destroy();
    }
    await untilSettled(reader());
    await expectInLine();
  });

  test("changes, restores and deletions leave the catalogue in line with the rows", async () => {
    const { first, second } = await uploadTwice();
    const { database } = fixture.parts;
    await database.run(changeFileDetails, { ...target(first.file_id), details: { tags: ["new"] }, extensions: [] });
    await expectInLine();
    await expect.poll(() => terms(first.file_id)).toContain("t:new");
    const publication = { isPublished: false, includeFileVersions: true };
    await database.run(publishFile, { ...target(first.file_id), publication });
    await expectInLine();
    await database.run(restoreFileVersionTransaction, { ...target(first.file_id), versionId: first.id });
    await expectInLine();
    expect(await entries()).toMatchObject([{ version_id: first.id }, { id: second.id }, { kind: 2 }, { kind: 2 }]);
    await database.run(removeFileVersionTransaction, { ...target(first.file_id), versionId: second.id });
    await expectInLine();
    await database.run(removeFileTransaction, target(first.file_id));
    await expectInLine();
    expect(await terms(first.file_id)).toEqual([]);
    expect(await entries()).toMatchObject([{ kind: 2 }, { kind: 2 }]);
  });

  test("a catalogue that is filled from the library is the one that the changes made, and what is wrong is named", async () => {
    const { first } = await uploadTwice();
    await fixture.upload("other", { fileName: "b.css" }, fixture.stranger);
    const other = openOtherConnection(fixture.config);
    try {
      const tables = ["catalogue", "catalogue_terms", "catalogue_values"] as const;
      const before = await entries();
      await other.updateTable("catalogue").set({ size: 99 }).where("kind", "=", 0).execute();
      expect(await findMisindexed(reader())).toHaveLength(2);
      for (const table of tables) await other.deleteFrom(table).execute();
      expect(await findMisindexed(reader())).toContain(first.id);
      await fillSearchIndex(other);
      expect(await entries()).toEqual(before.map((entry) => ({ ...entry, settled: 1 })));
      await expectInLine();
      const stray = { account_id: "a", scope: 0, term: "t:stray", created_at: 1, id: "stray" } as const;
      await other.insertInto("catalogue_terms").values(stray).execute();
      expect(await findMisindexed(reader())).toEqual(["stray"]);
    } finally {
      await other.destroy();
    }
  });
});
