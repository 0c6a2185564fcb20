import { sql } from "kysely";
import pg from "pg";
import { test as base } from "vitest";
import {
  type CommitFault,
  type PostgresProxy,
  startPostgresProxy,
} from "../../../../../scripts/services/postgres-proxy.ts";
import { type Connection, type Database, DatabaseError, OutcomeUnknownError } from "../database.ts";
import { findAccount } from "../repositories/accounts.ts";
import * as conformance from "../testing/conformance-transactions.ts";
import {
  createMigratedDatabase,
  describePostgres,
  poolLimits,
  type TestDatabase,
} from "../testing/postgres-database.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

/** Scripts that count their runs. */
function countingTransactions() {
  let runs = 0;
  return {
    ...conformance,
    /** On its first run, ends its own server process in the middle. @returns the number of runs */
    async dieOnce(connection: Connection, input: { id: string }): Promise<number> {
      await conformance.addAccount(connection, input);
      if (++runs === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(connection);
      return runs;
    },
    async count(connection: Connection, input: { id: string }): Promise<number> {
      await conformance.addAccount(connection, input);
      return ++runs;
    },
    /** Ends a server process in the middle of every run. */
    async dieAlways(connection: Connection): Promise<void> {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(connection);
    },
  };
}

interface Kit {
  readonly at: TestDatabase;
  readonly proxy: PostgresProxy;
  /** The database, behind the proxy. */
  readonly database: Database;
  readonly transactions: ReturnType<typeof countingTransactions>;
  accountIds(): Promise<string[]>;
}

// Each test has a database of its own, and mostly waits.
const { concurrent: test } = base.extend<{ kit: Kit }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  kit: async ({}, use) => {
    const at = await createMigratedDatabase();
    const proxy = await startPostgresProxy(at.url);
    const limits = { ...poolLimits, databaseMs: 1000 };
    const database = await openPostgresDatabase(proxy.url, limits);
    await use({
      at,
      proxy,
      database,
      transactions: countingTransactions(),
      accountIds: async () =>
        (await database.reader.selectFrom("accounts").select("id").orderBy("id").execute()).map(({ id }) => id),
    });
    await database.close();
    await proxy.close();
    await at.drop();
  },
});

describePostgres("when the connection to PostgreSQL is lost", () => {
  test("without anybody noticing, since the server hangs, the answer is an error in time", async ({
    kit: { proxy, database, accountIds, transactions },
    expect,
  }) => {
    await database.run(transactions.addAccount, { id: "a" });
    proxy.stalled = true;
    const began = performance.now();
    const results = await Promise.allSettled([
      database.run(transactions.addAccount, { id: "b" }),
      accountIds(),
      database.check(),
    ]);
    expect(results.map((result) => result.status === "rejected" && result.reason instanceof DatabaseError)).toEqual([
      true,
      true,
      true,
    ]);
    expect(performance.now() - began).toBeLessThan(15_000);
    proxy.stalled = false;
    expect(await database.run(transactions.addAccount, { id: "c" })).toBe("c");
    expect(await accountIds()).toEqual(["a", "c"]);
  });

  test("in the middle of a transaction, it runs again", async ({
    kit: { database, accountIds, transactions },
    expect,
  }) => {
    expect(await database.run(transactions.dieOnce, { id: "a" })).toBe(2);
    expect(await accountIds()).toEqual(["a"]);
  });

  test("every time, the transaction has failed and left nothing", async ({
    kit: { database, transactions },
    expect,
  }) => {
    await expect(database.run(transactions.dieAlways, undefined)).rejects.toThrow(DatabaseError);
    expect(await database.run(transactions.addAccount, { id: "b" })).toBe("b");
  });

  test.for<[CommitFault, expectedRuns: number]>([
    ["cut before", 2],
    ["half open", 2],
    ["cut after", 1],
  ])(
    "at the COMMIT (%s), it is committed exactly once",
    async ([fault, expectedRuns], { kit: { proxy, database, accountIds, transactions }, expect }) => {
      proxy.fault = fault;
      expect(await database.run(transactions.count, { id: "a" })).toBe(expectedRuns);
      expect(proxy.fault).toBeUndefined();
      expect(await accountIds()).toEqual(["a"]);
    },
  );

  test("at the COMMIT and the database is back after a while, what it says then counts", async ({
    kit: { proxy, database, accountIds, transactions },
    expect,
  }) => {
    proxy.fault = "cut after";
    proxy.onFault = () => {
      proxy.closed = true;
      setTimeout(() => {
        proxy.closed = false;
      }, 700);
    };
    expect(await database.run(transactions.count, { id: "a" })).toBe(1);
    expect(await accountIds()).toEqual(["a"]);
  });

  test("at the COMMIT and the database stays away, nobody claims to know", async ({
    kit: { proxy, database, accountIds, transactions },
    expect,
  }) => {
    proxy.fault = "cut after";
    proxy.onFault = () => {
      proxy.closed = true;
    };
    await expect(database.run(transactions.count, { id: "a" })).rejects.toThrow(OutcomeUnknownError);
    proxy.closed = false;
    expect(await accountIds()).toEqual(["a"]);
  });

  test("a migration of another node under way changes nothing for this one", async ({
    kit: { at, database, transactions },
    expect,
  }) => {
    await database.run(transactions.addAccount, { id: "a" });
    const find = () => findAccount(database.reader, { id: "a" });
    expect(await find()).toBeDefined();
    const other = new pg.Client({ connectionString: at.url });
    await other.connect();
    await other.query("alter table accounts add column later bigint");
    await other.end();
    expect(await find()).toMatchObject({ id: "a", later: null });
    expect(await database.run(transactions.addAccount, { id: "b" })).toBe("b");
  });

  test("while it reads, it reads again", async ({ kit: { database, accountIds, transactions }, expect }) => {
    await database.run(transactions.addAccount, { id: "a" });
    await accountIds();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      database.reader,
    );
    expect(await Promise.all([accountIds(), accountIds(), accountIds()])).toEqual([["a"], ["a"], ["a"]]);
  });
});
