import type { HTTPMethods } from "fastify";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { jobTable } from "../../app/jobs.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { requestPurgeTransaction } from "../../delivery/purge/purge-transactions.ts";
import { newEventId } from "../../events/event-id.ts";
import { logWebhookTest } from "../../events/event-transactions.ts";
import { addWebhook, maxRepeatedDeliveries, replayEvents } from "../../events/webhook-transactions.ts";
import { maxLooked } from "../../jobs/account-job-queries.ts";
import { createJobObserver } from "../../jobs/job-observer.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { openQueue } from "../../jobs/open-queue.ts";
import { recordJobProgress } from "../../jobs/progress/report-progress.ts";
import { describeEngines, type EnginePlace, sqliteEngine } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { newId } from "../../text/id.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

const accounts = ["demo", "other"] as const;
type Account = (typeof accounts)[number];

describeEngines((engine) => {
  let place: EnginePlace;
  let whole: WholeApp;
  let queue: JobQueue;
  let works = false;
  /** Each account's endpoint. */
  const endpoints: Partial<Record<Account, string>> = {};

  beforeAll(async () => {
    place = await engine.prepare();
    whole = await openWholeApp(place.settings);
    const { database } = whole.parts;
    for (const imagekitId of accounts) {
      const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
      await database.run(createAccount, { imagekitId, pair, now: 1 });
      const secret = "whsec_0123456789abcdef";
      const webhook = { imagekitId, url: "https://example.com/", secret, types: null, now: 1 };
      const added = await database.run(addWebhook, webhook);
      endpoints[imagekitId] = "id" in added ? added.id : "";
    }
    const once = { ...jobTable["deliver-webhook"], retries: 0, leaseSeconds: 10 };
    const table = { ...jobTable, "deliver-webhook": once } as typeof jobTable;
    queue = await openQueue(whole.services, table, createJobObserver(whole.services));
    whole.parts.database.listen((name) => queue.wake(name));
    await queue.start(async () => {
      if (!works) throw new Error("connect ECONNREFUSED 10.1.2.3:80");
    });
  });
  beforeEach(() => {
    works = false;
  });
  afterAll(async () => {
    await queue?.close();
    await whole?.close();
    await place?.drop();
  });

  async function ask(method: HTTPMethods, path: string, body?: object, account: Account = "demo") {
    const answer = await whole.app.inject({
      method,
      url: `/_sluice/jobs${path}`,
      headers: { authorization: `Basic ${btoa(`private_${account}:`)}` },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  const listed = async (query: string, account: Account = "demo") =>
    (await ask("GET", query, undefined, account)).body.jobs;

  async function count(account: Account) {
    const { queues } = (await ask("GET", "/queues", undefined, account)).body;
    return queues.find(({ name }: { name: string }) => name === "deliver-webhook");
  }

  /** Has an event of the account sent to its endpoint. @returns the event's id */
  async function send(account: Account): Promise<string> {
    const { database } = whole.parts;
    const account_id = String((await findAccount(database.reader, { imagekit_id: account }))?.id);
    const event = { id: newEventId(Date.now()), account_id, type: "file.created", url: null, payload: "{}" };
    const none = { endpoint_id: null, status: null, error: null, excerpt: null, duration_ms: 1, created_at: 1 };
    const attempt = { id: newId(), account_id, event_id: event.id, attempt: 1, ...none };
    const exchange = { attempt_id: attempt.id, account_id, target: account_id, url: "u", answer: null };
    await database.run(logWebhookTest, { event, attempt, exchange });
    await database.run(replayEvents, { id: endpoints[account] ?? "", which: { eventId: event.id } });
    return event.id;
  }

  test("failed jobs are listed to their account, by pages, and tried again by it alone", async () => {
    const events = [await send("demo"), await send("demo"), await send("demo")];
    await send("other");
    await expect.poll(() => count("demo"), { timeout: 10_000 }).toMatchObject({ failed: 3, waiting: 0, running: 0 });
    await expect.poll(() => count("other"), { timeout: 10_000 }).toMatchObject({ failed: 1 });

    const all = await listed("");
    expect(all.map(({ subject }: { subject: { eventId: string } }) => subject.eventId).sort()).toEqual(events.sort());
    expect(all[0]).toMatchObject({
      name: "deliver-webhook",
      state: "failed",
      attempts: 1,
      maxAttempts: 17,
      reason: "connect ECONNREFUSED [host]",
      dueAt: null,
      subject: { endpointId: endpoints.demo },
    });
    const paged: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await ask("GET", `?state=failed&name=deliver-webhook&limit=1${cursor}`);
      paged.push(...body.jobs.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(paged).toEqual(all.map(({ id }: { id: string }) => id));
    expect(await listed("?name=run-extension")).toEqual([]);

    const stolen = await ask("POST", "/retry", { id: paged[0] }, "other");
    expect([stolen.status, stolen.body.reason]).toEqual([404, "JOB_NOT_FOUND"]);
    expect(await count("demo")).toMatchObject({ failed: 3 });
    works = true;
    expect((await ask("POST", "/retry", { id: paged[0] })).body).toEqual({ retried: 1 });
    expect((await ask("POST", "/retry", { id: paged[0] })).body.reason).toBe("JOB_NOT_FOUND");
    expect((await ask("POST", "/retry", { name: "deliver-webhook" })).body).toEqual({ retried: 2 });
    await expect.poll(() => count("demo"), { timeout: 10_000 }).toMatchObject({ failed: 0, waiting: 0, running: 0 });
    expect(await count("other")).toMatchObject({ failed: 1 });
  });

  test("waiting jobs are told with their next try, and a long queue of others hides none of them", async () => {
    await queue.stop(1000);
    const others = openOtherConnection(whole.services.config);
    try {
      await (engine === sqliteEngine
        ? sql`insert into jobs (id, name, input, state, due_at, attempts, lane, created_at)
            with recursive count (i) as (select 1 union all select i + 1 from count where i <= ${maxLooked})
            select 'x' || i, 'deliver-webhook', '{"eventId":"x"}', 'waiting', 1, 0, 'a.example', 1 from count`
        : sql`insert into sluice_jobs.job (name, data, group_id, start_after)
            select 'deliver-webhook', '{"eventId":"x"}', 'a.example', now() - interval '1 hour'
            from generate_series(0, ${maxLooked}::int)`
      ).execute(others);
      const eventId = await send("demo");
      const [job, ...more] = await listed("?state=waiting");
      expect(more).toEqual([]);
      expect(job).toMatchObject({ subject: { eventId }, attempts: 0, failedAt: null, reason: null });
      expect(Math.abs(Date.parse(job.dueAt) - Date.now())).toBeLessThan(60_000);
      const { body } = await ask("GET", "/queues");
      expect(body.isComplete).toBe(false);
      expect(await count("demo")).toMatchObject({ waiting: 1, oldestDueAt: job.dueAt });
      expect(await count("other")).toMatchObject({ waiting: 0, oldestDueAt: null });
      const headers = { authorization: `Basic ${btoa("private_other:")}` };
      const { parts } = (await whole.app.inject({ url: "/_sluice/health", headers })).json();
      expect(parts).toContainEqual(expect.objectContaining({ name: "queue", state: "slow" }));
    } finally {
      await others.destroy();
    }
  });

  test.runIf(engine === sqliteEngine)("a retry of many jobs reads none of the others that failed", async () => {
    const others = openOtherConnection(whole.services.config);
    const fail = (count: number, lane: string) =>
      sql`insert into jobs (id, name, input, state, due_at, attempts, lane, error, created_at, ended_at)
        with recursive count (i) as (select 1 union all select i + 1 from count where i < ${count})
        select ${lane} || i, 'deliver-webhook', ${JSON.stringify({ eventId: "x", endpointId: lane })}, 'dead', i, 1, ${lane},
          'no', 1, 1 from count`.execute(others);
    try {
      await fail(30_000, String(endpoints.other));
      await fail(1000, String(endpoints.demo));
      const before = performance.now();
      expect((await ask("POST", "/retry", { name: "deliver-webhook" })).body).toEqual({ retried: 1000 });
      // A search of all failed jobs for each of them takes ten times as long.
      expect(performance.now() - before).toBeLessThan(1000);
      expect(await count("demo")).toMatchObject({ failed: 0 });
      expect((await listed("?state=failed", "other")).length).toBeGreaterThan(0);
    } finally {
      await others.destroy();
    }
  });

  test("an event is sent once more before its next attempt, but not any number of times", async () => {
    const others = openOtherConnection(whole.services.config);
    try {
      const eventId = await send("demo");
      const replay = () => whole.parts.database.run(replayEvents, { id: String(endpoints.demo), which: { eventId } });
      for (let tried = 1; tried <= maxRepeatedDeliveries; tried++) {
        expect(await replay()).toEqual({ problem: "waiting" });
        await (engine === sqliteEngine
          ? sql`update jobs set attempts = 1 where json_extract(input, '$.eventId') = ${eventId}`
          : sql`update sluice_jobs.job set state = 'retry' where data->>'eventId' = ${eventId}`
        ).execute(others);
        const isLast = tried === maxRepeatedDeliveries;
        expect(await replay()).toMatchObject(isLast ? { problem: "waiting" } : { replayed: 1 });
      }
    } finally {
      await others.destroy();
    }
  });

  test.each([
    ["GET", "?state=done", undefined],
    ["GET", "?name=sweep-blobs", undefined],
    ["GET", "?limit=0", undefined],
    ["GET", "?cursor=1-x", undefined],
    ["GET", "?account=other", undefined],
    ["POST", "/retry", { id: "x" }],
    ["POST", "/retry", { name: "sweep-blobs" }],
    ["POST", "/retry", { name: "deliver-webhook", all: true }],
  ] as const)("%s %s %j is refused", async (method, path, body) => {
    const answer = await ask(method, path, body);
    expect([answer.status, answer.body.reason]).toEqual([400, "PARAMETER_INVALID"]);
  });

  test.each([{}, { id: newId(), name: "deliver-webhook" }])("%j says not which jobs are meant", async (body) => {
    expect((await ask("POST", "/retry", body)).body.reason).toBe("JOB_SELECTION_INVALID");
  });

  test("a job that tells how far it is has its progress in the list, until it has ended", async () => {
    const { database } = whole.parts;
    const accountId = String((await findAccount(database.reader, { imagekit_id: "demo" }))?.id);
    const ids = [newId(), newId()];
    const progress = { fraction: 0.25, message: "1 of 4 files are purged." };
    for (const id of ids) {
      await database.run(requestPurgeTransaction, { id, accountId, now: Date.now(), of: { prefix: "/progress/" } });
    }
    const row = { job: "purge-files", key: ids[0] ?? "", account_id: accountId, ...progress, updated_at: Date.now() };
    await database.run(recordJobProgress, { row, isFirst: true });
    const told = async () =>
      Object.fromEntries(
        (await listed("?state=waiting&name=purge-files")).map((job: { subject: { purgeId: string } } & object) => [
          job.subject.purgeId,
          "progress" in job && job.progress,
        ]),
      );
    await expect.poll(told).toEqual({ [ids[0] ?? ""]: progress, [ids[1] ?? ""]: null });
  });
});
