import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, DatabaseError } from "../database.ts";
import type { transactions } from "../testing/counter-transactions.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

const transactionsUrl = new URL("../testing/counter-transactions.ts", import.meta.url).href;
let folder: string;
let database: Database<typeof transactions>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-database-"));
  database = await openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl);
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function accountIds(): Promise<string[]> {
  return (await database.reader.selectFrom("accounts").select("id").orderBy("id").execute()).map(({ id }) => id);
}

test("a reader sees a write as soon as its promise resolves", async () => {
  expect(await database.run("addAccount", { id: "a" })).toBe("a");
  expect(await accountIds()).toEqual(["a"]);
});

test("writes that wait together all settle, in order", async () => {
  const ids = Array.from({ length: 600 }, (_, index) => String(index).padStart(4, "0"));
  expect(await Promise.all(ids.map((id) => database.run("addAccount", { id })))).toEqual(ids);
  expect(await accountIds()).toEqual(ids);
});

test("a task that throws or rolls itself back takes nothing else in its group with it", async () => {
  const results = await Promise.allSettled([
    database.run("addAccount", { id: "a" }),
    database.run("addAccount", { id: "b", ending: "throw" }),
    database.run("addAccount", { id: "c", ending: "roll back" }),
    database.run("addAccount", { id: "a" }),
    database.run("addAccount", { id: "d" }),
  ]);
  expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.reason))).toEqual([
    "a",
    expect.any(DatabaseError),
    "rolled back",
    expect.any(DatabaseError),
    "d",
  ]);
  expect(await accountIds()).toEqual(["a", "d"]);
});

test("when the COMMIT fails, every task of the group has failed and nothing is stored", async () => {
  const results = await Promise.allSettled([
    database.run("addAccount", { id: "a" }),
    database.run("breakForeignKey", undefined),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await accountIds()).toEqual([]);
  expect(await database.run("addAccount", { id: "a" })).toBe("a");
});

test("closing waits for the writes that were handed over", async () => {
  const write = database.run("addAccount", { id: "a" });
  await database.close();
  expect(await write).toBe("a");
  database = await openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl);
  expect(await accountIds()).toEqual(["a"]);
});

test("the reader cannot write", async () => {
  const insert = database.reader
    .insertInto("accounts")
    .values({ id: "a", imagekit_id: "a", status: "active", created_at: 1 });
  await expect(insert.execute()).rejects.toThrow(/readonly/);
});
