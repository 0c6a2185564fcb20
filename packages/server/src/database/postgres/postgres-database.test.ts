import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "../database.ts";
import { transactions } from "../testing/counter-transactions.ts";
import { createTestDatabase, describePostgres, poolLimits, type TestDatabase } from "../testing/postgres-database.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

describePostgres("PostgreSQL", () => {
  let at: TestDatabase;
  let database: Database<typeof transactions>;
  beforeEach(async () => {
    at = await createTestDatabase();
    database = await openPostgresDatabase(at.url, transactions, poolLimits);
  });
  afterEach(async () => {
    await database.close();
    await at.drop();
  });

  test("ten processes that start at once on an empty database all find its tables", async () => {
    const empty = await createTestDatabase();
    try {
      const opened = await Promise.all(
        Array.from({ length: 10 }, () =>
          openPostgresDatabase(empty.url, transactions, { ...poolLimits, databaseConnections: 2 }),
        ),
      );
      for (const [index, one] of opened.entries()) await one.run("addAccount", { id: `account ${index}` });
      expect(await opened[0]?.reader.selectFrom("accounts").select("id").execute()).toHaveLength(10);
      await Promise.all(opened.map((one) => one.close()));
    } finally {
      await empty.drop();
    }
  });

  test("what can't be connected to is named without its password", async () => {
    const problem = await openPostgresDatabase(
      "postgres://me:secret@127.0.0.1:1/nowhere",
      transactions,
      poolLimits,
    ).catch((error: Error) => error);
    expect(problem).toMatchObject({ name: "DatabaseError", message: expect.stringContaining("127.0.0.1:1/nowhere") });
    expect(JSON.stringify(problem, Object.getOwnPropertyNames(problem))).not.toContain("secret");
  });
});
