import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Fastify, { type FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { type Lifecycle, newLifecycle } from "./lifecycle.ts";
import { Listener } from "./listener.ts";
import { endConnectionsWhenLeaving } from "./plugins/end-connections.ts";
import { cutStalledAnswers } from "./plugins/stalled-answers.ts";

const get = (path: string, header = "") => `GET ${path} HTTP/1.1\r\nhost: a\r\n${header}\r\n`;
const post = (header: string) => `POST /stored HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n${header}\r\n\r\n`;
const stored = `${post("content-length: 5")}hello`;
const brokenBody = `${post("transfer-encoding: chunked")}x`;
const garbage = "\x01\r\n\r\n";
const tunnel = "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n";
const refused = ["400", "HTTP_INVALID"];
const large = Buffer.alloc(8 * 1024 * 1024, "large");
const piece = large.subarray(0, 64 * 1024);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let listener: Listener;
let app: FastifyInstance;
let lifecycle: Lifecycle;
let slow: PromiseWithResolvers<void>;
/** The paths of the requests that have come. */
let come: (string | undefined)[];
/** The paths of the requests that have been carried out. */
let asked: string[];
/** The paths of answers that have ended before they were out. */
let cut: (string | undefined)[];

beforeEach(() => start());
afterEach(() => listener.close(0));

async function start(limits: Readonly<Record<string, number>> = {}): Promise<void> {
  slow = Promise.withResolvers();
  come = [];
  asked = [];
  cut = [];
  lifecycle = newLifecycle();
  const config = resolveConfig({ port: 0, limits: { waitMs: 0, ...limits } });
  listener = new Listener(config, pino({ level: "silent" }));
  listener.server.on("request", ({ url }) => come.push(url));
  app = Fastify({
    serverFactory: () => listener.server,
    clientErrorHandler: () => undefined,
    return503OnClosing: false,
  });
  cutStalledAnswers(app, config);
  endConnectionsWhenLeaving(app, lifecycle, listener.answers);
  app.addHook("onRequest", async ({ url }, { raw }) => {
    asked.push(url);
    raw.once("close", () => raw.writableFinished || cut.push(url));
  });
  app.get("/slow", async () => {
    await slow.promise;
    return "slowly";
  });
  app.get("/quick", async () => "quickly");
  app.get("/large", async (_request, reply) => {
    const pieces = Array<Buffer>((2 * large.length) / piece.length).fill(piece);
    return reply.header("content-length", 2 * large.length).send(Readable.from(pieces));
  });
  app.get("/broken", async (_request, reply) => reply.send(Readable.from(breaking())));
  app.get("/whole", async () => Buffer.concat([large, large]));
  app.post("/stored", async ({ body }) => `stored ${body}`);
  await app.ready();
  await listener.handOver(app);
  await listener.listen();
}

async function* breaking(): AsyncGenerator<Buffer> {
  yield piece;
  throw new Error("the store is gone");
}

/** Writes all of it at once, and has the slow answers come a moment later. Returns statuses and bodies in their order. */
async function answersTo(input: string): Promise<string[] | null> {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(input);
  setTimeout(() => slow.resolve(), 30);
  return (await text(socket)).match(/(?<=HTTP\/1\.1 )\d+|quickly|slowly|stored hello|HTTP_INVALID/g);
}

test.each([
  ["garbage alone", garbage, refused],
  ["garbage behind a quick answer", get("/quick") + garbage, ["200", "quickly", ...refused]],
  ["garbage behind a slow answer", get("/slow") + garbage, ["200", "slowly", ...refused]],
  ["garbage behind what stores something", stored + garbage, ["200", "stored hello", ...refused]],
  [
    "garbage behind answers of all kinds",
    get("/slow") + get("/quick") + stored + get("/slow") + get("/quick") + garbage,
    ["200", "slowly", "200", "quickly", "200", "stored hello", "200", "slowly", "200", "quickly", ...refused],
  ],
  [
    "a broken body behind slow answers",
    get("/slow") + get("/slow") + brokenBody,
    ["200", "slowly", "200", "slowly", ...refused],
  ],
  ["a broken body alone", brokenBody, refused],
  ["more behind a connection's last request", `${get("/slow", "connection: close\r\n")}more`, ["200", "slowly"]],
  ["a tunnel alone", tunnel, null],
  ["a tunnel behind a quick answer", get("/quick") + tunnel + get("/quick"), ["200", "quickly"]],
  ["a tunnel behind slow answers", get("/slow") + get("/slow") + tunnel, ["200", "slowly", "200", "slowly"]],
  [
    "another protocol behind slow and quick answers",
    get("/slow") + get("/quick") + get("/quick", "connection: upgrade\r\nupgrade: h2c\r\n") + get("/quick"),
    ["200", "slowly", "200", "quickly", "200", "quickly"],
  ],
])("earlier requests are answered first: %s", async (_what, input, expected) => {
  expect(await answersTo(input)).toEqual(expected);
});

test("garbage that comes after a pause is answered at once", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/quick"));
  await once(socket, "data");
  socket.write(garbage);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
});

test("a request that does not come in time is answered behind the one before, and not served when the rest comes", async () => {
  await listener.close(0);
  await start({ headersMs: 100 });
  const socket = connect(listener.port, "127.0.0.1");
  const late = once(listener.server, "clientError");
  socket.write(`${get("/slow")}GET /quick HTTP/1.1\r\n`);
  await late;
  const parsed = once(listener.server, "request");
  socket.write("host: a\r\n\r\n");
  await parsed;
  slow.resolve();
  expect((await text(socket)).match(/(?<=HTTP\/1\.1 )\d+|quickly|REQUEST_TIMEOUT/g)).toEqual([
    "200",
    "408",
    "REQUEST_TIMEOUT",
  ]);
});

test.each([
  ["garbage", garbage],
  ["a tunnel", tunnel],
])("a large answer goes out whole before %s, however slowly its client reads", async (_what, input) => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/large") + input);
  await once(socket, "readable");
  const bytes = await buffer(socket);
  expect(bytes.length).toBeGreaterThan(2 * large.length);
});

test.each([
  ["garbage", garbage],
  ["a tunnel", tunnel],
])("a client that does not take its answer is cut off where %s waits for that", async (_what, input) => {
  await listener.close(0);
  await start({ stallMs: 100 });
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get("/whole") + input);
  await expect.poll(() => cut).toEqual(["/whole"]);
  socket.destroy();
});

test.each([
  ["garbage", garbage],
  ["a tunnel", tunnel],
])("a client that leaves while %s waits is noticed, and its request is cut off", async (_what, input) => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/slow") + get("/large") + input);
  await once(listener.server, "request");
  socket.resetAndDestroy();
  await expect.poll(() => cut).toEqual(["/slow"]);
  expect(asked).toEqual(["/slow"]);
});

test.each([
  ["garbage", garbage],
  ["a tunnel", tunnel],
])("a server that closes cuts a connection on which %s waits, once its time is over", async (_what, input) => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get("/slow") + input);
  await once(listener.server, "request");
  await listener.close(50);
  await expect.poll(() => cut).toEqual(["/slow"]);
});

test.each([
  ["garbage", garbage, ["200", "slowly", ...refused]],
  ["a tunnel", tunnel, ["200", "slowly"]],
])("a server that closes waits for the answers before %s", async (_what, input, expected) => {
  const answers = answersTo(get("/slow") + input);
  await once(listener.server, "request");
  await listener.close(10_000);
  expect(await answers).toEqual(expected);
});

const ends: [what: string, input: string, refusals: number][] = [
  ["the end of the connection", get("/quick", "connection: close\r\n"), 1],
  ["garbage", garbage, 1],
  ["a tunnel", tunnel, 0],
];

test.each(ends.slice(1))(
  "an answer that waits longer than a client may stall is whole before %s",
  async (_what, input, more) => {
    await listener.close(0);
    await start({ stallMs: 200 });
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(get("/slow") + get("/large") + input);
    setTimeout(() => slow.resolve(), 500);
    const bytes = await buffer(socket);
    expect(bytes.subarray(0, 1024).toString()).toContain("slowly");
    expect(bytes.length).toBeGreaterThan(2 * large.length);
    expect(bytes.toString().split("HTTP/1.1 ")).toHaveLength(1 + 2 + more);
    expect(cut).toEqual([]);
  },
);

test.each(ends)("an answer that breaks ends the connection, also before %s", async (_what, input) => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get("/broken") + stored + input);
  await once(socket.resume(), "close");
  expect([asked, cut]).toEqual([["/broken"], ["/broken"]]);
});

test("the time limit of an answer that is read slowly is not that of the next one", async () => {
  await listener.close(0);
  await start({ stallMs: 200 });
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/whole") + get("/slow", "connection: close\r\n"));
  setTimeout(() => slow.resolve(), 600);
  expect((await text(socket)).slice(-6)).toBe("slowly");
});

describe.each(["leaving", "closing"] as const)("on a server whose connections are %s", (connections) => {
  test("all requests of a pipeline are answered, and the last answer ends the connection", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(get("/slow") + stored + get("/slow"));
    await expect.poll(() => come).toHaveLength(3);
    lifecycle.connections = connections;
    slow.resolve();
    expect((await text(socket)).match(/slowly|stored hello|connection: close/g)).toEqual([
      "slowly",
      "stored hello",
      "connection: close",
      "slowly",
    ]);
  });

  test("nothing is done for a request behind the answer that ends its connection", async () => {
    lifecycle.connections = connections;
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(get("/whole"));
    await once(socket, "readable");
    const parsed = once(listener.server, "request");
    socket.write(stored);
    await parsed;
    expect((await buffer(socket)).length).toBeGreaterThan(2 * large.length);
    expect(asked).toEqual(["/whole"]);
  });
});

test("requests of a pipeline are all answered where the framework is closing already", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/slow"));
  await expect.poll(() => asked).toHaveLength(1);
  lifecycle.connections = "closing";
  await app.close();
  socket.write(stored + get("/slow"));
  await expect.poll(() => come).toHaveLength(3);
  slow.resolve();
  expect((await text(socket)).match(/slowly|stored hello/g)).toEqual(["slowly", "stored hello", "slowly"]);
});

test("a flood of garbage is not read on while the answer before it is made", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  const [connection] = await once(listener.server, "connection");
  socket.write(get("/slow") + garbage);
  const flood = Buffer.alloc(64 * 1024, "x");
  const flooding = setInterval(() => socket.writableNeedDrain || socket.write(flood), 1);
  try {
    await expect.poll(() => connection.isPaused()).toBe(true);
    expect(connection.bytesRead).toBeLessThan(1024 * 1024);
    slow.resolve();
    expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1\.1 200 /);
  } finally {
    clearInterval(flooding);
    socket.destroy();
  }
});

test("requests of a pipeline are carried out one after another", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/slow") + stored + get("/slow", "connection: close\r\n"));
  await expect.poll(() => come).toHaveLength(3);
  expect(asked).toEqual(["/slow"]);
  slow.resolve();
  expect((await text(socket)).match(/slowly|stored hello/g)).toEqual(["slowly", "stored hello", "slowly"]);
});

test("a long pipeline holds up no other connection", async () => {
  const [many, one] = [connect(listener.port, "127.0.0.1"), connect(listener.port, "127.0.0.1")];
  await Promise.all([once(many, "connect"), once(one, "connect")]);
  many.resume().write(get("/many").repeat(100));
  while (asked.length === 0) await nextTurn();
  one.write(get("/one", "connection: close\r\n"));
  await text(one);
  expect(asked.indexOf("/one")).toBeLessThan(50);
  many.destroy();
});

test("a connection on which too many requests wait is cut, and none of them is carried out", async () => {
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const closed = once(socket.resume(), "close");
  socket.write(get("/slow") + get("/many").repeat(1000));
  await closed;
  expect([asked, cut]).toEqual([["/slow"], ["/slow"]]);
});

test("a connection that rests does not keep the memory of a long pipeline", async () => {
  const replies: WeakRef<ServerResponse>[] = [];
  listener.server.on("request", (_request, reply) => replies.push(new WeakRef(reply)));
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(get("/quick").repeat(100) + get("/slow"));
  await expect.poll(() => replies).toHaveLength(101);
  slow.resolve();
  await expect.poll(() => String(socket.read())).toContain("slowly");
  await nextTurn();
  collectGarbage();
  expect(replies.filter((reply) => reply.deref() !== undefined).length).toBeLessThan(10);
  socket.destroy();
});
