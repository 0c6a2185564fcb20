import pg from "pg";
import { expect, test } from "vitest";
import * as transactions from "../testing/conformance-transactions.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../testing/postgres-database.ts";
import { migratePostgres, openPostgresDatabase } from "./postgres-database.ts";

/**
 * Stands in front of the server's own function. It fails as the server's does when the numbers run out, or when giving
 * one takes too long.
 */
const failingNumbers = `
  create schema numbers;
  create table numbers.exhausted (yes int);
  create function numbers.pg_current_xact_id() returns xid8 language plpgsql as $$ begin
    if exists (select from numbers.exhausted) then raise 'no number' using errcode = '54000'; end if;
    return pg_catalog.pg_current_xact_id();
  end $$`;

/** Ends the first two migrations in the way of a deadlock. Nothing rolls a sequence back. */
const deadlocks = [
  "create schema deadlocks",
  "create sequence deadlocks.met",
  `create function deadlocks.meet() returns event_trigger language plpgsql as $$ begin
    if nextval('deadlocks.met') < 3 then raise 'deadlock detected' using errcode = '40P01'; end if;
  end $$`,
  "create event trigger meet on ddl_command_start when tag in ('CREATE INDEX') execute function deadlocks.meet()",
].join(";");

describePostgres("a transaction on PostgreSQL", () => {
  test("that gets no number leaves its connection to the next one", async () => {
    const { url, drop } = await createTestDatabase();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(failingNumbers);
    const options = encodeURIComponent("-c search_path=public,numbers,pg_catalog");
    const oneEach = { ...poolLimits, databaseConnections: 2 };
    const database = await openPostgresDatabase(`${url}?options=${options}`, oneEach);
    try {
      await admin.query("insert into numbers.exhausted values (1)");
      await expect(database.run(transactions.addAccount, { id: "a" })).rejects.toMatchObject({
        cause: { message: "no number" },
      });
      await admin.query("delete from numbers.exhausted");
      expect(await database.run(transactions.addAccount, { id: "b" })).toBe("b");
    } finally {
      await database.close();
      await admin.end();
      await drop();
    }
  });

  test("that migrates is tried again when a deadlock has ended it", async () => {
    const { url, drop } = await createTestDatabase();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    try {
      await admin.query(deadlocks);
      expect((await migratePostgres(url, poolLimits)).length).toBeGreaterThan(8);
    } finally {
      await admin.end();
      await drop();
    }
  });
});
