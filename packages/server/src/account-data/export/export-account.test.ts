import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AccountTable, accountTableNames, accountTables } from "../../database/account-tables.ts";
import { findBlob } from "../../database/repositories/blobs.ts";
import { removeFileTransaction } from "../../library/files/edit-files.ts";
import { restoreFromTrash } from "../../library/trash/restore-transaction.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { fillAccount, secretText } from "../testing/full-account.ts";
import { exportAccount } from "./export-account.ts";

interface Line {
  readonly path?: string;
  readonly [member: string]: unknown;
}

describeEngines((engine) => {
  let fixture: UploadFixture;
  let to: string;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    to = join(fixture.config.dataDir, "export");
  });
  afterEach(() => fixture.close());

  const run = (signal = never) => exportAccount(fixture.services, { imagekitId: "demo", to }, signal);
  const read = (path: string) => readFile(join(to, path));
  const linesOf = async (path: string): Promise<Line[]> =>
    (await readFile(join(to, path), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  async function keyOf(blobId: string): Promise<string> {
    const blob = await findBlob(fixture.parts.database.reader, blobId);
    return blob?.storage_key ?? "";
  }

  async function filesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(to.length + 1))
      .sort();
  }

  test("rows of every table, current and earlier versions, and a manifest with their hashes", async () => {
    await fillAccount(fixture);
    await fixture.upload("stranger's", {}, fixture.stranger);
    expect(await run()).toMatchObject({ files: 2, versions: 1, bytes: 17, problems: 0, manifest: "manifest.jsonl" });
    const [first, ...others] = await linesOf("manifest.jsonl");
    expect(first).toMatchObject({ imagekitId: "demo", accountId: fixture.principal.accountId });
    expect(others.pop()).toMatchObject({ files: 2, versions: 1, problems: 0, ended: expect.any(String) });
    const listed = others.map(({ path = "" }) => path);
    expect([...listed, "manifest.jsonl"].sort()).toEqual(await filesBelow(to));
    for (const { path = "", size, sha256 } of others) {
      const bytes = await read(path);
      expect({ size, sha256 }).toEqual({
        size: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
      });
      expect((await stat(join(to, path))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(to)).mode & 0o777).toBe(0o700);
    for (const table of accountTableNames) {
      const { notExported }: AccountTable = accountTables[table];
      if (notExported === undefined) expect(listed).toContain(`rows/${table}.jsonl`);
      else expect(listed).not.toContain(`rows/${table}.jsonl`);
    }
    expect((await read("files/one/two/a.txt")).toString()).toBe("second");
    expect((await read("trash/one/two/trashed.txt")).toString()).toBe("second");
    expect(others.find(({ path }) => path === "trash/one/two/trashed.txt")).toMatchObject({
      ...{ filePath: "/one/two/trashed.txt", trashed: true, current: true },
    });
    const [earlier = ""] = listed.filter((path) => path.startsWith("versions/"));
    expect(earlier).toMatch(/^versions\/one\/two\/a\.txt\/[0-9a-f]{24}\.txt$/);
    expect((await read(earlier)).toString()).toBe("first");
    expect(others.find(({ path }) => path === earlier)).toMatchObject({
      ...{ filePath: "/one/two/a.txt", versionNumber: 1, current: false },
    });
    const version = (await linesOf("rows/versions.jsonl")).find(({ number }) => number === 1);
    expect(version).toMatchObject({ account_id: fixture.principal.accountId, size: 5 });
    const [blob] = await linesOf("rows/blobs.jsonl");
    expect(blob?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("no secret is in it, and the manifest says what was left out", async () => {
    await fillAccount(fixture);
    await run();
    for (const path of await filesBelow(to)) {
      const text = (await read(path)).toString();
      expect(text).not.toContain(secretText);
      expect(text).not.toContain("private_demo");
    }
    const [pair] = await linesOf("rows/key_pairs.jsonl");
    expect(Object.keys(pair ?? {})).not.toContain("private_key");
    const line = (await linesOf("manifest.jsonl")).find(({ table }) => table === "key_pairs");
    expect(line).toMatchObject({ leftOut: ["private_key", "private_key_hash"] });
  });

  test("what is missing or damaged in the store is named, and the manifest is called otherwise", async () => {
    const [missing, damaged] = [
      await fixture.upload("missing"),
      await fixture.upload("damaged", { fileName: "b.txt" }),
    ];
    const { blobs } = fixture.parts;
    const [gone, other] = [await keyOf(missing.blob_id), await keyOf(damaged.blob_id)];
    await blobs.delete(gone);
    await writeFile(join(fixture.config.dataDir, "blobs", other.slice(0, 2), other), "DAMAGED");
    expect(await run()).toMatchObject({ files: 0, problems: 2, manifest: "manifest-incomplete.jsonl" });
    const problems = (await linesOf("manifest-incomplete.jsonl")).filter(({ problem }) => problem !== undefined);
    expect(Object.fromEntries(problems.map(({ filePath, problem }) => [filePath, problem]))).toEqual({
      "/a.txt": "missing",
      "/b.txt": "damaged",
    });
    expect((await filesBelow(to)).filter((path) => path.startsWith("files/"))).toEqual([]);
  });

  test("a version that is deleted meanwhile is left out, without a problem", async () => {
    const deleted = await fixture.upload("deleted meanwhile");
    await fixture.upload("stays", { fileName: "b.txt" });
    const { blobs, database } = fixture.parts;
    const deletedKey = await keyOf(deleted.blob_id);
    const read: typeof blobs.read = async (key, range, signal) => {
      if (key === deletedKey) {
        await database.run(removeFileTransaction, {
          accountId: fixture.principal.accountId,
          fileId: deleted.file_id,
          now: fixture.time,
        });
        await blobs.delete(key);
      }
      return blobs.read(key, range, signal);
    };
    const services = { ...fixture.services, blobs: { ...blobs, read } };
    const done = await exportAccount(services, { imagekitId: "demo", to }, never);
    expect(done).toMatchObject({ files: 1, problems: 0, manifest: "manifest.jsonl" });
  });

  test("a file that is put into the trash meanwhile, and one that is restored, are in it", async () => {
    const { accountId } = fixture.principal;
    const { blobs, database } = fixture.parts;
    const trash = (fileId: string) =>
      database.run(removeFileTransaction, { accountId, fileId, trashMs: 1, now: fixture.time });
    const restored = await fixture.upload("restored meanwhile", { fileName: "restored.txt" });
    await trash(restored.file_id);
    const trashed = await fixture.upload("trashed meanwhile", { fileName: "trashed.txt" });
    const [first = "", second = ""] = [await keyOf(restored.blob_id), await keyOf(trashed.blob_id)];
    const read: typeof blobs.read = async (key, range, signal) => {
      if (key === first) {
        await trash(trashed.file_id);
        await database.run(restoreFromTrash, { accountId, fileId: restored.file_id, now: fixture.time });
      }
      return blobs.read(key, range, signal);
    };
    expect(first).not.toBe(second);
    const services = { ...fixture.services, blobs: { ...blobs, read } };
    await exportAccount(services, { imagekitId: "demo", to }, never);
    const contents = await Promise.all(
      (await filesBelow(to)).map(async (path) => (await readFile(join(to, path))).toString()),
    );
    for (const content of ["restored meanwhile", "trashed meanwhile"]) expect(contents).toContain(content);
  });

  test("an export that is told to end has no manifest", async () => {
    await fixture.upload("hello");
    const ending = new AbortController();
    const now = (): number => {
      ending.abort(new Error("enough"));
      return Date.now();
    };
    const services = { ...fixture.services, now };
    await expect(exportAccount(services, { imagekitId: "demo", to }, ending.signal)).rejects.toThrow("enough");
    expect((await filesBelow(to)).filter((path) => /manifest.*jsonl|sqlite/.test(path))).toEqual([]);
  });

  test("a folder with something in it is refused, and nothing is known of an unknown account", async () => {
    await mkdir(to);
    await writeFile(join(to, "mine.txt"), "mine");
    await expect(run()).rejects.toThrow("--to must name a new or an empty folder");
    expect(await readdir(to)).toEqual(["mine.txt"]);
    expect(await exportAccount(fixture.services, { imagekitId: "nobody", to }, never)).toBeUndefined();
  });
});
