import { type Kysely, sql } from "kysely";
import pg from "pg";
import { expect, test } from "vitest";
import { migrationNames } from "../migrations/migrate.ts";
import type { Schema } from "../schema.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../testing/postgres-database.ts";
import { migratePostgres } from "./postgres-database.ts";
import { openPostgresLoad } from "./postgres-load.ts";

describePostgres("filling a database on PostgreSQL", () => {
  test("versions are not counted while the counts are loaded as well, and are counted afterwards", async () => {
    const { url, drop } = await createTestDatabase();
    const never = new AbortController().signal;
    const counting = sql<{ tgname: string; tgenabled: string }>`
      select tgname, tgenabled from pg_trigger where tgname in ('versions_added', 'trashed_versions_added') order by 1`;
    const states = async (connection: Kysely<Schema>) =>
      (await counting.execute(connection)).rows.map(({ tgname, tgenabled }) => `${tgname} ${tgenabled}`);
    try {
      const load = await openPostgresLoad(url, poolLimits, migrationNames.at(-1) ?? "", never);
      expect(await states(load.connection)).toEqual(["trashed_versions_added D", "versions_added D"]);
      await load.finish();
      expect(await states(load.connection)).toEqual(["trashed_versions_added O", "versions_added O"]);
      await load.close();
    } finally {
      await drop();
    }
  });

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
