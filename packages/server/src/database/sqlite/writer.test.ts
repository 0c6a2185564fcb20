import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, DatabaseError, OutcomeUnknownError } from "../database.ts";
import * as transactions from "../testing/ending-transactions.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

const transactionsUrl = new URL("../testing/ending-transactions.ts", import.meta.url).href;

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-writer-"));
  database = await openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl);
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function accountIds(): Promise<string[]> {
  return (await database.reader.selectFrom("accounts").select("id").orderBy("id").execute()).map(({ id }) => id);
}

test("when the thread ends in a transaction, its tasks' outcome is unknown, nothing of them is there, and a new thread goes on", async () => {
  const first = database.run(transactions.addAccount, { id: "a" });
  await expect(database.run(transactions.addAccountAndEnd, { id: "b" })).rejects.toThrow(OutcomeUnknownError);
  await expect(first).rejects.toThrow(OutcomeUnknownError);
  // At once: whoever looks now must not be overtaken by a COMMIT.
  expect(await accountIds()).toEqual([]);
  expect(await database.run(transactions.addAccount, { id: "c" })).toBe("c");
  await database.check();
  expect(await accountIds()).toEqual(["c"]);
});

test("when the thread ends between a COMMIT and its answer, whoever looks finds what was done", async () => {
  await expect(database.run(transactions.addAccountAndAnswerNothing, { id: "a" })).rejects.toThrow(OutcomeUnknownError);
  expect(await accountIds()).toEqual(["a"]);
});

test("tasks that the thread never got wait for the next one, and a database that is closed meanwhile still does them", async () => {
  const ended = expect(database.run(transactions.addAccountAndEnd, { id: "a" })).rejects.toThrow(OutcomeUnknownError);
  await new Promise(setImmediate);
  const waiting = database.run(transactions.addAccount, { id: "b" });
  await ended;
  await expect(database.check()).rejects.toThrow(DatabaseError);
  const closed = database.close();
  expect(await waiting).toBe("b");
  await closed;
  await expect(database.run(transactions.addAccount, { id: "c" })).rejects.toThrow(DatabaseError);
});

test("acknowledged writes are all there, however often the thread ends under them", async () => {
  const acknowledged: string[] = [];
  const write = async (worker: number): Promise<void> => {
    for (let count = 0; count < 50; count++) {
      const id = `${worker}-${count}`;
      const outcome = await database.run(transactions.addAccount, { id }).catch((error: unknown) => error);
      if (outcome === id) acknowledged.push(id);
      else expect(outcome).toBeInstanceOf(OutcomeUnknownError);
    }
  };
  const end = async (): Promise<void> => {
    for (const script of [transactions.addAccountAndEnd, transactions.addAccountAndAnswerNothing]) {
      await expect(database.run(script, { id: script.name })).rejects.toThrow(OutcomeUnknownError);
    }
  };
  await Promise.all([...Array.from({ length: 8 }, (_, worker) => write(worker)), end()]);
  expect(acknowledged.length).toBeGreaterThan(200);
  expect(await accountIds()).toEqual(expect.arrayContaining(acknowledged));
});

test("a thread that ends again and again is given up, and says so", async () => {
  expect(database.failed?.aborted).toBe(false);
  for (let count = 0; count < 6; count++) {
    await expect(database.run(transactions.addAccountAndEnd, { id: "a" })).rejects.toThrow(OutcomeUnknownError);
  }
  expect(database.failed?.reason).toBeInstanceOf(DatabaseError);
  await expect(database.check()).rejects.toThrow(DatabaseError);
  await expect(database.run(transactions.addAccount, { id: "a" })).rejects.toThrow(DatabaseError);
});

test("late work is left to the process that is told to do it", async () => {
  await database.run(transactions.addAccount, { id: "a" });
  const statusOf = async () =>
    (await database.reader.selectFrom("accounts").select("status").executeTakeFirst())?.status;
  await sleep(200);
  expect(await statusOf()).toBe("active");
  const server = await openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl, { late: true });
  try {
    await expect.poll(statusOf).toBe("disabled");
  } finally {
    await server.close();
  }
});

test("late work that fails is told of once, and holds up no other row", async () => {
  for (const id of ["a", "fails-1", "fails-2", "z"]) await database.run(transactions.addAccount, { id });
  const failures: unknown[] = [];
  const onLateFailure = (error: Error) => void failures.push(error.cause);
  const server = await openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl, {
    late: true,
    onLateFailure,
  });
  try {
    const active = async () => {
      const rows = await database.reader.selectFrom("accounts").selectAll().where("status", "=", "active").execute();
      return rows.map(({ id }) => id).sort();
    };
    await expect.poll(active).toEqual(["fails-1", "fails-2"]);
  } finally {
    await server.close();
  }
  // The rows are seen in the file, which may be before the thread's message is heard. By its end all have been.
  expect(failures).toEqual([expect.stringContaining("failed on purpose")]);
});

test("closing is no failure", async () => {
  await database.close();
  expect(database.failed?.aborted).toBe(false);
});
