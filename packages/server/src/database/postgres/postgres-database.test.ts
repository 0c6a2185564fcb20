import { expect, test } from "vitest";
import { transactions } from "../testing/conformance-transactions.ts";
import { type ConformancePlace, testDatabaseConformance } from "../testing/database-conformance.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../testing/postgres-database.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

async function makePlace(): Promise<ConformancePlace> {
  const { url, drop } = await createTestDatabase();
  return { open: () => openPostgresDatabase(url, transactions, poolLimits), drop };
}

describePostgres("PostgreSQL is a database as the application expects it", () => {
  testDatabaseConformance(makePlace);
});

describePostgres("PostgreSQL", () => {
  test("ten processes that start at once on an empty database all find its tables", async () => {
    const { url, drop } = await createTestDatabase();
    try {
      const few = { ...poolLimits, databaseConnections: 2 };
      const opened = await Promise.all(Array.from({ length: 10 }, () => openPostgresDatabase(url, transactions, few)));
      for (const [index, one] of opened.entries()) await one.run("addAccount", { id: `account ${index}` });
      expect(await opened[0]?.reader.selectFrom("accounts").select("id").execute()).toHaveLength(10);
      await Promise.all(opened.map((one) => one.close()));
    } finally {
      await drop();
    }
  });

  test("what can't be connected to is named without its password", async () => {
    const url = "postgres://me:secret@127.0.0.1:1/nowhere";
    const problem = await openPostgresDatabase(url, transactions, poolLimits).catch((error: Error) => error);
    expect(problem).toMatchObject({ name: "DatabaseError", message: expect.stringContaining("127.0.0.1:1/nowhere") });
    expect(JSON.stringify(problem, Object.getOwnPropertyNames(problem))).not.toContain("secret");
  });
});
