import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as transactions from "../testing/conformance-transactions.ts";
import { type ConformancePlace, testDatabaseConformance } from "../testing/database-conformance.ts";
import { shareWriterThread } from "../testing/share-writer-thread.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";
import type { StartWriterThread } from "./writer.ts";

const transactionsUrl = new URL("../testing/conformance-transactions.ts", import.meta.url).href;

async function makePlace(startThread?: StartWriterThread): Promise<ConformancePlace> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-database-"));
  return {
    open: () => openSqliteDatabase(join(folder, "sluice.sqlite"), transactionsUrl, { startThread }),
    drop: () => rm(folder, { recursive: true }),
  };
}

describe("SQLite is a database as the application expects it", () => {
  testDatabaseConformance(() => makePlace(shareWriterThread));
});

test("a script that its module doesn't export is refused", async () => {
  const place = await makePlace(shareWriterThread);
  const database = await place.open();
  try {
    const unheardOf = async () => undefined;
    await expect(database.run(unheardOf, undefined)).rejects.toThrow("no transaction is called unheardOf");
  } finally {
    await database.close();
    await place.drop();
  }
});

test("when the COMMIT fails, every task of its group has failed and nothing is stored", async () => {
  const place = await makePlace();
  const database = await place.open();
  try {
    const results = await Promise.allSettled([
      database.run(transactions.addAccount, { id: "a" }),
      database.run(transactions.breakForeignKeyAtCommit, { id: "b" }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await database.reader.selectFrom("accounts").select("id").execute()).toEqual([]);
    expect(await database.run(transactions.addAccount, { id: "a" })).toBe("a");
  } finally {
    await database.close();
    await place.drop();
  }
});
