import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backupDeps } from "../app/backup-deps.ts";
import { openBackupPlace } from "../backup/backup-place.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { deleteFromTrashTransaction } from "../library/trash/trash-transactions.ts";
import { newBlobKey } from "../storage/blob-key.ts";
import { describeEngines } from "../testing/engines.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { checkConsistency } from "./fsck.ts";
import { sweep } from "./sweep.ts";
import { type ContentsToRelease, releaseContents } from "./sweep-blobs.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(async () => {
    expect((await checkConsistency(fixture.parts, { deep: true }, never)).problems).toEqual([]);
    await fixture.close();
  });

  const release = (which: ContentsToRelease = {}) => releaseContents(fixture.services, which, never);
  const remove = ({ file_id: fileId, account_id: accountId }: { file_id: string; account_id: string }) =>
    fixture.parts.database.run(removeFileTransaction, {
      accountId,
      fileId,
      trashMs: null,
      events: undefined,
      now: fixture.time,
    });
  const uploadOf = (content: string, principal = fixture.principal) =>
    fixture.upload(content, { fileName: `${content}.txt` }, principal);

  test("the contents of deleted files go at once, and what anything refers to stays", async () => {
    const gone = [await uploadOf("gone"), await uploadOf("gone too")];
    const shared = [
      await fixture.upload("shared", { fileName: "1.txt" }),
      await fixture.upload("shared", { fileName: "2.txt" }),
    ];
    const trashed = await uploadOf("in the trash");
    for (const file of [...gone, ...shared.slice(1)]) await remove(file);
    const { accountId } = fixture.principal;
    const trash = { accountId, fileId: trashed.file_id, trashMs: 1000, events: undefined, now: fixture.time };
    await fixture.parts.database.run(removeFileTransaction, trash);
    expect(await release()).toEqual({ contents: 2, bytes: "gone".length + "gone too".length });
    expect(await release()).toEqual({ contents: 0, bytes: 0 });
    expect(await fixture.storedKeys()).toHaveLength(2);
    await fixture.parts.database.run(deleteFromTrashTransaction, {
      ...{ accountId, fileIds: [trashed.file_id], mustExist: true, events: undefined, now: fixture.time },
    });
    expect(await release()).toEqual({ contents: 1, bytes: "in the trash".length });
  });

  test("an object that was never referred to keeps its grace period, also in a sweep at once", async () => {
    await remove(await uploadOf("gone"));
    const key = newBlobKey();
    const file = fixture.parts.spool.create();
    await file.write(Buffer.from("an upload before its commit"));
    await fixture.parts.blobs.put(key, await file.finish());
    await file.discard();
    const { report, heldUntil } = await sweep(fixture.services, never, { atOnce: true });
    expect(report).toMatchObject({ releasedBlobs: 1, releasedBytes: 4, orphanedObjects: 0 });
    expect(heldUntil).toBeUndefined();
    expect(await fixture.storedKeys()).toEqual([key]);
  });

  test("a sweep at once takes what was too long in the trash as well", async () => {
    const file = await uploadOf("overdue");
    const trash = {
      accountId: file.account_id,
      fileId: file.file_id,
      trashMs: 1,
      events: undefined,
      now: fixture.time,
    };
    await fixture.parts.database.run(removeFileTransaction, trash);
    fixture.time += 1000;
    const { report } = await sweep(fixture.services, never, { atOnce: true });
    expect(report).toMatchObject({ trashedFiles: 1, releasedBlobs: 1 });
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("for one account, nothing of another one goes", async () => {
    await remove(await uploadOf("mine"));
    await remove(await uploadOf("theirs", fixture.stranger));
    expect(await release({ accountId: fixture.principal.accountId })).toEqual({ contents: 1, bytes: 4 });
    expect(await fixture.storedKeys()).toHaveLength(1);
    expect(await release({ accountId: fixture.stranger.accountId })).toEqual({ contents: 1, bytes: 6 });
  });

  test("many contents go in several transactions, and a call that ends early says where to go on", async () => {
    const kept = await uploadOf("kept");
    const other = openOtherConnection(fixture.config);
    const rows = Array.from({ length: 2300 }, (_, number) => ({
      ...{ id: `blob${number}`, account_id: fixture.principal.accountId, storage_key: newBlobKey() },
      ...{ sha256: Buffer.alloc(32, `${number}`.padStart(6, "0")), size: 2, created_at: 0, touched_at: fixture.time },
    }));
    for (let start = 0; start < rows.length; start += 500) {
      await other
        .insertInto("blobs")
        .values(rows.slice(start, start + 500))
        .execute();
    }
    await other.destroy();
    const first = await release({ maxMs: 0 });
    expect(first).toMatchObject({ contents: 100, bytes: 200, next: { accountId: fixture.principal.accountId } });
    let contents = first.contents;
    let after = first.next;
    for (let calls = 0; after !== undefined; calls++) {
      expect(calls).toBeLessThan(100);
      const more = await release({ maxMs: 0, after });
      contents += more.contents;
      after = more.next;
    }
    expect(contents).toBe(2300);
    expect(await fixture.parts.database.reader.selectFrom("blobs").select("id").execute()).toEqual([
      { id: kept.blob_id },
    ]);
  });

  test("while a backup reads the contents none goes, however often that is tried, and all go after it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-held-"));
    const place = await openBackupPlace({ text: join(folder, "to"), option: "--to", writes: true }, never);
    try {
      const files = [await uploadOf("one"), await uploadOf("two"), await uploadOf("three")];
      const deps = backupDeps(fixture.config, fixture.parts);
      const tried: unknown[] = [];
      const read: typeof deps.blobs.read = async (...asked) => {
        // The rows are in the backup by now. The files are deleted, and their contents are still to be copied.
        if (tried.length === 0) for (const file of files) await remove(file);
        tried.push(await release());
        return deps.blobs.read(...asked);
      };
      const { copied } = await makeBackup({ ...deps, blobs: { read } as typeof deps.blobs }, { place }, never);
      expect(copied).toMatchObject({ contents: 3, problems: [] });
      expect(tried).toEqual(Array(3).fill({ contents: 0, bytes: 0, heldUntil: expect.any(Number) }));
      expect(await release()).toEqual({ contents: 3, bytes: 11 });
    } finally {
      await place.close();
      await rm(folder, { recursive: true });
    }
  });

  test("contents that are uploaded again and again while they are removed are never lost", async () => {
    let removed = 0;
    for (let round = 0; round < 10; round++) {
      const uploads = Array.from({ length: 4 }, (_, index) => fixture.upload("same", { fileName: `${index}.txt` }));
      const sweeps = Array.from({ length: 3 }, () => release());
      const files = await Promise.all(uploads);
      for (const { contents } of await Promise.all(sweeps)) removed += contents;
      expect((await checkConsistency(fixture.parts, { deep: true }, never)).problems).toEqual([]);
      const ended = await Promise.all([...files.map(remove), release(), release()]);
      for (const outcome of ended)
        if (typeof outcome === "object" && "contents" in outcome) removed += outcome.contents;
    }
    await release();
    expect(removed).toBeGreaterThan(0);
    expect(await fixture.storedKeys()).toEqual([]);
  });
});
