import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sumDeliveries, sumEventsByDay } from "../database/repositories/usage.ts";
import { createLogger } from "../observability/logger.ts";
import { describeEngines } from "../testing/engines.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { readDailyUsage } from "./read-usage.ts";
import { UsageCounts } from "./usage-counts.ts";

const noon = Date.parse("2026-03-01T12:00:00Z");
const dayMs = 24 * 60 * 60 * 1000;
const logger = createLogger("silent");
const everyDay = { from: "2026-01-01", before: "2027-01-01" };

describeEngines((engine) => {
  let fixture: UploadFixture;
  let time: number;
  let page: { readonly accountId: string; readonly status: number; readonly type: string };
  const opened: UsageCounts[] = [];
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    time = noon;
    page = { accountId: fixture.principal.accountId, status: 200, type: "text/html; charset=utf-8" };
  });
  afterEach(async () => {
    for (const counts of opened.splice(0)) await counts.close();
    await fixture.close();
  });

  function open(database: Pick<UploadFixture["parts"]["database"], "run"> = fixture.parts.database): UsageCounts {
    const counts = new UsageCounts({ database, logger, now: () => time }, fixture.config.dataDir);
    opened.push(counts);
    return counts;
  }
  const sums = (days = everyDay, accountId = fixture.principal.accountId) =>
    sumDeliveries(fixture.parts.database.reader, accountId, days);
  const files = () => readdir(join(fixture.config.dataDir, "usage")).catch(() => []);

  test("deliveries are summed up by account, day, status and media type, and count once however often they are written", async () => {
    const counts = open();
    counts.add(page, 1, 100);
    counts.add(page, 0, 50);
    counts.add({ ...page, type: "TEXT/HTML" }, 1, 1);
    counts.add({ ...page, status: 404, type: undefined }, 1, 9);
    counts.add({ ...page, accountId: fixture.stranger.accountId }, 1, 7);
    counts.add({ ...page, accountId: "nobody" }, 1, 8);
    await counts.flush();
    await counts.flush();
    const first = [
      { status: 200, type: "text/html", requests: 2, bytes: 151 },
      { status: 404, type: "", requests: 1, bytes: 9 },
    ];
    expect((await sums()).sort((a, b) => a.status - b.status)).toEqual(first);
    expect(await sums(everyDay, fixture.stranger.accountId)).toMatchObject([{ requests: 1, bytes: 7 }]);
    time += dayMs;
    counts.add(page, 1, 3);
    await counts.flush();
    expect(await sums({ from: "2026-03-02", before: "2026-03-03" })).toMatchObject([{ requests: 1, bytes: 3 }]);
    expect((await sums({ from: "2026-03-01", before: "2026-03-02" })).sort((a, b) => a.status - b.status)).toEqual(
      first,
    );
  });

  test("what a process had counted when it was killed is recorded by the next start, once", async () => {
    const killed = open();
    killed.add(page, 1, 100);
    await killed.flush();
    killed.add(page, 1, 20);
    opened.length = 0;
    await open().start();
    await open().start();
    expect(await sums()).toMatchObject([{ requests: 2, bytes: 120 }]);
    // A minute later the process is known to have ended, and its file goes.
    const [name = ""] = await files();
    const long = new Date(Date.now() - 120_000);
    await utimes(join(fixture.config.dataDir, "usage", name), long, long);
    await open().start();
    expect(await files()).toEqual([]);
    expect(await sums()).toMatchObject([{ requests: 2, bytes: 120 }]);
  });

  test("deliveries that are noted together are in the file once they are written", async () => {
    const killed = open();
    killed.note(page, 1, 100);
    killed.note(page, 1, 20);
    killed.note({ ...page, type: "image/webp" }, 1, 3);
    killed.write();
    killed.note(page, 1, 7);
    opened.length = 0;
    await open().start();
    expect((await sums()).sort((a, b) => a.type.localeCompare(b.type))).toMatchObject([
      { type: "image/webp", requests: 1, bytes: 3 },
      { type: "text/html", requests: 2, bytes: 120 },
    ]);
  });

  test("a process that only seemed to have ended goes on counting", async () => {
    const running = open();
    running.add(page, 1, 100);
    const [name = ""] = await files();
    const long = new Date(Date.now() - 120_000);
    await utimes(join(fixture.config.dataDir, "usage", name), long, long);
    await open().start();
    running.add(page, 1, 20);
    await running.flush();
    expect(await sums()).toMatchObject([{ requests: 2, bytes: 120 }]);
  });

  test("events are summed up by kind, name and day, and survive a kill as deliveries do", async () => {
    const { accountId } = page;
    const killed = open();
    killed.count(accountId, { kind: "uploads", name: "stored" }, 100);
    killed.count(accountId, { kind: "uploads", name: "stored" }, 20);
    killed.count(accountId, { kind: "cache", name: "hit" });
    killed.count("nobody", { kind: "cache", name: "hit" });
    await killed.flush();
    await killed.flush();
    killed.count(accountId, { kind: "refusals", name: "upload/TOKEN_USED" });
    opened.length = 0;
    await open().start();
    const { reader } = fixture.parts.database;
    const found = (await sumEventsByDay(reader, accountId, everyDay)).sort((a, b) => a.kind.localeCompare(b.kind));
    expect(found).toEqual([
      { day: "2026-03-01", kind: "cache", name: "hit", events: 1, bytes: 0 },
      { day: "2026-03-01", kind: "refusals", name: "upload/TOKEN_USED", events: 1, bytes: 0 },
      { day: "2026-03-01", kind: "uploads", name: "stored", events: 2, bytes: 120 },
    ]);
    expect(await sums()).toEqual([]);
    expect(await sumEventsByDay(reader, fixture.stranger.accountId, everyDay)).toEqual([]);
  });

  test("days that were asked for are all there, with what was stored at their ends", async () => {
    const { database } = fixture.parts;
    const counts = open();
    counts.add(page, 1, 100);
    counts.count(page.accountId, { kind: "refusals", name: "upload/TOKEN_USED" });
    counts.count(page.accountId, { kind: "refusals", name: "delivery/NOT_FOUND" });
    counts.count(page.accountId, { kind: "refusals", name: "delivery/NOT_FOUND" });
    time += dayMs;
    counts.count(page.accountId, { kind: "cache", name: "miss" });
    const needs = { database, usageCounts: counts, now: () => time };
    const read = async (from: string, before: string) =>
      (await readDailyUsage(needs, page.accountId, { from, before })).days;
    const none = {
      ...{ uploadCount: 0, uploadBytes: 0, storedBytes: 0, requestCount: 0, bandwidthBytes: 0 },
      ...{ cacheHitCount: 0, cacheMissCount: 0, refusals: [] },
    };
    expect(await read("2026-02-28", "2026-03-03")).toEqual([
      { day: "2026-02-28", ...none },
      {
        ...{ day: "2026-03-01", ...none, requestCount: 1, bandwidthBytes: 100 },
        refusals: [
          { kind: "delivery", reason: "NOT_FOUND", count: 2 },
          { kind: "upload", reason: "TOKEN_USED", count: 1 },
        ],
      },
      { day: "2026-03-02", ...none, cacheMissCount: 1 },
    ]);
    await fixture.upload("12345");
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + dayMs).toISOString().slice(0, 10);
    expect((await read(today, tomorrow)).map(({ storedBytes }) => storedBytes)).toEqual([5]);
  });

  test("several processes count beside each other", async () => {
    const processes = Array.from({ length: 4 }, () => open());
    await Promise.all(
      processes.map(async (counts) => {
        for (let round = 0; round < 25; round++) {
          counts.add(page, 1, 10);
          if (round % 5 === 0) await Promise.all([counts.flush(), counts.flush()]);
        }
        await counts.close();
      }),
    );
    expect(await sums()).toMatchObject([{ requests: 100, bytes: 1000 }]);
    expect(await files()).toEqual([]);
  });

  test("while the database is gone deliveries are kept, also over the process's end", async () => {
    let gone = true;
    const { database } = fixture.parts;
    const run = async (name: never, input: never) => {
      if (gone) throw new Error("the database is gone");
      return database.run(name, input);
    };
    const counts = open({ run } as never);
    counts.add(page, 1, 100);
    await counts.flush();
    await counts.close();
    opened.length = 0;
    expect(await sums()).toEqual([]);
    gone = false;
    await open().start();
    expect(await sums()).toMatchObject([{ requests: 1, bytes: 100 }]);
  });

  test("what a database that hangs has not taken when the process ends is kept for the next start", async () => {
    const run = () => new Promise(() => undefined);
    const counts = open({ run } as never);
    counts.add(page, 1, 100);
    await counts.close(20);
    opened.length = 0;
    await open().start();
    expect(await sums()).toMatchObject([{ requests: 1, bytes: 100 }]);
  });

  test("an account that is made anew under an id has nothing of the one before it", async () => {
    const { database } = fixture.parts;
    const counts = open();
    counts.add(page, 1, 100);
    const other = openOtherConnection(fixture.config);
    const gone = { imagekit_id: "gone", status: "disabled" } as const;
    await other.updateTable("accounts").set(gone).where("id", "=", page.accountId).execute();
    await other.destroy();
    const pair = { publicKey: "public_anew", privateKey: "private_anew" };
    await database.run("createAccount", { imagekitId: "demo", pair, now: time });
    await counts.flush();
    expect(await database.reader.selectFrom("usage_deliveries").selectAll().execute()).toEqual([]);
  });

  test("a delivery that goes on while the counts are closed writes to no closed file", async () => {
    const warn = vi.fn();
    const { database } = fixture.parts;
    let recorded = false;
    const run = async (name: never, input: never) => {
      const outcome = await database.run(name, input);
      recorded = true;
      return outcome;
    };
    const needs = { database: { run }, logger: { warn }, now: () => time };
    const counts = new UsageCounts(needs as never, fixture.config.dataDir);
    counts.add(page, 1, 100);
    let closed = false;
    const closing = counts.close().finally(() => {
      closed = true;
    });
    while (!closed) {
      if (recorded) counts.add(page, 0, 1);
      await new Promise(setImmediate);
    }
    await closing;
    expect(warn).not.toHaveBeenCalled();
  });

  test("counters of days that are over make room in the file", async () => {
    const counts = open();
    for (let day = 0; day < 5; day++) {
      for (let status = 200; status < 210; status++) counts.add({ ...page, status }, 1, 1);
      await counts.flush();
      time += dayMs;
    }
    expect((await sums()).reduce((sum, { requests }) => sum + requests, 0)).toBe(50);
    counts.add(page, 1, 1);
    opened.length = 0;
    await open().start();
    expect((await sums()).reduce((sum, { requests }) => sum + requests, 0)).toBe(51);
  });
});
