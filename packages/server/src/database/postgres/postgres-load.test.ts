import pg from "pg";
import { expect, test } from "vitest";
import { migrationNames } from "../migrations/migrate.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../testing/postgres-database.ts";
import { migratePostgres } from "./postgres-database.ts";
import { openPostgresLoad } from "./postgres-load.ts";

describePostgres("filling a database on PostgreSQL", () => {
  test.each(["accounts", "sluice_migrations"])("can be interrupted while %s is locked", async (table) => {
    const { url, drop } = await createTestDatabase();
    await migratePostgres(url, poolLimits);
    const [other, observer] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
    await Promise.all([other.connect(), observer.connect()]);
    const interrupt = new AbortController();
    try {
      await other.query(`begin; lock table ${table} in access exclusive mode`);
      const migration = migrationNames.at(-1) ?? "";
      const opening = openPostgresLoad(url, poolLimits, migration, interrupt.signal).catch((error: unknown) => error);
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await observer.query(waiting)).rowCount).toBe(1);
      const reason = new Error("interrupted");
      interrupt.abort(reason);
      expect(await opening).toBe(reason);
    } finally {
      await Promise.all([other.end(), observer.end()]);
      await drop();
    }
  });
});
