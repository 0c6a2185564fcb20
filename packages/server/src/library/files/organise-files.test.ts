import { afterEach, beforeEach, expect, test } from "vitest";
import { renameFileTransaction } from "../../delivery/purge/rename-transaction.ts";
import { releaseBlobs } from "../../maintenance/sweep-transactions.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { removeFileTransaction, removeFileVersionTransaction, restoreFileVersionTransaction } from "./edit-files.ts";
import { copyFileTo, moveFileTo } from "./organise-files.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const input = () => ({ accountId: fixture.principal.accountId, now: fixture.time });
  const pathOf = (path: string) => {
    const slash = path.lastIndexOf("/");
    return { folder: path.slice(0, slash) || "/", name: path.slice(slash + 1) };
  };
  const move = (from: string, folder: string) =>
    fixture.parts.database.run(moveFileTo, { ...input(), from: pathOf(from), folder });
  const copy = (from: string, folder: string, includeVersions = false, storageLimit?: number) =>
    fixture.parts.database.run(copyFileTo, {
      ...input(),
      from: pathOf(from),
      folder,
      includeVersions,
      ...(storageLimit !== undefined && { storageLimit }),
    });
  const rename = (from: string, newName: string) =>
    fixture.parts.database.run(renameFileTransaction, { ...input(), from: pathOf(from), newName });

  /** Every version as `path number content-size current?`, in the order of paths and numbers. */
  async function library(): Promise<string[]> {
    const rows = await fixture.parts.database.reader
      .selectFrom("versions")
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

  async function upload(path: string, size: number) {
    const { folder, name } = pathOf(path);
    fixture.time += 1000;
    return fixture.upload("x".repeat(size), { folder, fileName: name });
  }

  async function expectClean(): Promise<void> {
    expect(await fixture.problems()).toEqual([]);
  }

  test("a moved file keeps its id, its versions and their ids, and its updated time grows", async () => {
    const first = await upload("/a/x.txt", 1);
    const second = await upload("/a/x.txt", 2);
    expect(await move("/a/x.txt", "/b/c")).toEqual({ outcome: "done", fileId: first.file_id });
    expect(await library()).toEqual(["/b/c/x.txt 1 1", "/b/c/x.txt 2 2 current"]);
    const { reader } = fixture.parts.database;
    const versions = await reader.selectFrom("versions").selectAll().orderBy("number").execute();
    expect(versions.map(({ id, object_version }) => [id, object_version])).toEqual([
      [first.id, first.object_version],
      [second.id, second.object_version],
    ]);
    const file = await reader.selectFrom("files").selectAll().executeTakeFirstOrThrow();
    expect(file.updated_at).toBe(versions[1]?.updated_at);
    expect(file.updated_at).toBeGreaterThan(second.updated_at);
    await expectClean();
  });

  test("a move onto a file of the same name appends the versions, and the destination's id survives", async () => {
    await upload("/a/x.txt", 1);
    const source = await upload("/a/x.txt", 2);
    const destination = await upload("/b/x.txt", 3);
    expect(await move("/a/x.txt", "/b")).toEqual({ outcome: "done", fileId: destination.file_id });
    expect(await library()).toEqual(["/b/x.txt 1 3", "/b/x.txt 2 1", "/b/x.txt 3 2 current"]);
    const { reader } = fixture.parts.database;
    const files = await reader.selectFrom("files").selectAll().execute();
    expect(files.map(({ id, current_version_id }) => [id, current_version_id])).toEqual([
      [destination.file_id, source.id],
    ]);
    await expectClean();
  });

  test("a merge shows what the source showed, also when that was an earlier version that had been restored", async () => {
    const { id: versionId, file_id: fileId } = await upload("/a/x.txt", 1);
    await upload("/a/x.txt", 2);
    await fixture.parts.database.run(restoreFileVersionTransaction, { ...input(), fileId, versionId });
    await upload("/b/x.txt", 3);
    await copy("/a/x.txt", "/b", true);
    await move("/a/x.txt", "/c");
    await move("/b/x.txt", "/c");
    expect(await library()).toEqual([
      "/c/x.txt 1 1",
      "/c/x.txt 2 2",
      "/c/x.txt 3 3",
      "/c/x.txt 4 2",
      "/c/x.txt 5 1 current",
    ]);
    await expectClean();
  });

  test("numbers continue from the highest that the destination ever gave", async () => {
    const { file_id: fileId, id: versionId } = await upload("/b/x.txt", 1);
    await upload("/b/x.txt", 2);
    const third = await upload("/b/x.txt", 3);
    const { database } = fixture.parts;
    await database.run(restoreFileVersionTransaction, { ...input(), fileId, versionId });
    await database.run(removeFileVersionTransaction, { ...input(), fileId, versionId: third.id });
    await upload("/a/x.txt", 4);
    await move("/a/x.txt", "/b");
    expect(await library()).toEqual(["/b/x.txt 1 1", "/b/x.txt 2 2", "/b/x.txt 4 4 current"]);
  });

  test("a copy has the current version alone, or all of them, with ids of its own and the same blobs", async () => {
    await upload("/a/x.txt", 1);
    const source = await upload("/a/x.txt", 2);
    expect(await copy("/a/x.txt", "/one")).toMatchObject({ outcome: "done" });
    expect(await copy("/a/x.txt", "/all", true)).toMatchObject({ outcome: "done" });
    expect(await library()).toEqual([
      "/a/x.txt 1 1",
      "/a/x.txt 2 2 current",
      "/all/x.txt 1 1",
      "/all/x.txt 2 2 current",
      "/one/x.txt 1 2 current",
    ]);
    const { reader } = fixture.parts.database;
    const versions = await reader.selectFrom("versions").selectAll().where("size", "=", 2).execute();
    expect(new Set(versions.map(({ blob_id }) => blob_id))).toEqual(new Set([source.blob_id]));
    expect(new Set(versions.map(({ object_version }) => object_version)).size).toBe(3);
    const firsts = await reader.selectFrom("versions").select(["id", "file_id"]).where("number", "=", 1).execute();
    expect(firsts.every(({ id, file_id }) => id === file_id)).toBe(true);
    expect(await fixture.storedKeys()).toHaveLength(2);
    await expectClean();
  });

  test("the source of a copy may be deleted: the copy's content stays", async () => {
    const { file_id: fileId } = await upload("/a/x.txt", 5);
    await copy("/a/x.txt", "/b");
    await fixture.parts.database.run(removeFileTransaction, { ...input(), fileId });
    const released = await fixture.parts.database.run(releaseBlobs, {
      untouchedSince: fixture.time + 1e9,
      now: fixture.time,
    });
    expect(released).toMatchObject({ deleted: [] });
    await expectClean();
  });

  test("a copy onto a file of the same name gives it a version", async () => {
    await upload("/a/x.txt", 1);
    const { file_id } = await upload("/b/x.txt", 2);
    expect(await copy("/a/x.txt", "/b")).toEqual({ outcome: "done", fileId: file_id });
    expect(await library()).toEqual(["/a/x.txt 1 1 current", "/b/x.txt 1 2", "/b/x.txt 2 1 current"]);
    await expectClean();
  });

  test("a merge beyond a hundred versions changes nothing", async () => {
    for (let number = 1; number <= 60; number++) await upload("/a/x.txt", number);
    for (let number = 1; number <= 41; number++) await upload("/b/x.txt", number);
    const before = await library();
    expect(await move("/a/x.txt", "/b")).toEqual({ outcome: "version limit" });
    expect(await copy("/a/x.txt", "/b", true)).toEqual({ outcome: "version limit" });
    expect(await library()).toEqual(before);
    expect(await copy("/a/x.txt", "/b")).toMatchObject({ outcome: "done" });
    await expectClean();
  });

  test("a copy counts for the storage limit, and one beyond it leaves nothing behind", async () => {
    await upload("/a/x.txt", 60);
    expect(await copy("/a/x.txt", "/new/folder", false, 119)).toMatchObject({ outcome: "storage limit", stored: 60 });
    const { reader } = fixture.parts.database;
    expect(await reader.selectFrom("folders").select("path").where("path", "like", "/new%").execute()).toEqual([]);
    expect(await copy("/a/x.txt", "/new/folder", false, 120)).toMatchObject({ outcome: "done" });
    await expectClean();
  });

  test("a rename keeps the id, and refuses the name of another file", async () => {
    const { file_id } = await upload("/a/x.txt", 1);
    await upload("/a/y.txt", 2);
    expect(await rename("/a/x.txt", "y.txt")).toEqual({ outcome: "name taken" });
    expect(await rename("/a/x.txt", "z.txt")).toEqual({ outcome: "done", fileId: file_id });
    expect(await library()).toEqual(["/a/y.txt 1 2 current", "/a/z.txt 1 1 current"]);
  });

  test("a file that isn't there is said to be missing, and nothing is made for it", async () => {
    expect(await move("/a/x.txt", "/b")).toEqual({ outcome: "no file" });
    expect(await copy("/a/x.txt", "/b")).toEqual({ outcome: "no file" });
    expect(await rename("/a/x.txt", "y.txt")).toEqual({ outcome: "no file" });
    expect(await fixture.parts.database.reader.selectFrom("folders").select("path").execute()).toHaveLength(2);
  });

  test("many at once that move files onto each other lose no version", async () => {
    for (const folder of ["/a", "/b", "/c"]) {
      for (const name of ["x.txt", "y.txt"]) await upload(`${folder}/${name}`, name.length + folder.length);
    }
    const folders = ["/a", "/b", "/c"];
    const work = Array.from({ length: 60 }, async (_, index) => {
      const from = `${folders[index % 3]}/${index % 2 === 0 ? "x" : "y"}.txt`;
      const to = folders[(index + 1 + (index % 2)) % 3] ?? "";
      for (let attempt = 0; attempt < 50; attempt++) {
        const { outcome } = await move(from, to);
        if (outcome !== "start again") return outcome;
      }
      return "never done";
    });
    const others = (await Promise.all(work)).filter((outcome) => outcome !== "done" && outcome !== "no file");
    expect(others).toEqual([]);
    const { reader } = fixture.parts.database;
    expect(await reader.selectFrom("versions").select("id").execute()).toHaveLength(6);
    await expectClean();
  });
});
