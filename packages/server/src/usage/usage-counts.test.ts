import { afterEach, beforeEach, expect, test } from "vitest";
import { createAccount } from "../accounts/account-transactions.ts";
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
    const counts = new UsageCounts({ database, logger, now: () => time });
    opened.push(counts);
    return counts;
  }
  const sums = (days = everyDay, accountId = fixture.principal.accountId) =>
    sumDeliveries(fixture.parts.database.reader, accountId, days);

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

  test("events are summed up by kind, name and day", async () => {
    const { accountId } = page;
    const counts = open();
    counts.count(accountId, { kind: "cache", name: "hit" });
    counts.count("nobody", { kind: "cache", name: "hit" });
    await counts.flush();
    await counts.flush();
    counts.count(accountId, { kind: "refusals", name: "upload/TOKEN_USED" });
    await counts.flush();
    const { reader } = fixture.parts.database;
    const found = (await sumEventsByDay(reader, accountId, everyDay)).sort((a, b) => a.kind.localeCompare(b.kind));
    expect(found).toEqual([
      { day: "2026-03-01", kind: "cache", name: "hit", events: 1, bytes: 0 },
      { day: "2026-03-01", kind: "refusals", name: "upload/TOKEN_USED", events: 1, bytes: 0 },
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
    const deps = { database, usageCounts: counts, now: () => time };
    const read = async (from: string, before: string) =>
      (await readDailyUsage(deps, page.accountId, { from, before })).days;
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
    await fixture.upload("123", { fileName: "b.txt" });
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + dayMs).toISOString().slice(0, 10);
    expect(await read(today, tomorrow)).toEqual([
      { day: today, ...none, storedBytes: 8, uploadCount: 2, uploadBytes: 8 },
    ]);
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
  });

  test("what the database doesn't take now is recorded later", async () => {
    let gone = true;
    const { database } = fixture.parts;
    const run = async (name: never, input: never) => {
      if (gone) throw new Error("the database is gone");
      return database.run(name, input);
    };
    const counts = open({ run } as never);
    counts.add(page, 1, 100);
    await counts.flush();
    expect(await sums()).toEqual([]);
    gone = false;
    await counts.close();
    expect(await sums()).toMatchObject([{ requests: 1, bytes: 100 }]);
  });

  test("a database that hangs doesn't keep the process from ending", async () => {
    const counts = open({ run: () => new Promise(() => undefined) } as never);
    counts.add(page, 1, 100);
    await counts.close(20);
    opened.length = 0;
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
    await database.run(createAccount, { imagekitId: "demo", pair, now: time });
    await counts.flush();
    expect(await database.reader.selectFrom("usage_deliveries").selectAll().execute()).toEqual([]);
  });
});
