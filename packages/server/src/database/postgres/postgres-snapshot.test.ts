import { sql } from "kysely";
import { expect, test } from "vitest";
import { createTestDatabase, describePostgres, poolLimits } from "../testing/postgres-database.ts";
import { migratePostgres } from "./postgres-database.ts";
import { openPostgresSnapshot } from "./postgres-snapshot.ts";

describePostgres("a snapshot of PostgreSQL", () => {
  test("that can't be read on says why", async () => {
    const { url, drop } = await createTestDatabase();
    await migratePostgres(url, poolLimits);
    const snapshot = await openPostgresSnapshot(url, poolLimits);
    const batches = snapshot.read(sql`select 1 / (n - 700) from generate_series(1, 1000) as n`)[Symbol.asyncIterator]();
    try {
      expect((await batches.next()).value?.rows).toHaveLength(500);
      await expect(batches.next()).rejects.toMatchObject({ cause: { message: "division by zero" } });
    } finally {
      await snapshot.close();
      await drop();
    }
  });
});
