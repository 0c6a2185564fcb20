import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { HTTPMethods } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { configureAccount } from "../../app/configuration/configure-account.ts";
import { type Jobs, openJobs } from "../../app/open-jobs.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { findExchange, maxExchanges } from "../../database/repositories/events.ts";
import { rowsOfAttempt } from "../../events/attempt-log.ts";
import { newEventId } from "../../events/event-id.ts";
import { logWebhookAttempts, logWebhookTest, pruneEvents } from "../../events/event-transactions.ts";
import { maxTestsPerSpan, newTestEvent } from "../../events/test-webhook.ts";
import { addWebhook } from "../../events/webhook-transactions.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";
import { newId } from "../../text/id.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

const markup = `<img src=x onerror=alert(1)>\u0000\u001b[2J`;

async function addAccounts({ parts: { database } }: WholeApp): Promise<void> {
  for (const imagekitId of ["demo", "other"]) {
    const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
    await database.run(createAccount, { imagekitId, pair, now: 1 });
  }
}

function asking({ app }: WholeApp) {
  return async (method: HTTPMethods, path: string, body?: object, account = "demo") => {
    const answer = await app.inject({
      method,
      url: `/_sluice${path}`,
      headers: { authorization: `Basic ${btoa(`private_${account}:`)}` },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === "" ? undefined : answer.json(),
      text: answer.body,
    };
  };
}

describeEngines((engine) => {
  let place: EnginePlace;
  let whole: WholeApp;
  let jobs: Jobs;
  let receiver: Server;
  let url: string;
  let ask: ReturnType<typeof asking>;
  let hanging = false;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      if (hanging) return;
      response.setHeader("set-cookie", "session=hunter2").setHeader("x-markup", "<b>1</b>");
      response.writeHead(request.url === "/no" ? 500 : 200).end(markup + "x".repeat(5000));
    });
    await new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    place = await engine.prepare();
    whole = await openWholeApp({ ...place.settings, allowPrivateNetworks: true });
    jobs = await openJobs(whole.services);
    await addAccounts(whole);
    ask = asking(whole);
  });
  afterAll(async () => {
    await jobs?.close();
    await whole?.close();
    await place?.drop();
    receiver?.closeAllConnections();
    receiver?.close();
  });

  const accountId = async (imagekitId = "demo") =>
    String((await findAccount(whole.parts.database.reader, { imagekit_id: imagekitId }))?.id);

  async function add(path = "/yes", events: readonly string[] | null = null, account = "demo") {
    const { status, body } = await ask("POST", "/webhooks", { url: url + path, events }, account);
    expect(status).toBe(201);
    return body as { readonly id: string; readonly secret: string };
  }

  /** Logs attempts at a target as deliveries do. */
  async function log(count: number, endpointId: string | null): Promise<void> {
    const account = await accountId();
    const rows = Array.from({ length: count }, (_, index) => {
      const attempt = {
        id: newId(1000 + index),
        account_id: account,
        event_id: newEventId(1),
        endpoint_id: endpointId,
      };
      return {
        ...attempt,
        ...{ attempt: 1, status: 200, error: null, excerpt: null, duration_ms: 1, created_at: 1000 + index },
      };
    });
    const exchanges = rows.map(({ id }) => ({
      ...{ attempt_id: id, account_id: account, target: endpointId ?? account, url },
      answer: JSON.stringify({ headers: [], body: "ok", isCut: false }),
    }));
    await whole.parts.database.run(logWebhookAttempts, { attempts: rows, exchanges });
  }

  test("an endpoint is added with a secret that is shown once, changed, and removed", async () => {
    const { id, secret } = await add("/yes", ["file.created", "file.created"]);
    expect(secret).toMatch(/^whsec_/);
    const listed = await ask("GET", "/webhooks");
    expect(listed.body).toContainEqual(
      expect.objectContaining({ id, url: `${url}/yes`, events: ["file.created"], status: "enabled", origin: "added" }),
    );
    expect(listed.text).not.toContain("whsec_");
    const changed = await ask("PATCH", `/webhooks/${id}`, { url: `${url}/no`, events: null, status: "disabled" });
    expect(changed.body).toMatchObject({ url: `${url}/no`, events: null, status: "disabled" });
    expect((await ask("PATCH", `/webhooks/${id}`, {})).body).toEqual(changed.body);
    expect((await ask("DELETE", `/webhooks/${id}`)).status).toBe(204);
    expect((await ask("DELETE", `/webhooks/${id}`)).body.reason).toBe("WEBHOOK_ENDPOINT_NOT_FOUND");
  });

  test.each([
    [{}],
    [{ url: "ftp://example.com/" }],
    [{ url: "https://user:pass@example.com/" }],
    [{ url: 1 }],
    [{ url: "https://example.com/", events: [] }],
    [{ url: "https://example.com/", events: ["file.moved"] }],
    [{ url: `https://example.com/${"a".repeat(2048)}` }],
    [{ url: "https://example.com/", secret: "whsec_0123456789abcdef" }],
  ])("no endpoint is added by wrong parameters %#", async (body) => {
    const before = (await ask("GET", "/webhooks")).body;
    const { status, body: refusal } = await ask("POST", "/webhooks", body);
    expect([status, refusal.reason]).toEqual([400, "PARAMETER_INVALID"]);
    expect((await ask("GET", "/webhooks")).body).toEqual(before);
  });

  test("a test is sent and signed, and its answer is shown as text, bounded, without cookies", async () => {
    const { id } = await add();
    const { status, body, text } = await ask("POST", `/webhooks/${id}/test`);
    expect([status, body.eventType, body.status, body.error]).toEqual([200, "webhook.test", 200, null]);
    expect(body.request.url).toBe(`${url}/yes`);
    expect(JSON.parse(body.request.body)).toMatchObject({ type: "webhook.test", id: body.eventId });
    const names = body.request.headers.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["content-type", "user-agent", "webhook-id", "webhook-timestamp"]);
    expect(body.answer.body).toMatch(/^<img src=x onerror=alert\(1\)>\u{fffd}\u{fffd}\[2Jx+$/u);
    expect([Buffer.byteLength(body.answer.body) <= 2100, body.answer.isCut]).toEqual([true, true]);
    expect(text).toContain("<b>1</b>");
    expect(text).not.toContain("hunter2");
    const { attempts } = (await ask("GET", `/webhook-attempts?endpointId=${id}`)).body;
    expect(attempts).toHaveLength(1);
    expect((await ask("GET", `/webhook-attempts/${attempts[0].id}`)).body).toEqual(body);
  });

  test("a test of an endpoint that refuses is told with its status, and one that hangs ends with its client", async () => {
    const { id } = await add("/no");
    expect((await ask("POST", `/webhooks/${id}/test`)).body).toMatchObject({
      status: 500,
      error: "Its server answered with the status 500.",
    });
    hanging = true;
    try {
      const first = ask("POST", `/webhooks/${id}/test`);
      await new Promise<void>((resolve) => void receiver.once("request", () => resolve()));
      const second = await ask("POST", `/webhooks/${id}/test`);
      expect([second.status, second.body.reason]).toEqual([429, "WEBHOOK_TEST_RUNNING"]);
      receiver.closeAllConnections();
      expect((await first).body).toMatchObject({ status: null, answer: null });
    } finally {
      hanging = false;
    }
  });

  test("an event that is kept is sent again, to an enabled endpoint of its account alone", async () => {
    const { id } = await add();
    const stranger = await add("/yes", null, "other");
    const event = { id: newEventId(1), account_id: await accountId(), type: "file.created", url: null, payload: "{}" };
    const { database } = whole.parts;
    const attempt = { event_id: event.id, endpoint_id: null, attempt: 1, status: 200, error: null, excerpt: null };
    const row = { id: newId(5), account_id: event.account_id, ...attempt, duration_ms: 1, created_at: 5 };
    const exchange = { attempt_id: row.id, account_id: event.account_id, target: event.account_id, url, answer: null };
    await database.run(logWebhookTest, { event, attempt: row, exchange });
    const replay = async (endpoint: string, eventId: unknown, account = "demo") => {
      const { status, body } = await ask("POST", `/webhooks/${endpoint}/replay`, { eventId }, account);
      return [status, body?.reason];
    };
    expect(await replay(id, event.id)).toEqual([202, undefined]);
    const waiting = (await ask("GET", "/jobs?state=waiting&name=deliver-webhook")).body.jobs;
    expect(waiting).toEqual([expect.objectContaining({ subject: { eventId: event.id, endpointId: id }, attempts: 0 })]);
    expect(await replay(id, event.id)).toEqual([409, "WEBHOOK_EVENT_WAITING"]);
    const further = await add();
    expect(await replay(further.id, event.id)).toEqual([202, undefined]);
    expect((await ask("GET", "/jobs?state=waiting&name=deliver-webhook")).body.jobs).toHaveLength(2);
    expect((await ask("GET", "/jobs?state=waiting", undefined, "other")).body.jobs).toEqual([]);
    expect(await replay(stranger.id, event.id)).toEqual([404, "WEBHOOK_ENDPOINT_NOT_FOUND"]);
    expect(await replay(stranger.id, event.id, "other")).toEqual([404, "WEBHOOK_EVENT_NOT_FOUND"]);
    expect(await replay(id, newEventId(1))).toEqual([404, "WEBHOOK_EVENT_NOT_FOUND"]);
    expect(await replay(id, "x")).toEqual([400, "PARAMETER_INVALID"]);
    await ask("PATCH", `/webhooks/${id}`, { status: "disabled" });
    expect(await replay(id, event.id)).toEqual([409, "WEBHOOK_ENDPOINT_DISABLED"]);
  });

  test("with an endpoint, what it was sent and has answered is deleted", async () => {
    const { id } = await add();
    const kept = await add();
    const count = async (endpointId: string) => {
      const { reader } = whole.parts.database;
      const rows = reader.selectFrom("webhook_exchanges").select("attempt_id").where("target", "=", endpointId);
      return (await rows.execute()).length;
    };
    await log(3, id);
    await log(2, kept.id);
    expect([await count(id), await count(kept.id)]).toEqual([3, 2]);
    expect((await ask("DELETE", `/webhooks/${id}`)).status).toBe(204);
    // The attempt was under way while the endpoint was removed.
    await log(1, id);
    expect([await count(id), await count(kept.id)]).toEqual([0, 2]);
  });

  test("attempts are listed by pages, and the answers of the latest ones are kept", async () => {
    const { id } = await add();
    await log(maxExchanges + 20, id);
    await log(3, null);
    const ids: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await ask("GET", `/webhook-attempts?endpointId=${id}&limit=50${cursor}`);
      ids.push(...body.attempts.map((attempt: { id: string }) => attempt.id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect([ids.length, new Set(ids).size]).toEqual([maxExchanges + 20, maxExchanges + 20]);
    expect(ids).toEqual(ids.toSorted().reverse());
    const kept = await Promise.all(
      [ids[0], ids[maxExchanges - 1], ids[maxExchanges]].map((one) => ask("GET", `/webhook-attempts/${one}`)),
    );
    expect(kept.map(({ body }) => body.answer?.body)).toEqual(["ok", "ok", undefined]);
    const { attempts } = (await ask("GET", "/webhook-attempts?endpointId=none")).body;
    expect(attempts.every((attempt: { endpointId: unknown }) => attempt.endpointId === null)).toBe(true);
    expect((await ask("GET", "/webhook-attempts", undefined, "other")).body.attempts).toEqual([]);
    expect((await ask("GET", `/webhook-attempts/${ids[0]}`, undefined, "other")).status).toBe(404);
  });

  test("attempts, and what was sent and answered, are forgotten with the events", async () => {
    const { id } = await add();
    await log(3, id);
    const { database } = whole.parts;
    const [first] = (await ask("GET", `/webhook-attempts?endpointId=${id}`)).body.attempts;
    const account = await accountId();
    expect(await findExchange(database.reader, account, first.id)).toBeDefined();
    await database.run(pruneEvents, { before: 1_000_000, limit: 1000 });
    expect((await ask("GET", `/webhook-attempts?endpointId=${id}`)).body).toEqual({ attempts: [], nextCursor: null });
    expect(await findExchange(database.reader, account, first.id)).toBeUndefined();
  });

  test("an account's tests are bounded, and the others' are not counted", async () => {
    const { database } = whole.parts;
    const { id } = await add("/yes", null, "other");
    const account_id = await accountId("other");
    const now = Date.now();
    for (let index = 0; index < maxTestsPerSpan; index++) {
      const event = { ...newTestEvent(now), account_id, type: "webhook.test", url: null };
      const exchange = { status: 200, error: null, excerpt: null, durationMs: 1, answer: null, sentAt: now - 1000 };
      const rows = rowsOfAttempt({ event, endpointId: id, url, attempt: 1, exchange });
      await database.run(logWebhookTest, { event, ...rows });
    }
    const refused = await ask("POST", `/webhooks/${id}/test`, undefined, "other");
    expect([refused.status, refused.body.reason]).toEqual([429, "TOO_MANY_WEBHOOK_TESTS"]);
    const wait = Number(refused.headers["retry-after"]);
    expect([wait > 30, wait <= 60]).toEqual([true, true]);
    expect((await ask("POST", `/webhooks/${(await add()).id}/test`)).status).toBe(200);
  });

  test.each(["limit=0", "limit=201", "cursor=x", "endpointId=x", "status=200"])("%s lists nothing", async (query) => {
    expect((await ask("GET", `/webhook-attempts?${query}`)).body.reason).toBe("PARAMETER_INVALID");
  });
});

test("a configured endpoint is enabled and disabled, and nothing else", async () => {
  const whole = await openWholeApp();
  try {
    await addAccounts(whole);
    const ask = asking(whole);
    await whole.parts.database.run(configureAccount, {
      imagekitId: "demo",
      spare: { publicKey: "public_spare", privateKey: "private_spare" },
      webhook: { url: "https://example.com/hook" },
      spareSecret: "whsec_0123456789abcdef",
      now: 1,
    });
    const [{ id, origin }] = (await ask("GET", "/webhooks")).body;
    expect(origin).toBe("configured");
    expect((await ask("PATCH", `/webhooks/${id}`, { status: "disabled" })).body.status).toBe("disabled");
    for (const change of [{ url: "https://example.com/" }, { events: null }, { events: ["file.created"] }]) {
      expect((await ask("PATCH", `/webhooks/${id}`, change)).body.reason).toBe("WEBHOOK_ENDPOINT_CONFIGURED");
    }
    expect((await ask("DELETE", `/webhooks/${id}`)).body.reason).toBe("WEBHOOK_ENDPOINT_CONFIGURED");
  } finally {
    await whole.close();
  }
});

test("without --allow-private-networks, no URL that leads inside is taken, and no test reaches a private address", async () => {
  const whole = await openWholeApp();
  let isReached = false;
  const inside = createServer((_request, response) => {
    isReached = true;
    response.end("private");
  });
  await new Promise<void>((resolve) => void inside.listen(0, "127.0.0.1", resolve));
  try {
    await addAccounts(whole);
    const ask = asking(whole);
    const { port } = inside.address() as AddressInfo;
    for (const host of ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"]) {
      const { body } = await ask("POST", "/webhooks", { url: `http://${host}:${port}/` });
      expect([host, body.reason]).toEqual([host, "PARAMETER_INVALID"]);
    }
    // An endpoint that was added while it was allowed, or whose name leads inside by now.
    const secret = "whsec_0123456789abcdef";
    const endpoint = { imagekitId: "demo", url: `http://127.0.0.1:${port}/`, secret, types: null, now: 1 };
    const added = await whole.parts.database.run(addWebhook, endpoint);
    const { body } = await ask("POST", `/webhooks/${"id" in added ? added.id : ""}/test`);
    expect([body.status, body.answer, isReached]).toEqual([null, null, false]);
    expect(body.error).not.toContain("127.0.0.1");
  } finally {
    inside.close();
    await whole.close();
  }
});
