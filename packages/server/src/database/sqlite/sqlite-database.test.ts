import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { transactions } from "../testing/conformance-transactions.ts";
import { type ConformancePlace, testDatabaseConformance } from "../testing/database-conformance.ts";
import { shareWriterThread } from "../testing/share-writer-thread.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";
import type { StartWriterThread } from "./writer.ts";

const transactionsUrl = new URL("../testing/conformance-transactions.ts", import.meta.url).href;

async function makePlace(startThread?: StartWriterThread): Promise<ConformancePlace> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-database-"));
  return {
    open: () =>
      openSqliteDatabase<typeof transactions>(join(folder, "sluice.sqlite"), transactionsUrl, { startThread }),
    drop: () => rm(folder, { recursive: true }),
  };
}

describe("SQLite is a database as the application expects it", () => {
  testDatabaseConformance(() => makePlace(shareWriterThread));
});

test("when the COMMIT fails, every task of its group has failed and nothing is stored", async () => {
  const place = await makePlace();
  const database = await place.open();
  try {
    const results = await Promise.allSettled([
      database.run("addAccount", { id: "a" }),
      database.run("breakForeignKeyAtCommit", { id: "b" }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await database.reader.selectFrom("accounts").select("id").execute()).toEqual([]);
    expect(await database.run("addAccount", { id: "a" })).toBe("a");
  } finally {
    await database.close();
    await place.drop();
  }
});
