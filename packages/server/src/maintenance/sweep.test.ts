import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eraseAccount } from "../account-data/erase/erase-account.ts";
import { createAccount } from "../accounts/account-transactions.ts";
import { jobOwners } from "../app/jobs.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { releaseContentHold, renewContentHold, takeContentHold } from "../library/holds/content-hold.ts";
import { sweepTrash } from "../library/trash/jobs.ts";
import type { Progress } from "../observability/progress.ts";
import { newBlobKey } from "../storage/blob-key.ts";
import { describeEngines } from "../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { burnToken } from "../upload/ledger/token-transactions.ts";
import { expireTokens } from "./expire-tokens.ts";
import { checkConsistency } from "./fsck.ts";
import { type SweepOptions, sweep } from "./sweep.ts";
import { releaseContents, sweepBlobs } from "./sweep-blobs.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    // Time passes in these tests, and a sweep does not trust a clock that is ahead of the database's.
    fixture.time -= 20 * fixture.config.limits.sweepGraceMs;
  });
  afterEach(() => fixture.close());

  const runSweep = async (options?: SweepOptions) => (await sweep(fixture.services, never, options)).report;
  const runFsck = (deep = false) => checkConsistency(fixture.parts, { deep }, never);
  const objectPath = (key: string) => join(fixture.config.dataDir, "blobs", key.slice(0, 2), key);

  async function removeFile(fileId: string): Promise<void> {
    await fixture.parts.database.run(removeFileTransaction, { accountId: fixture.principal.accountId, fileId });
  }

  /** Makes the store report this time: a disk's clock can't be set for a single object. */
  function storedAt(key: string, time: number): void {
    const { blobs } = fixture.parts;
    const list: typeof blobs.list = async function* (signal) {
      for await (const entry of blobs.list(signal)) {
        yield entry.key === key ? { ...entry, modifiedAt: new Date(time) } : entry;
      }
    };
    const others = { delete: blobs.delete.bind(blobs), removeUnfinished: blobs.removeUnfinished.bind(blobs) };
    Object.assign(fixture.services, { blobs: { ...others, partial: blobs.partial, list } });
  }

  test("the content of a deleted file is kept for the grace period and goes after it", async () => {
    const { file_id } = await fixture.upload("gone");
    await removeFile(file_id);
    expect(await runSweep()).toMatchObject({ releasedBlobs: 0, orphanedObjects: 0 });
    fixture.time += fixture.config.limits.sweepGraceMs + 1;
    expect(await runSweep()).toMatchObject({ releasedBlobs: 1 });
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("a file in the trash goes when its own time is over, and its content after that", async () => {
    const day = 24 * 3600 * 1000;
    fixture.time -= 100 * day;
    const { database } = fixture.parts;
    const trash = async (name: string, days: number) => {
      const { file_id: fileId, account_id: accountId } = await fixture.upload(name, { fileName: name });
      const removal = { accountId, fileId, trashMs: days * day, events: undefined, now: fixture.time };
      expect(await database.run(removeFileTransaction, removal)).toBe("done");
    };
    const inTrash = () => database.reader.selectFrom("trashed_files").select("name").execute();
    await trash("early", 1);
    await trash("late", 7);
    fixture.time += day - 10_000;
    expect(await runSweep()).toMatchObject({ trashedFiles: 0, releasedBlobs: 0 });
    fixture.time += 20_000;
    expect(await runSweep()).toMatchObject({ trashedFiles: 1, releasedBlobs: 1 });
    expect(await inTrash()).toEqual([{ name: "late" }]);
    expect(await fixture.storedKeys()).toHaveLength(1);
    fixture.time += 7 * day;
    expect(await sweepTrash(fixture.services, never)).toBe(1);
    expect(await inTrash()).toEqual([]);
    expect(await fixture.problems()).toEqual([]);
  });

  test("while a backup holds the contents no sweep deletes one, and a hold that is not renewed ends", async () => {
    const { database } = fixture.parts;
    const { file_id } = await fixture.upload("held");
    await removeFile(file_id);
    fixture.time += fixture.config.limits.sweepGraceMs + 1;
    const hold = { holder: "one", leaseMs: 60_000, now: fixture.time };
    expect(await database.run(takeContentHold, hold)).toBeUndefined();
    expect(await database.run(takeContentHold, { ...hold, holder: "two" })).toMatchObject({
      heldUntil: expect.any(Number),
    });
    expect(await database.run(renewContentHold, { ...hold, holder: "two" })).toBe(false);
    expect(await runSweep()).toMatchObject({ releasedBlobs: 0 });
    expect(await database.run(renewContentHold, { ...hold, leaseMs: 0 })).toBe(true);
    expect(await runSweep()).toMatchObject({ releasedBlobs: 1 });
    expect(await database.run(renewContentHold, hold)).toBe(false);
    expect(await database.run(takeContentHold, { ...hold, holder: "two" })).toBeUndefined();
    await database.run(releaseContentHold, { holder: "one" });
    expect(await database.run(takeContentHold, hold)).toBeDefined();
  });

  test("what is to be released is counted for whoever watches, and told of one by one", async () => {
    for (const content of ["one", "two", "kept"]) {
      const { file_id } = await fixture.upload(content, { fileName: `${content}.txt` });
      if (content !== "kept") await removeFile(file_id);
    }
    fixture.time += fixture.config.limits.sweepGraceMs + 1;
    const counted: (number | undefined)[] = [];
    let advanced = 0;
    const progress: Progress = {
      begin: async (_what, _unit, total) => void counted.push(await total?.()),
      advance(amount) {
        if (counted.length === 1) advanced += amount;
      },
    };
    expect(await sweepBlobs(fixture.services, never, progress)).toMatchObject({ releasedBlobs: 2 });
    // The second step looks for objects without a row.
    expect({ counted, advanced }).toEqual({ counted: [2, 1], advanced: 2 });
  });

  test("content that a version still refers to stays, however old it is", async () => {
    const first = await fixture.upload("shared", { fileName: "a.txt" });
    await fixture.upload("shared", { fileName: "b.txt" });
    await removeFile(first.file_id);
    fixture.time += 10 * fixture.config.limits.sweepGraceMs;
    expect(await runSweep()).toMatchObject({ releasedBlobs: 0, orphanedObjects: 0 });
    expect((await runFsck(true)).problems).toEqual([]);
  });

  test("adopting unreferenced content restarts its grace period", async () => {
    const first = await fixture.upload("again");
    await removeFile(first.file_id);
    fixture.time += fixture.config.limits.sweepGraceMs - 1;
    const second = await fixture.upload("again");
    expect(second.blob_id).toBe(first.blob_id);
    await removeFile(second.file_id);
    fixture.time += fixture.config.limits.sweepGraceMs - 1;
    expect(await runSweep()).toMatchObject({ releasedBlobs: 0 });
  });

  test("sweeps at the same time as uploads of one content take nothing that one of them adopted", async () => {
    const release = async () => {
      released += (await releaseContents(fixture.services, {}, never)).contents;
    };
    let released = 0;
    for (let round = 0; round < 15; round++) {
      const uploads = Array.from({ length: 4 }, (_, index) => fixture.upload("same", { fileName: `${index}.txt` }));
      const sweeps = Array.from({ length: 3 }, release);
      const assets = await Promise.all(uploads);
      await Promise.all(sweeps);
      expect((await runFsck()).problems).toEqual([]);
      await Promise.all([...assets.map(({ file_id }) => removeFile(file_id)), release(), release()]);
    }
    expect(released).toBeGreaterThan(0);
  });

  test("an object without a row is a crash's remains: it goes once it is older than the grace period", async () => {
    await fixture.upload("kept");
    const key = newBlobKey();
    const file = fixture.parts.spool.create();
    await file.write(Buffer.from("orphan"));
    await fixture.parts.blobs.put(key, await file.finish());
    storedAt(key, fixture.time);
    await file.discard();
    expect(await runFsck()).toMatchObject({ problems: [], notes: [expect.stringContaining(key)] });
    expect(await runSweep()).toMatchObject({ orphanedObjects: 0 });
    fixture.time += fixture.config.limits.sweepGraceMs + 60_000;
    expect(await runSweep()).toMatchObject({ orphanedObjects: 1, releasedBlobs: 0 });
    expect(await fixture.storedKeys()).toHaveLength(1);
  });

  test("while there is no account no object goes: a restore may be filling the database", async () => {
    const { database } = fixture.parts;
    for (const { imagekitId } of [fixture.principal, fixture.stranger]) {
      await eraseAccount({ ...fixture.services, jobOwners }, imagekitId, never);
    }
    const file = fixture.parts.spool.create();
    await file.write(Buffer.from("restored"));
    const key = newBlobKey();
    await fixture.parts.blobs.put(key, await file.finish());
    await file.discard();
    storedAt(key, fixture.time);
    fixture.time += fixture.config.limits.sweepGraceMs + 60_000;
    expect(await sweepBlobs(fixture.services, never)).toMatchObject({ orphanedObjects: 0 });
    const pair = { publicKey: "public_new", privateKey: "private_new" };
    await database.run(createAccount, { imagekitId: "new", pair, now: fixture.time });
    expect(await sweepBlobs(fixture.services, never)).toMatchObject({ orphanedObjects: 1 });
  });

  describe("used tokens", () => {
    /** Presents the token that expires at `expiresAt`, in Unix seconds. */
    const burn = (expiresAt: number) => {
      const { principal, time, parts } = fixture;
      return parts.database.run(burnToken, {
        accountId: principal.accountId,
        digest: new Uint8Array(32).fill(expiresAt % 256),
        expiresAt,
        attempt: null,
        now: time,
      });
    };
    const seconds = () => Math.floor(fixture.time / 1000);
    const kept = () => fixture.config.limits.requestMs + 24 * 60 * 60 * 1000;

    test("are remembered for the longest possible request and a day beyond their end", async () => {
      const longAgo = seconds() - kept() / 1000;
      expect(await burn(longAgo + 60)).toBe(true);
      expect(await burn(longAgo - 1)).toBe(true);
      expect(await burn(seconds() + 61)).toBe(true);
      expect(await runSweep()).toMatchObject({ expiredTokens: 1 });
      expect(await burn(longAgo + 60)).toBe(false);
      expect(await burn(longAgo - 1)).toBe(true);
    });

    test("are forgotten no further once the process has to end", async () => {
      const now = seconds();
      await burn(now - 30 * 24 * 3600);
      await burn(now);
      await expect(expireTokens(fixture.services, AbortSignal.abort(new Error("the end")))).rejects.toThrow("the end");
      expect(await expireTokens(fixture.services, never)).toBe(1);
    });

    test("outlive a sweep under a clock far ahead, by which no token has come in", async () => {
      const expiresAt = seconds() + 600;
      expect(await burn(expiresAt)).toBe(true);
      fixture.time += 10 * kept();
      expect(await runSweep()).toMatchObject({ expiredTokens: 0 });
      fixture.time -= 10 * kept();
      expect(await burn(expiresAt)).toBe(false);
    });
  });

  test("spool files of dead processes go at once", async () => {
    const spool = join(fixture.config.dataDir, "spool");
    const living = await readdir(spool);
    await writeFile(join(spool, `${"a".repeat(16)}-${"b".repeat(32)}.upload`), "left behind");
    expect(await runSweep()).toMatchObject({ spoolFiles: 1 });
    expect(await readdir(spool)).toEqual(living);
  });

  test("fsck names a missing, a short and a changed object", async () => {
    await fixture.upload("content one", { fileName: "1.txt" });
    await fixture.upload("content two", { fileName: "2.txt" });
    await fixture.upload("content three", { fileName: "3.txt" });
    expect(await runFsck(true)).toMatchObject({ files: 3, versions: 3, blobs: 3, problems: [], notes: [] });
    const [one = "", two = "", three = ""] = await fixture.storedKeys();
    await fixture.parts.blobs.delete(one);
    await truncate(objectPath(two), 2);
    const size = (await fixture.parts.blobs.size(three)) ?? 0;
    await writeFile(objectPath(three), "x".repeat(size));
    expect((await runFsck()).problems).toHaveLength(2);
    const problems = (await runFsck(true)).problems.join("\n");
    expect(problems).toMatch(/has no object/);
    expect(problems).toMatch(/has 2 bytes/);
    expect(problems).toMatch(/has other content/);
  });
});
