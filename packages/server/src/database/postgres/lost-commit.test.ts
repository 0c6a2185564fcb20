import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, describePostgres, poolLimits, type TestDatabase } from "../testing/postgres-database.ts";
import { historyOf, resolveCommit } from "./lost-commit.ts";
import { clientConfig } from "./pool.ts";
import type { TransactionMark } from "./transaction.ts";

describePostgres("what became of a COMMIT without an answer", () => {
  let at: TestDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    at = await createTestDatabase();
    client = new pg.Client({ connectionString: at.url });
    client.on("error", () => undefined);
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await at.drop();
  });

  async function begin(): Promise<TransactionMark> {
    await client.query("begin");
    const { rows } = await client.query("select pg_current_xact_id()::text as xid, pg_backend_pid() as pid");
    return { ...rows[0], history: await historyOf(client) };
  }

  const resolve = (mark: TransactionMark, patienceMs = 500, url = at.url) =>
    resolveCommit(clientConfig(url, poolLimits), mark, patienceMs);

  test("is told by the transaction's number, in the history in which it was given", async () => {
    const mark = await begin();
    const [timeline, counted] = mark.history.split(" ");
    expect(timeline).toMatch(/^[0-9A-F]{8}$/);
    await client.query("commit");
    expect(await resolve(mark)).toBe("committed");
    // A replica that took over, and gave the number to somebody else's transaction.
    expect(await resolve({ ...mark, history: `0000000F ${counted}` })).toBeUndefined();
  });

  test("is that it never came, when the server's process still waits for it", async () => {
    const mark = await begin();
    expect(await resolve(mark)).toBe("aborted");
  });

  test("is open while the server's process is busy with it, which is not cut short", async () => {
    const mark = await begin();
    const busy = client.query("select pg_sleep(60)");
    const ended = expect(busy).rejects.toThrow("canceling statement due to user request");
    const other = new pg.Client({ connectionString: at.url });
    await other.connect();
    try {
      const { pid } = mark;
      const state = "select state from pg_stat_activity where pid = $1 and query like '%pg_sleep%'";
      const states = async () => (await other.query(state, [pid])).rows;
      await expect.poll(states).toEqual([{ state: "active" }]);
      expect(await resolve(mark, 300)).toBeUndefined();
      expect(await states()).toEqual([{ state: "active" }]);
      await other.query("select pg_cancel_backend($1)", [pid]);
      await ended;
    } finally {
      await other.end();
    }
  });

  test("is told although the server hangs once it has answered", async () => {
    const mark = await begin();
    await client.query("commit");
    await withoutGoodbyes(at.url, async (url) => {
      expect(await resolve(mark, 500, url)).toBe("committed");
    });
  });
});

const terminate = "X".charCodeAt(0);

/** Acts like a server that stands still when a client wants to leave: the connection stays open. */
async function withoutGoodbyes(target: string, use: (url: string) => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(target);
  const closing = new AbortController();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(port), hostname);
    upstream.pipe(client, { end: false });
    client.on("data", (chunk) => chunk[0] === terminate || upstream.write(chunk)).on("error", () => undefined);
    closing.signal.addEventListener("abort", () => [client, upstream].map((socket) => socket.destroy()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await use(url.href);
  } finally {
    closing.abort();
    server.close();
  }
}
