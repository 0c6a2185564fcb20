import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setAccount } from "../../accounts/account-transactions.ts";
import { jobOwners } from "../../app/jobs.ts";
import type { Transaction } from "../../database/database.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { untilSettled } from "../../database/search-index/testing/settled.ts";
import { requestPurgeTransaction } from "../../delivery/purge/purge-transactions.ts";
import { writeEntry } from "../../delivery/renditions/kept/entry.ts";
import { RenditionFolder } from "../../delivery/renditions/kept/rendition-folder.ts";
import { renditionKey } from "../../delivery/renditions/kept/rendition-key.ts";
import { logWebhookAttempts } from "../../events/event-transactions.ts";
import { addWebhook, editWebhook, replayEvents } from "../../events/webhook-transactions.ts";
import { releaseContentHold, renewContentHold, takeContentHold } from "../../library/holds/content-hold.ts";
import { checkConsistency } from "../../maintenance/fsck.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { fillAccount } from "../testing/full-account.ts";
import { countRowsOf, tablesWithAccounts } from "../testing/tables-with-accounts.ts";
import { eraseAccount } from "./erase-account.ts";
import { closeAccount, settleAccount } from "./erasure-transactions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const erase = () => eraseAccount({ ...fixture.services, jobOwners }, "demo", never);

  async function counts(accountId: string): Promise<Record<string, number>> {
    const { reader } = fixture.parts.database;
    const tables = ["accounts", ...(await tablesWithAccounts(reader))];
    return Object.fromEntries(
      await Promise.all(tables.map(async (table) => [table, await countRowsOf(reader, table, accountId)] as const)),
    );
  }

  test("while a backup copies contents nothing is erased", async () => {
    await fixture.upload("content");
    const hold = { holder: "backup", leaseMs: 60_000, now: fixture.time };
    const { database } = fixture.parts;
    await database.run(takeContentHold, hold);
    let renewals = 0;
    const renewing = setInterval(() => {
      renewals += 1;
      void database.run(renewContentHold, { ...hold, leaseMs: hold.leaseMs + renewals });
    }, 100);
    await expect(erase()).rejects.toThrow("A backup of this library, or the erasure of an account, has been running");
    clearInterval(renewing);
    await database.run(releaseContentHold, hold);
    expect(await erase()).toMatchObject({ files: 1 });
    // The erasure has given its own hold back.
    expect(await database.run(takeContentHold, hold)).toBeUndefined();
  });

  test("while contents are erased no backup begins", async () => {
    await fixture.upload("content");
    const { blobs, database } = fixture.parts;
    let other: unknown;
    const watched = {
      delete: async (key: string, signal: AbortSignal) => {
        other = await database.run(takeContentHold, { holder: "backup", leaseMs: 60_000, now: fixture.time });
        await blobs.delete(key, signal);
      },
    };
    const services = { ...fixture.services, jobOwners, blobs: { ...watched, partial: blobs.partial } };
    expect(await eraseAccount(services, "demo", never)).toMatchObject({ blobs: 1 });
    expect(other).toMatchObject({ heldSince: expect.any(Number) });
  });

  test("nothing is left in any table or in the store, and another account's equal content stays", async () => {
    await fillAccount(fixture);
    const kept = await fixture.upload("first", {}, fixture.stranger);
    await untilSettled(fixture.parts.database.reader);
    const before = await counts(fixture.stranger.accountId);
    const filled = await counts(fixture.principal.accountId);
    for (const [table, count] of Object.entries(filled)) expect([table, count]).not.toEqual([table, 0]);
    expect(await erase()).toMatchObject({ files: 1, versions: 2, blobs: 2, bytes: 11 });
    const empty = Object.fromEntries(Object.keys(filled).map((table) => [table, 0]));
    expect(await counts(fixture.principal.accountId)).toEqual(empty);
    expect(await counts(fixture.stranger.accountId)).toEqual(before);
    expect(await fixture.storedKeys()).toHaveLength(1);
    expect(kept.account_id).toBe(fixture.stranger.accountId);
    const report = await checkConsistency(fixture.parts, { deep: true }, never);
    expect(report).toMatchObject({ files: 1, problems: [], notes: [] });
    expect(await erase()).toBeUndefined();
  });

  test("folders, files and versions of more than one batch go as well", async () => {
    const { accountId } = fixture.principal;
    const first = await fixture.upload("many", { folder: "/deep/deeper" });
    const other = openOtherConnection(fixture.config);
    try {
      const numbers = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 900)`;
      await sql`insert into folders (id, account_id, parent_id, name, path, created_at, updated_at)
        ${numbers} select 'folder' || n, ${accountId}, (select id from folders where account_id = ${accountId} and path = '/deep/deeper'),
          'f' || n, '/deep/deeper/f' || n, 1, 1 from numbers`.execute(other);
      await sql`insert into files (id, account_id, folder_id, name, current_version_id, last_version_number, created_at, updated_at)
        ${numbers} select 'file' || n, ${accountId}, 'folder' || n, 'x', 'version' || n, 1, 1, 1 from numbers`.execute(
        other,
      );
      await sql`insert into versions (id, account_id, file_id, number, blob_id, size, mime, file_type, is_private_file,
          is_published, object_version, created_at, updated_at)
        ${numbers} select 'version' || n, ${accountId}, 'file' || n, 1, ${first.blob_id}, 4, '', 'non-image', 0, 1, '', 1, 1
          from numbers`.execute(other);
    } finally {
      await other.destroy();
    }
    expect(await erase()).toMatchObject({ files: 901, versions: 901, blobs: 1 });
    expect(Object.values(await counts(accountId)).every((count) => count === 0)).toBe(true);
  });

  test("an upload that was let in before is refused, and leaves nothing", async () => {
    await fixture.parts.database.run(closeAccount, { imagekitId: "demo" });
    await expect(fixture.upload("too late")).rejects.toMatchObject({ reason: "ACCOUNT_DISABLED" });
    await erase();
    await expect(fixture.upload("later still")).rejects.toMatchObject({ reason: "ACCOUNT_DISABLED" });
    expect(await fixture.storedKeys()).toEqual([]);
    expect(await fixture.parts.spool.usage()).toMatchObject({ files: 0 });
  });

  test("changes that were let in before are refused, so that the erasure ends", async () => {
    const { database } = fixture.parts;
    const imagekitId = "demo";
    const webhook = { imagekitId, url: "https://example.com/", secret: "whsec_0123456789abcdef", types: null, now: 1 };
    const added = await database.run(addWebhook, webhook);
    const which = { id: "id" in added ? added.id : "", accountId: fixture.principal.accountId };
    await database.run(closeAccount, { imagekitId });
    expect(await database.run(addWebhook, webhook)).toEqual({ problem: "account disabled" });
    const change = { status: "enabled" } as const;
    expect(await database.run(editWebhook, { ...which, change })).toBe("account disabled");
    expect(await database.run(setAccount, { imagekitId, changes: { v1Uploads: true } })).toBe("account disabled");
    const replay = { ...which, which: { eventId: "e" } };
    expect(await database.run(replayEvents, replay)).toEqual({ problem: "account disabled" });
    await erase();
    expect(await findAccount(database.reader, { imagekit_id: imagekitId })).toBeUndefined();
  });

  test("uploads at the same time are erased or refused, and leave nothing", async () => {
    await fixture.upload("equal content");
    const uploads = Array.from({ length: 12 }, (_, number) => {
      return fixture.upload(number % 2 === 0 ? "equal content" : `content ${number}`, { fileName: `${number}.txt` });
    });
    const [erased, ...outcomes] = await Promise.allSettled([erase(), ...uploads]);
    expect(erased).toMatchObject({ status: "fulfilled" });
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ reason: "ACCOUNT_DISABLED" });
    }
    expect(Object.values(await counts(fixture.principal.accountId)).every((count) => count === 0)).toBe(true);
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("what broke off at any step is gone on with by another one", async () => {
    await fillAccount(fixture);
    const { database } = fixture.parts;
    const steps: string[] = [];
    let allowed = 0;
    const cut = {
      ...fixture.services,
      database: {
        ...database,
        run: async <Input, Output>(script: Transaction<Input, Output>, input: Input) => {
          // The hold of a process that was killed would end by itself, after a minute.
          if (script.name === releaseContentHold.name) return database.run(script, input);
          steps.push(script.name);
          if (steps.length > allowed) throw new Error("cut off");
          return database.run(script, input);
        },
      },
    };
    let done = false;
    for (let tries = 0; !done; tries++) {
      steps.length = 0;
      allowed = (tries % 4) + 3 * Math.floor(tries / 4);
      done = await eraseAccount({ ...cut, jobOwners }, "demo", never).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe("cut off");
          return false;
        },
      );
      expect(tries).toBeLessThan(200);
    }
    expect(Object.values(await counts(fixture.principal.accountId)).every((count) => count === 0)).toBe(true);
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("it ends when it is told to, and nobody is let in from then on", async () => {
    await fillAccount(fixture);
    const { database } = fixture.parts;
    const ending = new AbortController();
    const run = async <Input, Output>(script: Transaction<Input, Output>, input: Input) => {
      if (script.name === settleAccount.name) ending.abort(new Error("enough"));
      return database.run(script, input);
    };
    const services = { ...fixture.services, jobOwners, database: { ...database, run } };
    await expect(eraseAccount(services, "demo", ending.signal)).rejects.toThrow("enough");
    const account = await findAccount(fixture.parts.database.reader, { imagekit_id: "demo" });
    expect(account).toMatchObject({ status: "disabled" });
    expect((await counts(fixture.principal.accountId)).key_pairs).toBe(0);
  });

  test("its jobs go, and no others", async () => {
    await fillAccount(fixture);
    const jobs = await fixture.openJobs();
    try {
      const { database } = fixture.parts;
      const purge = async (accountId: string, id: string) => {
        const request = { id, accountId, now: Date.now(), of: { prefix: "/one/two/" } };
        await database.run(requestPurgeTransaction, request);
      };
      await purge(fixture.principal.accountId, "ours");
      await purge(fixture.stranger.accountId, "theirs");
      const waiting = async () => (await jobs.queue.depths()).find(({ name }) => name === "purge-files")?.waiting;
      expect(await waiting()).toBe(2);
      expect(await erase()).toMatchObject({ jobs: 1 });
      expect(await waiting()).toBe(1);
    } finally {
      await jobs.close();
    }
  });

  test("what was made of its images goes, and nothing of others", async () => {
    const folder = new RenditionFolder(join(fixture.config.dataDir, "derived"));
    const keyFor = (account_id: string) => renditionKey({ account_id, id: "v", purges: 0 }, ["w-1"]);
    const made = { data: Buffer.from("made"), contentType: "image/png", width: 1 };
    const [ours, theirs] = [keyFor(fixture.principal.accountId), keyFor(fixture.stranger.accountId)];
    try {
      for (const key of [ours, theirs]) await folder.write(key, writeEntry(made).chunks);
      expect(await erase()).toMatchObject({ derivedFiles: 1 });
      expect(await folder.find(ours)).toBeUndefined();
      expect(await folder.find(theirs)).toBeDefined();
    } finally {
      await folder.close();
    }
  });

  test("what was sent and happened before is neither written down nor told any more", async () => {
    const { accountId } = fixture.principal;
    const { database } = fixture.parts;
    await erase();
    const attempt = { id: "a", account_id: accountId, event_id: "e", endpoint_id: null, attempt: 1, status: 200 };
    const attempts = [{ ...attempt, error: null, excerpt: "private", duration_ms: 1, created_at: 1 }];
    const exchanges = [{ attempt_id: "a", account_id: accountId, target: accountId, url: "u", answer: null }];
    await database.run(logWebhookAttempts, { attempts, exchanges });
    for (const table of ["webhook_attempts", "webhook_exchanges"] as const) {
      expect(await countRowsOf(database.reader, table, accountId)).toBe(0);
    }
  });
});
