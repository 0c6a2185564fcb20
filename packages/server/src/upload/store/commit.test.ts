import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DatabaseError, OutcomeUnknownError } from "../../database/database.ts";
import { listAssetVersions } from "../../database/repositories/assets.ts";
import { removeFileVersionTransaction } from "../../library/files/edit-files.ts";
import { checkConsistency } from "../../maintenance/fsck.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  async function contentOf(blobId: string): Promise<string> {
    const { database, blobs } = fixture.parts;
    const row = await database.reader
      .selectFrom("blobs")
      .selectAll()
      .where("id", "=", blobId)
      .executeTakeFirstOrThrow();
    return text(await blobs.read(row.storage_key));
  }

  async function countBlobs(): Promise<number> {
    return (await fixture.parts.database.reader.selectFrom("blobs").select("id").execute()).length;
  }

  async function expectClean(): Promise<void> {
    expect((await checkConsistency(fixture.parts, { deep: true }, never)).problems).toEqual([]);
    expect(fixture.parts.spool.usage()).toEqual({ files: 0, bytes: 0 });
  }

  test("the same content in one account is stored once", async () => {
    const first = await fixture.upload("same", { fileName: "a.txt" });
    const second = await fixture.upload("same", { fileName: "b.txt" });
    expect(second.blob_id).toBe(first.blob_id);
    expect(await fixture.storedKeys()).toHaveLength(1);
    await expectClean();
  });

  test("twenty uploads of one content at once leave one blob and one object", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `${index}.txt`);
    const assets = await Promise.all(names.map((fileName) => fixture.upload("same", { fileName })));
    expect(new Set(assets.map(({ blob_id }) => blob_id)).size).toBe(1);
    expect(await fixture.storedKeys()).toHaveLength(1);
    await expectClean();
  });

  test("two accounts never share a blob", async () => {
    const mine = await fixture.upload("same");
    const theirs = await fixture.upload("same", {}, fixture.stranger);
    expect(theirs.blob_id).not.toBe(mine.blob_id);
    expect(await fixture.storedKeys()).toHaveLength(2);
  });

  test("an upload of the same content heals a damaged object, for the versions before it as well", async () => {
    const first = await fixture.upload("precious", { fileName: "a.txt" });
    const [key = ""] = await fixture.storedKeys();
    await truncate(join(fixture.config.dataDir, "blobs", key.slice(0, 2), key), 3);
    const second = await fixture.upload("precious", { fileName: "b.txt" });
    expect(second.blob_id).toBe(first.blob_id);
    expect(await contentOf(first.blob_id)).toBe("precious");
    await expectClean();
  });

  test("a missing object is healed like a damaged one", async () => {
    const first = await fixture.upload("precious");
    const [key = ""] = await fixture.storedKeys();
    await fixture.parts.blobs.delete(key);
    await fixture.upload("precious", { fileName: "b.txt" });
    expect(await contentOf(first.blob_id)).toBe("precious");
    await expectClean();
  });

  test("a refused commit leaves no object, no blob and no folder behind", async () => {
    await fixture.upload("first", { folder: "/a" });
    const refused = fixture.upload("second", { folder: "/a", overwriteFile: "false" });
    await expect(refused).rejects.toMatchObject({ reason: "FILE_ALREADY_EXISTS" });
    expect(await fixture.storedKeys()).toHaveLength(1);
    expect(await countBlobs()).toBe(1);
    await expectClean();
  });

  test("the 101st version is refused, and deleting one makes room without reusing a number", async () => {
    for (let number = 1; number <= 100; number++) await fixture.upload(`content ${number}`);
    await expect(fixture.upload("one more")).rejects.toMatchObject({ reason: "VERSION_LIMIT_EXCEEDED" });
    const { database } = fixture.parts;
    const { accountId, viewer } = fixture.principal;
    const file = await database.reader.selectFrom("files").selectAll().executeTakeFirstOrThrow();
    const versions = await listAssetVersions(database.reader, viewer, file.id);
    expect(versions.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, index) => 100 - index));
    await database.run(removeFileVersionTransaction, {
      accountId,
      fileId: file.id,
      versionId: versions.at(-2)?.id ?? "",
    });
    expect((await fixture.upload("one more")).number).toBe(101);
  });

  test("concurrent overwrites of one name give consecutive versions and lose none", async () => {
    const assets = await Promise.all(Array.from({ length: 50 }, (_, index) => fixture.upload(`content ${index}`)));
    expect(new Set(assets.map(({ file_id }) => file_id)).size).toBe(1);
    expect(assets.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    await expectClean();
  });

  test("of many that may not overwrite each other exactly one is stored, in a folder that all of them make", async () => {
    const fields = { folder: "/new/one", overwriteFile: "false" };
    const uploads = Array.from({ length: 20 }, (_, index) => fixture.upload(`content ${index}`, fields));
    const results = await Promise.allSettled(uploads);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason.reason] : []));
    expect(new Set(reasons)).toEqual(new Set(["FILE_ALREADY_EXISTS"]));
    await expectClean();
  });

  test("the time that a file's cached URLs carry grows with each version, even when the clock is set back", async () => {
    const times: number[] = [];
    for (let index = 0; index < 5; index++) {
      times.push((await fixture.upload(`content ${index}`)).updated_at);
      if (index === 2) fixture.time -= 60_000;
    }
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other));
  });

  test("a unique name that happens to be a file's already makes no version of that file: another is made up", async () => {
    const unique = (content: string) => fixture.upload(content, { useUniqueFileName: "true" });
    const first = await unique("first");
    const { database } = fixture.parts;
    const names: string[] = [];
    const colliding = {
      ...database,
      run(name: never, input: { readonly name: string }) {
        names.push(input.name);
        return database.run(name, { ...input, ...(names.length === 1 && { name: first.name }) } as never);
      },
    };
    Object.assign(fixture.services, { database: colliding });
    const second = await unique("second");
    expect([second.name, second.number, names.length]).toEqual([names[1], 1, 2]);
    const { viewer } = fixture.principal;
    expect(await listAssetVersions(database.reader, viewer, first.file_id)).toHaveLength(1);
    await expectClean();
  });

  test("when the answer to the commit is lost, what is there decides", async () => {
    const { database } = fixture.parts;
    const lossy = {
      ...database,
      async run(name: never, input: never) {
        await database.run(name, input);
        throw new DatabaseError("the connection was lost");
      },
    };
    Object.assign(fixture.services, { database: lossy });
    expect(await fixture.upload("kept")).toMatchObject({ name: "a.txt", number: 1 });
    await expectClean();
  });

  test("a commit whose outcome is unknown is not called a failure because the database is still away", async () => {
    const { database } = fixture.parts;
    const lost = {
      ...database,
      async run(name: never, input: never) {
        await database.run(name, input);
        // kysely closes a connection only if a query went through it, and prepared queries don't.
        await sql`select 1`.execute(database.reader);
        await database.reader.destroy();
        throw new OutcomeUnknownError("the connection was lost");
      },
    };
    Object.assign(fixture.services, { database: lost });
    await expect(fixture.upload("kept")).rejects.toThrow(OutcomeUnknownError);
    expect(await fixture.storedKeys()).toHaveLength(1);
  });

  test("when the commit failed and nobody knows why, the object is left to the sweep", async () => {
    const { database } = fixture.parts;
    const broken = { ...database, run: () => Promise.reject(new DatabaseError("the writer died")) };
    Object.assign(fixture.services, { database: broken });
    await expect(fixture.upload("lost")).rejects.toThrow(DatabaseError);
    expect(await fixture.storedKeys()).toHaveLength(1);
    expect(await countBlobs()).toBe(0);
    await expectClean();
  });

  test("a commit refuses an object of its own that the sweep may already be looking at", async () => {
    const { blobs } = fixture.parts;
    const slow = {
      ...blobs,
      put: async (...args: Parameters<typeof blobs.put>) => {
        await blobs.put(...args);
        fixture.time += fixture.config.limits.sweepGraceMs;
      },
      size: blobs.size.bind(blobs),
      delete: blobs.delete.bind(blobs),
    };
    Object.assign(fixture.services, { blobs: slow });
    await expect(fixture.upload("late")).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
    expect(await fixture.storedKeys()).toEqual([]);
  });
  test("so it does when the process stood still on the way to the database", async () => {
    const { database } = fixture.parts;
    const frozen = {
      ...database,
      run: (name: never, input: { readonly madeAt: number }) =>
        database.run(name, { ...input, madeAt: input.madeAt - fixture.config.limits.sweepGraceMs } as never),
    };
    Object.assign(fixture.services, { database: frozen });
    await expect(fixture.upload("late")).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
    expect(await fixture.storedKeys()).toEqual([]);
    await expectClean();
  });
});
