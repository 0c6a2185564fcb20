import { test as base } from "vitest";
import { earlierClock } from "../clock.ts";
import { type Database, DatabaseError } from "../database.ts";
import { findAccount } from "../repositories/accounts.ts";
import { countRows, pageOfBlobs } from "../repositories/consistency.ts";
import * as transactions from "./conformance-transactions.ts";

export type ConformanceDatabase = Database;

/** The place of one test's database. It outlives opening and closing the database. */
export interface ConformancePlace {
  open(): Promise<ConformanceDatabase>;
  drop(): Promise<void>;
}

/** Tests what the application relies on, whatever the engine (docs/architecture.md decision 5). */
export function testDatabaseConformance(makePlace: () => Promise<ConformancePlace>): void {
  // Each test has a database of its own.
  const { concurrent: test } = base.extend<{ place: ConformancePlace; database: ConformanceDatabase }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
    place: async ({}, use) => {
      const place = await makePlace();
      await use(place);
      await place.drop();
    },
    database: async ({ place }, use) => {
      const database = await place.open();
      await use(database);
      await database.close();
    },
  });

  test("a reader sees a write as soon as its promise resolves", async ({ database, expect }) => {
    expect(await database.run(transactions.addAccount, { id: "a" })).toBe("a");
    expect(await accountIds(database)).toEqual(["a"]);
  });

  test("what a script announces is heard once it is committed, before whoever ran it goes on", async ({
    database,
    expect,
  }) => {
    const heard: string[] = [];
    const deafen = database.listen((name) => heard.push(name));
    const run = (names: string[], ending?: "throw" | "roll back") =>
      database.run(transactions.announce, { names, ...(ending && { ending }) }).catch(() => undefined);
    await run(["a", "b", "a"]);
    expect(heard.splice(0)).toEqual(["a", "b"]);
    await run([]);
    await run(["c"], "throw");
    await run(["d"], "roll back");
    await database.run(transactions.addAccount, { id: "a" });
    expect(heard).toEqual([]);
    deafen();
    await run(["e"]);
    expect(heard).toEqual([]);
  });

  test("what fails to be committed announces nothing", async ({ database, expect }) => {
    const heard: string[] = [];
    database.listen((name) => heard.push(name));
    await expect(database.run(transactions.breakForeignKeyAtCommit, { id: "a" })).rejects.toThrow(DatabaseError);
    expect(heard).toEqual([]);
  });

  test("writes that wait together all settle", async ({ database, expect }) => {
    const ids = Array.from({ length: 600 }, (_, index) => String(index).padStart(4, "0"));
    expect(await Promise.all(ids.map((id) => database.run(transactions.addAccount, { id })))).toEqual(ids);
    expect(await accountIds(database)).toEqual(ids);
  });

  test("a script that throws or rolls itself back takes nothing else with it", async ({ database, expect }) => {
    const results = await Promise.allSettled([
      database.run(transactions.addAccount, { id: "a" }),
      database.run(transactions.addAccount, { id: "b", ending: "throw" }),
      database.run(transactions.addAccount, { id: "c", ending: "roll back" }),
      database.run(transactions.addAccount, { id: "a" }),
      database.run(transactions.addAccount, { id: "d" }),
    ]);
    const outcomes = results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.name));
    // The database decides which of two tasks with one id comes first.
    expect([outcomes[0], outcomes[3]].sort()).toEqual(["DatabaseError", "a"]);
    expect([outcomes[1], outcomes[2], outcomes[4]]).toEqual(["DatabaseError", "rolled back", "d"]);
    expect(await accountIds(database)).toEqual(["a", "d"]);
  });

  test("when the COMMIT fails, nothing is stored and the next transaction goes through", async ({
    database,
    expect,
  }) => {
    await expect(database.run(transactions.breakForeignKeyAtCommit, { id: "a" })).rejects.toThrow(DatabaseError);
    expect(await accountIds(database)).toEqual([]);
    expect(await database.run(transactions.addAccount, { id: "a" })).toBe("a");
  });

  test("closing waits for the writes that were handed over", async ({ place, expect }) => {
    const database = await place.open();
    const write = database.run(transactions.addAccount, { id: "a" });
    await database.close();
    expect(await write).toBe("a");
    const again = await place.open();
    expect(await accountIds(again)).toEqual(["a"]);
    await again.close();
  });

  test("the reader can't write", async ({ database, expect }) => {
    const row = { id: "a", imagekit_id: "a", status: "active", created_at: 1 } as const;
    await expect(database.reader.insertInto("accounts").values(row).execute()).rejects.toThrow();
    expect(await accountIds(database)).toEqual([]);
  });

  test("a database that answers passes its check", async ({ database, expect }) => {
    await expect(database.check()).resolves.toBeUndefined();
  });

  test("rows come back in one shape: numbers, bytes and nulls", async ({ database, expect }) => {
    await database.run(transactions.addAccount, { id: "a" });
    const bytes = new Uint8Array([0, 1, 127, 128, 255]);
    const row = {
      id: "blob",
      account_id: "a",
      storage_key: "key",
      sha256: bytes,
      size: Number.MAX_SAFE_INTEGER,
      created_at: 1_767_225_600_123,
      touched_at: 0,
    };
    await database.run(transactions.addBlob, row);
    const [stored] = await pageOfBlobs(database.reader, "", 10);
    expect(stored).toEqual(row);
    expect(stored?.sha256.constructor).toBe(Uint8Array);
    expect(await countRows(database.reader, "blobs")).toBe(1);
    const root = await database.reader.selectFrom("folders").select(["parent_id", "path"]).execute();
    expect(root).toEqual([{ parent_id: null, path: "/" }]);
  });

  test("text is ordered by code point, whatever the language, and compared exactly", async ({ database, expect }) => {
    const ordered = ["", "A", "B", "a", "b", "a\u0308", "ä", "\uffff", "\u{1f600}"].sort(byCodePoint);
    for (const id of [...ordered].reverse()) await database.run(transactions.addAccount, { id });
    expect(await accountIds(database)).toEqual(ordered);
    const found = await database.reader.selectFrom("accounts").select("id").where("id", "=", "A").execute();
    expect(found).toEqual([{ id: "A" }]);
  });

  test("text that no row can hold is found in none", async ({ database, expect }) => {
    await database.run(transactions.addAccount, { id: "a" });
    expect(await findAccount(database.reader, { imagekit_id: "a\0" })).toBeUndefined();
    expect(await findAccount(database.reader, { imagekit_id: "a\ud800" })).toBeUndefined();
  });

  test("folders that many make at once, parents included, are made once", async ({ database, expect }) => {
    await database.run(transactions.addAccount, { id: "a" });
    const paths = Array.from({ length: 40 }, (_, index) => `/x/${index % 4}/y/${index % 2}`);
    const ids = await Promise.all(paths.map((path) => database.run(transactions.makeFolder, { accountId: "a", path })));
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toBe(await database.run(transactions.makeFolder, { accountId: "a", path: "/x/0/y/0" }));
    expect(await database.reader.selectFrom("folders").select("path").orderBy("path").execute()).toHaveLength(
      1 + 1 + 12,
    );
  });

  test("scripts that take each other's locks in opposite orders all come through", async ({ database, expect }) => {
    await database.run(transactions.addAccount, { id: "a" });
    await database.run(transactions.addAccount, { id: "b" });
    const runs = Array.from({ length: 4 }, (_, index) =>
      database.run(
        transactions.disableBoth,
        index % 2 === 0 ? { first: "a", second: "b" } : { first: "b", second: "a" },
      ),
    );
    expect((await Promise.allSettled(runs)).map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"));
  });

  test("of the database's clock and this one, which are near each other, the earlier one counts", async ({
    database,
    expect,
  }) => {
    const now = Date.now();
    expect(await earlierClock(database.reader, 1000)).toBe(1000);
    expect(Math.abs((await earlierClock(database.reader, now)) - now)).toBeLessThan(60_000);
  });
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function accountIds({ reader }: ConformanceDatabase): Promise<string[]> {
  return (await reader.selectFrom("accounts").select("id").orderBy("id").execute()).map(({ id }) => id);
}
