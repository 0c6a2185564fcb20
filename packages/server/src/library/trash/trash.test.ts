import { afterEach, beforeEach, expect, test } from "vitest";
import { viewerOfServer } from "../../access/viewer.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { untilSettled } from "../../database/search-index/testing/settled.ts";
import { purgeFiles } from "../../delivery/purge/purge-transactions.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { removeSeveralFilesTransaction } from "../files/bulk-files.ts";
import { removeFileTransaction, restoreFileVersionTransaction } from "../files/edit-files.ts";
import { startFolderJob } from "../folders/start-job.ts";
import { seedVersions } from "../folders/testing/seed-tree.ts";
import { emptyTrashJob, sweepTrash } from "./jobs.ts";
import { deleteFromTrash, listTrash, restoreFiles } from "./manage-trash.ts";
import { restoreFromTrash } from "./restore-transaction.ts";
import { emptyTrashTransaction } from "./trash-transactions.ts";

const day = 24 * 3600 * 1000;

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    // Time passes in these tests, and a sweep does not trust a clock that is ahead of the database's.
    fixture.time -= 100 * day;
  });
  afterEach(() => fixture.close());

  const database = () => fixture.parts.database;
  const caller = (principal = fixture.principal) => ({ accountId: principal.accountId, events: undefined });
  const change = () => ({ ...caller(), now: fixture.time });

  async function upload(path: string, content: string): Promise<AssetRow> {
    fixture.time += 1000;
    const slash = path.lastIndexOf("/");
    return fixture.upload(content, { folder: path.slice(0, slash) || "/", fileName: path.slice(slash + 1) });
  }

  const trash = (fileId: string, days = 7) =>
    database().run(removeFileTransaction, { ...change(), fileId, trashMs: days * day });
  const restore = (fileId: string) => database().run(restoreFromTrash, { ...change(), fileId });
  const bytes = async () => {
    const rows = await database().reader.selectFrom("account_storage").select("bytes").execute();
    return rows.reduce((sum, row) => sum + row.bytes, 0);
  };

  /** Every version as `path number size current?`, of the library or of the trash. */
  async function library(): Promise<string[]> {
    const rows = await database()
      .reader.selectFrom("versions")
      .innerJoin("files", "files.id", "versions.file_id")
      .innerJoin("folders", "folders.id", "files.folder_id")
      .select(["folders.path", "files.name", "versions.number", "versions.size", "versions.id"])
      .select("files.current_version_id as current")
      .orderBy("folders.path")
      .orderBy("files.name")
      .orderBy("versions.number")
      .execute();
    return rows.map(
      ({ path, name, number, size, id, current }) =>
        `${path === "/" ? "" : path}/${name} ${number} ${size}${id === current ? " current" : ""}`,
    );
  }
  const inTrash = async () => {
    const { files } = await listTrash({ database: database() }, fixture.principal.viewer, {
      after: undefined,
      limit: 1000,
    });
    return files.map(({ folder_path, name, versions, bytes }) => `${folder_path} ${name} ${versions} ${bytes}`);
  };

  async function expectClean(): Promise<void> {
    expect(await fixture.problems()).toEqual([]);
  }

  test("a file in the trash has left every table of the library, and counts in the account's storage", async () => {
    const { file_id: fileId } = await upload("/x.txt", "1");
    await upload("/x.txt", "22");
    expect(await trash(fileId)).toBe("done");
    const { reader } = database();
    for (const table of ["files", "versions", "catalogue", "catalogue_terms", "catalogue_values"] as const) {
      expect(await reader.selectFrom(table).selectAll().execute(), table).toEqual([]);
    }
    expect(await inTrash()).toEqual(["/ x.txt 2 3"]);
    expect(await bytes()).toBe(3);
    await expectClean();
  });

  test("a restored file has its id, its versions and all that was stored with them", async () => {
    const first = await upload("/a/x.txt", "1");
    await upload("/a/x.txt", "22");
    const { reader } = database();
    const columns = async () => ({
      files: await reader.selectFrom("files").selectAll().execute(),
      versions: await reader.selectFrom("versions").selectAll().orderBy("number").execute(),
      catalogue: await reader.selectFrom("catalogue").selectAll().orderBy("scope").orderBy("id").execute(),
    });
    const other = database();
    await other.run(purgeFiles, { fileIds: [first.file_id] });
    // A restored file is settled at once.
    await untilSettled(reader);
    const before = await columns();
    await trash(first.file_id);
    fixture.time += day;
    expect(await restore(first.file_id)).toEqual({ outcome: "done", fileId: first.file_id });
    const after = await columns();
    const timeless = ({ files, versions, catalogue }: typeof before) =>
      [...files, ...versions, ...catalogue].map(({ updated_at: _, ...rest }) => rest);
    expect(timeless(after)).toEqual(timeless(before));
    expect(after.files[0]?.updated_at).toBeGreaterThan(before.files[0]?.updated_at ?? 0);
    expect(after.versions.map(({ updated_at }) => updated_at)).toEqual([
      before.versions[0]?.updated_at,
      after.files[0]?.updated_at,
    ]);
    expect(await inTrash()).toEqual([]);
    expect(await bytes()).toBe(3);
    await expectClean();
  });

  test("its path is free for an upload, and a restore then merges as a move does", async () => {
    const { id: versionId, file_id: fileId } = await upload("/a/x.txt", "1");
    await upload("/a/x.txt", "22");
    await database().run(restoreFileVersionTransaction, { ...change(), fileId, versionId });
    await trash(fileId);
    const other = await upload("/a/x.txt", "333");
    expect(other.file_id).not.toBe(fileId);
    expect(await library()).toEqual(["/a/x.txt 1 3 current"]);
    expect(await restore(fileId)).toEqual({ outcome: "done", fileId: other.file_id });
    // What the file in the trash showed is what is shown now.
    expect(await library()).toEqual(["/a/x.txt 1 3", "/a/x.txt 2 2", "/a/x.txt 3 1 current"]);
    expect(await bytes()).toBe(6);
    await expectClean();
  });

  test("a merge beyond the limit of versions is refused, and both stay as they are", async () => {
    const file = await upload("/x.txt", "0");
    await seedVersions(fixture.config, file, 60);
    await trash(file.file_id);
    await seedVersions(fixture.config, await upload("/x.txt", "1"), 41);
    expect(await restore(file.file_id)).toEqual({ outcome: "version limit" });
    expect([(await library()).length, (await inTrash()).length]).toEqual([41, 1]);
    await expectClean();
  });

  test("a restore creates the folders that are gone", async () => {
    const { file_id: fileId } = await upload("/a/b/c/x.txt", "1");
    const job = { jobId: "j", type: "DELETE_FOLDER", source: "/a", target: null, allVersions: false } as const;
    const rest = { purgeId: null, maxObjects: null, storageLimit: 0, publicUrl: "", trashMs: 7 * day };
    expect(await database().run(startFolderJob, { ...job, ...rest, ...change() })).toEqual({ outcome: "ended" });
    expect(await database().reader.selectFrom("folders").select("path").where("path", "!=", "/").execute()).toEqual([]);
    expect(await inTrash()).toEqual(["/a/b/c x.txt 1 1"]);
    expect(await restore(fileId)).toEqual({ outcome: "done", fileId });
    expect(await library()).toEqual(["/a/b/c/x.txt 1 1 current"]);
    await expectClean();
  });

  test("two restores at once, a restore and a deletion, a restore and an upload: one of each pair wins", async () => {
    for (let round = 0; round < 5; round++) {
      const { file_id: fileId } = await upload("/x.txt", "1");
      await trash(fileId);
      const restored = await Promise.all([
        restoreFiles(fixture.services, caller(), [fileId], never).catch((error) => error),
        restoreFiles(fixture.services, caller(), [fileId], never).catch((error) => error),
        fixture.upload("22", { fileName: "x.txt" }),
      ]);
      const done = restored.slice(0, 2).filter((one) => "restored" in one && one.restored.length === 1);
      expect(done).toHaveLength(1);
      expect((await library()).length).toBe(2);
      const [file] = await database().reader.selectFrom("files").select("id").execute();
      await trash(file?.id ?? "");
      const outcomes = await Promise.allSettled([
        restoreFiles(fixture.services, caller(), [file?.id ?? ""], never),
        deleteFromTrash(fixture.services, caller(), [file?.id ?? ""]),
        sweepTrash(fixture.services, never),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "fulfilled", "rejected"]);
      await expectClean();
      for (const { id } of await database().reader.selectFrom("files").select("id").execute()) {
        await database().run(removeFileTransaction, { ...change(), fileId: id });
      }
    }
  });

  test("a version that is stored while the file is put into the trash goes along, or makes a file of its own", async () => {
    for (let round = 0; round < 10; round++) {
      const { file_id: fileId } = await upload("/x.txt", "1");
      const [, stored] = await Promise.all([trash(fileId), fixture.upload("22", { fileName: "x.txt" })]);
      const isNew = stored.file_id !== fileId;
      expect(await library()).toEqual(isNew ? ["/x.txt 1 2 current"] : []);
      expect(await inTrash()).toEqual([isNew ? "/ x.txt 1 1" : "/ x.txt 2 3"]);
      await expectClean();
      await deleteFromTrash(fixture.services, caller(), [fileId]);
      if (isNew) await database().run(removeFileTransaction, { ...change(), fileId: stored.file_id });
    }
  });

  test("emptying takes what is there, in several steps, and nothing that comes later", async () => {
    const ids: string[] = [];
    for (let number = 0; number < 12; number++) {
      const file = await upload(`/${number}.txt`, `${number}`);
      const { file_id } = file;
      await seedVersions(fixture.config, file, 60);
      ids.push(file_id);
      await trash(file_id);
    }
    const stranger = await fixture.upload("theirs", {}, fixture.stranger);
    const theirs = { accountId: fixture.stranger.accountId, fileId: stranger.file_id };
    await database().run(removeFileTransaction, { ...theirs, trashMs: day, now: fixture.time });
    // Nothing runs the jobs: the test takes their steps by itself.
    const jobs = await fixture.openJobs();
    const emptied = await database().run(emptyTrashTransaction, change());
    await jobs.close();
    expect(emptied).toEqual({ outcome: "done", isUnderWay: true });
    const left = (await inTrash()).length;
    expect(left).toBe(5);
    const until = (await database().reader.selectFrom("trashed_files").select("trashed_at").execute())
      .map(({ trashed_at }) => trashed_at)
      .reduce((one, other) => Math.max(one, other));
    // This node's clock is behind the one that has put the others there.
    const later = await upload("/later.txt", "later");
    fixture.time -= 3600_000;
    await trash(later.file_id);
    const input = { accountId: fixture.principal.accountId, until };
    const run = { input, id: "", name: emptyTrashJob.kind.name, attempt: 1, isLast: false, report: () => undefined };
    await emptyTrashJob.run(fixture.services, run, never);
    // A job may run more than once.
    await emptyTrashJob.run(fixture.services, run, never);
    expect(await inTrash()).toEqual(["/ later.txt 1 5"]);
    expect(await restore(ids[0] ?? "")).toEqual({ outcome: "no file" });
    const { files } = await listTrash({ database: database() }, viewerOfServer(theirs.accountId), {
      after: undefined,
      limit: 10,
    });
    expect(files).toHaveLength(1);
    await expectClean();
  }, 30_000);

  test("several files with many versions are deleted in several transactions, and a missing one stops them all", async () => {
    const fileIds: string[] = [];
    for (let number = 0; number < 9; number++) {
      const file = await upload(`/${number}.txt`, "same");
      await seedVersions(fixture.config, file, 50);
      fileIds.push(file.file_id);
    }
    const run = (ids: readonly string[], mustExist: boolean) =>
      database().run(removeSeveralFilesTransaction, { ...change(), fileIds: ids, mustExist, trashMs: day });
    expect(await run([...fileIds, "nobody"], true)).toEqual({ outcome: "missing", fileIds: ["nobody"] });
    expect(await library()).toHaveLength(450);
    expect(await run(fileIds, true)).toEqual({ outcome: "done", left: fileIds.slice(8) });
    await run(fileIds.slice(8), false);
    expect(await inTrash()).toHaveLength(9);
    await deleteFromTrash(fixture.services, caller(), fileIds);
    expect(await inTrash()).toEqual([]);
    await expectClean();
  }, 30_000);

  test("both tables of versions have the same columns", async () => {
    const tables = await database().reader.introspection.getTables();
    const columns = (table: string) =>
      tables
        .find(({ name }) => name === table)
        ?.columns.map(({ name, dataType, isNullable }) => ({ name, dataType, isNullable }));
    const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
    expect(columns("trashed_versions")?.toSorted(byName)).toEqual(columns("versions")?.toSorted(byName));
  });
});
