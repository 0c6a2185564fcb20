import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { buffer, json, text } from "node:stream/consumers";
import Fastify, { type FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { newLifecycle } from "./lifecycle.ts";
import { Listener } from "./listener.ts";
import { drainRefused } from "./plugins/drain-refused.ts";
import { endConnectionsWhenLeaving } from "./plugins/end-connections.ts";
import { addErrorHandling } from "./plugins/errors.ts";

const silent = pino({ level: "silent" });
// Requests don't wait for the start, except in the tests about that.
const config = resolveConfig({ port: 0, limits: { waitMs: 0 } });

let listener: Listener;
beforeEach(async () => {
  listener = new Listener(config, silent);
  await listener.listen();
});
afterEach(() => listener.close(0));

/** Sends a request on a connection of its own. */
async function ask(
  path: string,
  { headers = {}, body = "" }: { headers?: Record<string, string>; body?: string } = {},
) {
  const method = body === "" ? "GET" : "POST";
  const sent = request(`${listener.url}${path}`, { method, headers, agent: false });
  sent.end(body);
  const [answer] = await once(sent, "response");
  // Once a test has its answer, the server may be closed and cut the connection while some of the body is still on its
  // way.
  sent.on("error", () => undefined);
  return { status: answer.statusCode, headers: answer.headers, body: await json(answer) };
}

/** An app that says which path it was asked for. */
async function openApp(): Promise<FastifyInstance> {
  const app = Fastify({ serverFactory: () => listener.server });
  app.get("*", async ({ url }) => ({ asked: url }));
  await app.ready();
  return app;
}

test("while the server starts its health says so, and everything else is asked to come again", async () => {
  expect(await ask("/health")).toMatchObject({
    status: 503,
    headers: { "cache-control": "no-store", connection: "close" },
    body: { status: "unavailable", checks: { server: "starting" } },
  });
  for (const path of ["/", "/demo/a.jpg", "/v1/files?path=/", "/%zz", "/health/more"]) {
    expect(await ask(path), path).toMatchObject({
      status: 503,
      headers: { "retry-after": "1", "x-request-id": expect.stringMatching(/./) },
      body: { reason: "SERVER_STARTING", message: expect.any(String), help: expect.any(String) },
    });
  }
});

test("a process that starts is alive", async () => {
  expect(await ask("/health/live")).toMatchObject({ status: 200, body: { status: "ok" } });
});

describe("with a wait for the start", () => {
  const patient = resolveConfig({ port: 0, limits: { waitMs: 60_000 } });
  beforeEach(async () => {
    await listener.close(0);
    listener = new Listener(patient, silent);
    await listener.listen();
  });

  test("requests wait for the app, unread, in the order in which they came, and the health does not", async () => {
    const first = ask("/a", { headers: { "content-type": "text/plain" }, body: "x".repeat(100_000) });
    await once(listener.server, "request");
    const second = ask("/b");
    await once(listener.server, "request");
    expect(await ask("/health")).toMatchObject({ status: 503, body: { checks: { server: "starting" } } });
    const asked: string[] = [];
    const app = Fastify({ serverFactory: () => listener.server });
    app.addHook("onRequest", async ({ url }) => void asked.push(url));
    app.all("*", async () => ({}));
    await app.ready();
    await listener.handOver(app);
    expect([(await first).status, (await second).status, asked]).toEqual([200, 200, ["/a", "/b"]]);
  });

  test("of a pipeline the first request waits for the app, and what follows waits for its answer", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    const get = (path: string, header = "") => `GET ${path} HTTP/1.1\r\nhost: a\r\n${header}\r\n`;
    socket.write(get("/a") + get("/health") + get("/b", "connection: close\r\n"));
    await once(listener.server, "request");
    await listener.handOver(await openApp());
    expect((await text(socket)).match(/(?<="asked":")[^"]*/g)).toEqual(["/a", "/health", "/b"]);
  });

  test("a client that leaves meanwhile is forgotten", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write("GET /a HTTP/1.1\r\nhost: a\r\n\r\n");
    const [, reply] = await once(listener.server, "request");
    const closed = once(reply, "close");
    socket.destroy();
    await closed;
    await listener.handOver(await openApp());
    expect(await ask("/b")).toMatchObject({ body: { asked: "/b" } });
  });

  test("a server that closes instead tells them so", async () => {
    const asked = ask("/a");
    await once(listener.server, "request");
    await listener.close(1000);
    expect(await asked).toMatchObject({ status: 503, body: { reason: "SERVER_STARTING" } });
  });
});

test("a start that takes longer than the wait answers those that wait", async () => {
  await listener.close(0);
  listener = new Listener(resolveConfig({ port: 0, limits: { waitMs: 50 } }), silent);
  await listener.listen();
  expect(await ask("/a")).toMatchObject({ status: 503, body: { reason: "SERVER_STARTING" } });
});

test("a server that leaves takes no new connection, and keeps an idle one until it has been used or the wait is over", async () => {
  const lifecycle = newLifecycle();
  const app = Fastify({ serverFactory: () => listener.server });
  endConnectionsWhenLeaving(app, lifecycle, listener.answers);
  app.get("*", async () => "as ever");
  await app.ready();
  await listener.handOver(app);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = async () => {
    const [answer] = await once(request(listener.url, { agent }).end(), "response");
    return [answer.headers.connection, await text(answer)];
  };
  expect(await get()).toEqual(["keep-alive", "as ever"]);
  lifecycle.connections = "leaving";
  const left = listener.leave(30_000);
  await expect.poll(() => listener.server.listening).toBe(false);
  expect(await get()).toEqual(["close", "as ever"]);
  await left;
  await expect(get()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a server that closes finishes an answer that is on its way, and ends connections that rest", async () => {
  const lifecycle = newLifecycle();
  const app = Fastify({ serverFactory: () => listener.server });
  endConnectionsWhenLeaving(app, lifecycle, listener.answers);
  const large = Buffer.alloc(32 * 1024 * 1024, "large");
  app.get("/large", async () => large);
  app.get("/small", async () => "small");
  await app.ready();
  await listener.handOver(app);
  const resting = connect(listener.port, "127.0.0.1");
  resting.write("GET /small HTTP/1.1\r\nhost: a\r\n\r\n");
  await once(resting, "data");
  const sent = request(`${listener.url}/large`, { agent: new Agent({ keepAlive: true }) }).end();
  const [answer] = await once(sent, "response");
  lifecycle.connections = "closing";
  const closed = listener.close(30_000);
  expect(await text(resting)).toBe("");
  expect((await buffer(answer)).equals(large)).toBe(true);
  await closed;
});

test("a server that closes ends connections without a request, and answers a first request that is on its way", async () => {
  const lifecycle = newLifecycle();
  const app = Fastify({ serverFactory: () => listener.server });
  endConnectionsWhenLeaving(app, lifecycle, listener.answers);
  app.get("*", async () => "as ever");
  await app.ready();
  await listener.handOver(app);
  const open = async () => {
    const accepted = once(listener.server, "connection");
    const socket = connect(listener.port, "127.0.0.1");
    await accepted;
    return socket;
  };
  const [unused, late, slow] = [await open(), await open(), await open()];
  slow.write("GET /slow HTTP/1.1\r\n");
  lifecycle.connections = "closing";
  const closed = listener.close(60_000);
  late.write("GET /late HTTP/1.1\r\nhost: a\r\n\r\n");
  expect(await text(late)).toMatch(/^HTTP\/1\.1 200 .*as ever$/s);
  expect(await text(unused)).toBe("");
  slow.write("host: a\r\n\r\n");
  expect(await text(slow)).toMatch(/^HTTP\/1\.1 200 .*as ever$/s);
  await closed;
});

test("an upload that comes too early gets its answer, which a page may read, and its body is read to the end", async () => {
  const body = "x".repeat(5_000_000);
  const answer = await ask("/api/v2/files/upload", { headers: { "content-type": "multipart/form-data" }, body });
  expect(answer).toMatchObject({
    status: 503,
    headers: { "access-control-allow-origin": "*" },
    body: { reason: "SERVER_STARTING" },
  });
  expect(answer.headers).not.toHaveProperty("x-should-retry");
});

test("a client that asks before it sends its body is not told to send it", async () => {
  const sent = request(`${listener.url}/api/v2/files/upload`, {
    method: "POST",
    headers: { expect: "100-continue", "content-length": "5" },
    agent: false,
  });
  sent.on("continue", () => sent.destroy(new Error("asked to continue")));
  sent.flushHeaders();
  const [answer] = await once(sent, "response");
  expect(answer.statusCode).toBe(503);
  sent.destroy();
});

test("what is no HTTP is answered as at any other time", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.end("no HTTP\r\n\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*"reason":"HTTP_INVALID"/s);
});

test("once it has been handed over, the app answers on the same address, and nothing else does", async () => {
  const { port } = listener;
  expect(await ask("/health")).toMatchObject({ status: 503 });
  const app = await openApp();
  expect(await ask("/a")).toMatchObject({ status: 503 });
  await listener.handOver(app);
  expect(await ask("/a")).toMatchObject({ status: 200, body: { asked: "/a" } });
  expect(await ask("/health")).toMatchObject({ status: 200, body: { asked: "/health" } });
  expect(listener.port).toBe(port);
});

test("what is still in flight while it closes is told the same address as before", async () => {
  const { url } = listener;
  await listener.close(0);
  expect(listener.url).toBe(url);
});

test("an app that is there before the address is listened on answers from the first request on", async () => {
  await listener.close(0);
  listener = new Listener(config, silent);
  expect(listener.url).toBe("");
  await listener.handOver(await openApp());
  await listener.listen();
  expect(await ask("/a")).toMatchObject({ status: 200 });
});

test("an address that is taken is an error, and closing is possible all the same", async () => {
  const second = new Listener(resolveConfig({ port: listener.port }), silent);
  await expect(second.listen()).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen" });
  await second.close(0);
  expect(await ask("/health")).toMatchObject({ status: 503 });
});

test("a connection whose body came too early ends once the body has been read", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write("POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhello");
  await once(socket, "data");
  socket.write("world");
  expect(await text(socket)).toBe("");
});

const ambiguousHead = "POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n";
const smuggled = "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n";

test.each([
  ["whose body comes later", [`${ambiguousHead}5\r\nhello\r\n`, `0\r\n\r\n${smuggled}`]],
  ["that comes as a whole", [`${ambiguousHead}0\r\n\r\n${smuggled}`]],
])("nothing is served behind an ambiguous request %s", async (_case, [first = "", rest = ""]) => {
  const asked: (string | undefined)[] = [];
  const app = Fastify({ serverFactory: () => listener.server, clientErrorHandler: () => undefined });
  addErrorHandling(app);
  app.addHook("onRequest", ({ url }, _reply, done) => {
    asked.push(url);
    done();
  });
  listener.malformed.watch(app);
  drainRefused(app, config);
  await app.ready();
  await listener.handOver(app);
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(first);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400 .*"reason":"HTTP_INVALID"/s);
  socket.write(rest);
  expect(await text(socket)).toBe("");
  expect(asked).toEqual(["/a"]);
});

test.each([
  [
    "in which a request was lost whose body it now reads",
    `POST /lost HTTP/1.1\r\nhost: a\r\ncontent-length: ${smuggled.length}\r\n\r\n`,
  ],
  ["that lost nothing", ""],
])("nothing is served behind a request for another protocol, on a connection %s", async (_case, lost) => {
  const asked: string[] = [];
  const app = Fastify({ serverFactory: () => listener.server, clientErrorHandler: () => undefined });
  const answered = Promise.withResolvers<void>();
  app.get("*", async ({ url }) => {
    asked.push(url);
    await answered.promise;
    return "as ever";
  });
  await app.ready();
  await listener.handOver(app);
  const socket = connect(listener.port, "127.0.0.1");
  const first = once(listener.server, "request");
  socket.write(`GET /a HTTP/1.1\r\nhost: a\r\nconnection: keep-alive, Upgrade\r\nupgrade: h2c\r\n\r\n${lost}`);
  await first;
  const second = once(listener.server, "request");
  socket.write(smuggled);
  await second;
  answered.resolve();
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*connection: close.*\r\n\r\nas ever$/is);
  expect(asked).toEqual(["/a"]);
});

test("nothing is done for a request that comes when its connection has been ended", async () => {
  const asked: string[] = [];
  const app = Fastify({ serverFactory: () => listener.server, clientErrorHandler: () => undefined });
  app.get("*", async ({ url, raw }) => {
    asked.push(url);
    raw.socket.end();
    return "never sent";
  });
  await app.ready();
  await listener.handOver(app);
  const socket = connect({ port: listener.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.write("GET /a HTTP/1.1\r\nhost: a\r\n\r\n");
  socket.resume();
  await once(socket, "end");
  const parsed = once(listener.server, "request");
  socket.write("GET /b HTTP/1.1\r\nhost: a\r\n\r\n");
  await parsed;
  expect(asked).toEqual(["/a"]);
  socket.destroy();
});
