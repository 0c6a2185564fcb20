import { sql } from "kysely";
import pg from "pg";
import { expect, test } from "vitest";
import { startPostgresProxy } from "../../../../../scripts/services/postgres-proxy.ts";
import { DatabaseError } from "../database.ts";
import * as transactions from "../testing/conformance-transactions.ts";
import { type ConformancePlace, testDatabaseConformance } from "../testing/database-conformance.ts";
import {
  createMigratedDatabase,
  createTestDatabase,
  describePostgres,
  poolLimits,
} from "../testing/postgres-database.ts";
import { migratePostgres, openPostgresDatabase } from "./postgres-database.ts";

async function makePlace(): Promise<ConformancePlace> {
  const { url, drop } = await createMigratedDatabase();
  return { open: () => openPostgresDatabase(url, poolLimits), drop };
}

describePostgres("PostgreSQL is a database as the application expects it", () => {
  testDatabaseConformance(makePlace);
});

describePostgres("PostgreSQL", () => {
  test("ten processes that start at once on an empty database all find its tables", async () => {
    const { url, drop } = await createTestDatabase();
    try {
      const few = { ...poolLimits, databaseConnections: 2 };
      const opened = await Promise.all(Array.from({ length: 10 }, () => openPostgresDatabase(url, few)));
      for (const [index, one] of opened.entries()) await one.run(transactions.addAccount, { id: `account ${index}` });
      expect(await opened[0]?.reader.selectFrom("accounts").select("id").execute()).toHaveLength(10);
      await Promise.all(opened.map((one) => one.close()));
    } finally {
      await drop();
    }
  });

  test("bytes are what they were, however the server is told to spell them", async () => {
    const { url, drop } = await createTestDatabase();
    const options = encodeURIComponent("-c bytea_output=escape");
    const database = await openPostgresDatabase(`${url}?options=${options}`, poolLimits);
    try {
      const { rows } = await sql`select '\\x00415cff'::bytea as bytes`.execute(database.reader);
      expect(rows).toEqual([{ bytes: new Uint8Array([0, 0x41, 0x5c, 0xff]) }]);
    } finally {
      await database.close();
      await drop();
    }
  });

  test("a connection that breaks during a migration fails it, and not the process", async () => {
    const { url, drop } = await createTestDatabase();
    await migratePostgres(url, poolLimits);
    const proxy = await startPostgresProxy(url);
    const [other, observer] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
    await Promise.all([other.connect(), observer.connect()]);
    try {
      await other.query("begin; lock table sluice_migrations");
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      const migration = migratePostgres(proxy.url, poolLimits).catch((error: unknown) => error);
      await expect.poll(async () => (await observer.query(waiting)).rowCount).toBe(1);
      await proxy.close();
      expect(await migration).toBeInstanceOf(DatabaseError);
    } finally {
      await Promise.all([other.end(), observer.end()]);
      await drop();
    }
  });

  test("what can't be connected to is named without its password", async () => {
    const url = "postgres://me:secret@127.0.0.1:1/nowhere";
    const problem = await openPostgresDatabase(url, poolLimits).catch((error: Error) => error);
    expect(problem).toMatchObject({ name: "DatabaseError", message: expect.stringContaining("127.0.0.1:1/nowhere") });
    expect(JSON.stringify(problem, Object.getOwnPropertyNames(problem))).not.toContain("secret");
  });
});
