import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { OutcomeUnknownError } from "../database.ts";
import * as transactions from "../testing/conformance-transactions.ts";
import { type ConformancePlace, testDatabaseConformance } from "../testing/database-conformance.ts";
import { shareWriterThread } from "../testing/share-writer-thread.ts";
import type { Task } from "./commit-group.ts";
import { openRemoteDatabase, type RemoteWriter, runForOthers } from "./remote-database.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

const transactionsUrl = new URL("../testing/conformance-transactions.ts", import.meta.url).href;

/** Copies data as a channel between processes does. */
const across = <Data>(data: Data): Data => deserialize(serialize(data));

interface RemotePlace extends ConformancePlace {
  /** The number of tasks in each batch. */
  readonly batches: number[];
}

async function makePlace(intercept = (run: RemoteWriter["run"]) => run): Promise<RemotePlace> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-remote-"));
  const path = join(folder, "sluice.sqlite");
  const batches: number[] = [];
  return {
    batches,
    async open() {
      const options = { startThread: shareWriterThread };
      const database = await openSqliteDatabase(path, transactionsUrl, options);
      const run = intercept(async (tasks: readonly Task[]) => {
        batches.push(tasks.length);
        return across(await runForOthers(database, transactions, across(tasks)));
      });
      const remote = await openRemoteDatabase(path, { run, check: () => database.check() });
      return {
        ...remote,
        // Announcements are heard in the process that writes.
        listen: database.listen,
        async close() {
          await remote.close();
          await database.close();
        },
      };
    },
    drop: () => rm(folder, { recursive: true }),
  };
}

describe("SQLite, written by another process, is a database as the application expects it", () => {
  testDatabaseConformance(makePlace);
});

test("one batch is under way, and what comes up meanwhile goes in the next one", async () => {
  const place = await makePlace();
  const database = await place.open();
  try {
    const first = database.run(transactions.addAccount, { id: "first" });
    await new Promise((resolve) => setImmediate(resolve));
    const others = Array.from({ length: 50 }, (_, index) => database.run(transactions.addAccount, { id: `${index}` }));
    await Promise.all([first, ...others]);
    expect(place.batches).toEqual([1, 50]);
  } finally {
    await database.close();
    await place.drop();
  }
});

test("when the writing process is gone, nobody knows what became of what it was asked", async () => {
  const place = await makePlace(() => () => Promise.reject(new Error("the other process is gone")));
  const database = await place.open();
  try {
    await expect(database.run(transactions.addAccount, { id: "a" })).rejects.toThrow(OutcomeUnknownError);
  } finally {
    await database.close();
    await place.drop();
  }
});
