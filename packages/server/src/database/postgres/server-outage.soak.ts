import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivatePostgres, startPostgres } from "../../../../../scripts/services/postgres.ts";
import { findPostgresPrograms } from "../../../../../scripts/services/postgres-programs.ts";
import { type Database, DatabaseError, OutcomeUnknownError } from "../database.ts";
import * as transactions from "../testing/conformance-transactions.ts";
import { poolLimits } from "../testing/postgres-database.ts";
import { historyOf, resolveCommit } from "./lost-commit.ts";
import { clientConfig } from "./pool.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

/** The tests need a server of their own because they stop it. A server that runs elsewhere can't be stopped. */
const canRun = findPostgresPrograms() !== undefined || process.env.CI === "true";

/** The outage that the retries after a lost connection bridge at the least. */
const shortMs = 600;

let server: PrivatePostgres;
let database: Database;
beforeAll(async () => {
  if (!canRun) return;
  server = await startPostgres();
  database = await openPostgresDatabase(server.url, { ...poolLimits, databaseMs: 2000 });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function accountIds(): Promise<string[]> {
  return (await database.reader.selectFrom("accounts").select("id").orderBy("id").execute()).map(({ id }) => id);
}

test.skipIf(!canRun)("a short absence of the server is waited for, and nobody notices", async () => {
  await database.run(transactions.addAccount, { id: "before" });
  // PostgreSQL may take longer to start than a caller waits. Such an outage was not a short one.
  for (let round = 0, absentMs = Number.POSITIVE_INFINITY; absentMs > shortMs; round++) {
    expect(round, "starts in time").toBeLessThan(10);
    const id = `meanwhile ${round}`;
    await server.halt();
    const began = performance.now();
    const meanwhile = Promise.allSettled([database.run(transactions.addAccount, { id }), accountIds()]);
    await server.resume();
    absentMs = performance.now() - began;
    const outcomes = (await meanwhile).map(({ status }) => status);
    if (absentMs > shortMs) continue;
    expect(outcomes).toEqual(["fulfilled", "fulfilled"]);
    expect(await accountIds()).toEqual(expect.arrayContaining(["before", id]));
  }
});

test.skipIf(!canRun)("a long one is an error within seconds, and over by itself", async () => {
  await server.halt();
  await expect(database.check()).rejects.toThrow(DatabaseError);
  await expect(database.run(transactions.addAccount, { id: "lost" })).rejects.toThrow(DatabaseError);
  await expect(accountIds()).rejects.toThrow(DatabaseError);
  await server.resume();
  await expect(database.check()).resolves.toBeUndefined();
  expect(await database.run(transactions.addAccount, { id: "later" })).toBe("later");
  expect(await accountIds()).not.toContain("lost");
});

test.skipIf(!canRun)(
  "of what is under way when the server ends, whatever is acknowledged is there afterwards",
  async () => {
    const acknowledged: string[] = [];
    let stopped = false;
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let index = 0; !stopped; index++) {
        const id = `writer ${writer}, ${index}`;
        await database.run(transactions.addAccount, { id }).then(
          () => acknowledged.push(id),
          () => undefined,
        );
      }
    });
    for (let round = 0; round < 3; round++) {
      await sleep(200);
      await server.halt();
      await server.resume();
    }
    await sleep(200);
    stopped = true;
    await Promise.all(writers);
    const stored = await accountIds();
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(stored.filter((id) => id.startsWith("writer"))).toHaveLength(acknowledged.length);
  },
);

test.skipIf(!canRun)(
  "a transaction whose number a crash has freed is not taken for the one that got it next",
  async () => {
    const [client, other] = [1, 2].map(() => new pg.Client({ connectionString: server.url })) as [pg.Client, pg.Client];
    client.on("error", () => undefined);
    await client.connect();
    await client.query("begin");
    const { rows } = await client.query("select pg_current_xact_id()::text as xid, pg_backend_pid() as pid");
    const mark = { ...rows[0], history: await historyOf(client) };
    await server.halt("immediate");
    await server.resume();
    const resolve = () => resolveCommit(clientConfig(server.url, poolLimits), mark, 500);
    await other.connect();
    try {
      expect(await resolve()).toBe("aborted");
      // Other nodes write meanwhile.
      const given = async () => (await other.query("select pg_current_xact_id()::text as xid")).rows[0].xid;
      while ((await given()) !== mark.xid);
      expect(await resolve()).toBeUndefined();
    } finally {
      await other.end();
    }
  },
);

test.skipIf(!canRun)("a COMMIT whose synchronous replica doesn't answer is not acknowledged", async () => {
  const impatient = await openPostgresDatabase(server.url, { ...poolLimits, databaseMs: 500 });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query("alter system set synchronous_standby_names = 'nobody'");
    await admin.query("select pg_reload_conf()");
    await expect
      .poll(async () => (await admin.query("show synchronous_standby_names")).rows)
      .toEqual([{ synchronous_standby_names: "nobody" }]);
    await expect(impatient.run(transactions.addAccount, { id: "not replicated" })).rejects.toThrow(OutcomeUnknownError);
    expect(await accountIds()).not.toContain("not replicated");
  } finally {
    await admin.query("alter system reset synchronous_standby_names");
    await admin.query("select pg_reload_conf()");
    await admin.end();
    await impatient.close();
  }
});
