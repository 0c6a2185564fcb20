import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { createLogger } from "../observability/logger.ts";
import { createMetrics } from "../observability/metrics.ts";
import { AnswersUnderWay } from "./answers-under-way.ts";
import { newLifecycle } from "./lifecycle.ts";
import { type QuickNeeds, quickAnswers } from "./quick-answers.ts";

const picture = Buffer.from("the picture");
const large = Buffer.alloc(64 * 1024 * 1024, "large");
const target = "/demo/tr:w-10/a.jpg";
const lines: Record<string, unknown>[] = [];
const counted: unknown[] = [];
const held: { readonly bytes: number; isHeld: boolean; readonly cut: () => void }[] = [];
const metrics = createMetrics(() => ({ files: 0, bytes: 0 }), "1");
const lifecycle = newLifecycle();
const config = resolveConfig({ consoleOrigin: "https://console.example.com", publicUrl: "https://media.example.com" });
const needs: QuickNeeds = {
  config: { ...config, trustProxy: 1 },
  lifecycle,
  metrics,
  logger: createLogger("info", { write: (line: string) => void lines.push(JSON.parse(line)) }),
  usageCounts: {
    note: (...of: unknown[]) => void counted.push(of),
    count: (...of: unknown[]) => void counted.push(of),
    write: () => void counted.push("written"),
  },
  images: {
    hold(data: Uint8Array, cut: () => void) {
      const holding = { bytes: data.length, isHeld: true, cut };
      held.push(holding);
      return () => {
        holding.isHeld = false;
      };
    },
  },
  rememberedAnswers: {
    recall({ target: asked }) {
      if (asked === "/demo/broken") throw new Error("the disk is gone");
      const bytes = { [target]: picture, "/demo/large": large }[asked];
      return bytes && { accountId: "the account", headers: { "content-type": "image/jpeg", etag: '"1"' }, bytes };
    },
  },
};

/** Requests without a quick answer are answered 418. */
const quick = quickAnswers(needs, new AnswersUnderWay());
const server = createServer({ requireHostHeader: false, maxHeaderSize: 4 * config.limits.headerBytes });
for (const event of ["request", "checkContinue", "checkExpectation"]) {
  server.on(event, (request: IncomingMessage, reply: ServerResponse) => {
    if (!quick.answer(request, reply)) reply.writeHead(418).end("not quickly");
  });
}
let port = 0;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  lines.length = 0;
  counted.length = 0;
  held.length = 0;
});

async function ask(path: string, headers: IncomingHttpHeaders = {}, method = "GET", body = "") {
  const sent = send({ port, host: "127.0.0.1", path, method, headers, agent: false });
  sent.end(body);
  const [answer] = await once(sent, "response");
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** Sends bytes as they are. Resolves with all that is answered until the connection ends. */
async function sendRaw(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

test("a remembered answer is sent with the headers that every delivery has, counted and logged", async () => {
  const { status, headers, body } = await ask(target, { "x-forwarded-for": "203.0.113.7" });
  expect([status, body]).toEqual([200, "the picture"]);
  const id = headers["x-request-id"];
  expect(headers).toMatchObject({
    "content-type": "image/jpeg",
    "content-length": "11",
    etag: '"1"',
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    "x-ik-requestid": id,
  });
  expect(counted).toEqual([
    [{ accountId: "the account", status: 200, type: "image/jpeg" }, 1, 11],
    ["the account", { kind: "cache", name: "hit" }],
    "written",
  ]);
  await expect
    .poll(() => lines)
    .toEqual([
      {
        level: 30,
        time: expect.any(Number),
        reqId: id,
        req: { method: "GET", path: target, ip: "203.0.113.7" },
        res: { statusCode: 200 },
        ms: expect.any(Number),
        msg: "answered",
      },
    ]);
  expect((await metrics.registry.metrics()).replaceAll("\n", " ")).toContain(
    'sluice_http_requests_total{route="/_sluice/delivery",status="200"} 1',
  );
});

test.each([
  ["HEAD", {}, "HEAD", ""],
  ["a body", { "content-length": "2" }, "GET", "{}"],
  ["a client that waits to be asked for its body", { expect: "100-continue" }, "GET", ""],
  ["an expectation that nobody knows", { expect: "magic" }, "GET", ""],
  ["the console's host", { host: "Console.example.com" }, "GET", ""],
  ["a host that a proxy names", { "x-forwarded-host": "console.example.com" }, "GET", ""],
  ["headers beyond the limit", { cookie: "a".repeat(config.limits.headerBytes) }, "GET", ""],
] as const)("%s is left to the framework", async (_name, headers, method, body) => {
  expect((await ask(target, headers, method, body)).status).toBe(418);
  expect(counted).toEqual([]);
});

test.each([
  ["two hosts", "Host: a\r\nHost: b\r\n"],
  ["no host", ""],
])("%s is left to the framework", async (_name, hosts) => {
  const answer = await sendRaw(`GET ${target} HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 418 /);
});

test("a database that can't be read, and a server that leaves, are the framework's as well", async () => {
  expect((await ask("/demo/broken")).status).toBe(418);
  lifecycle.connections = "leaving";
  expect((await ask(target)).status).toBe(418);
  lifecycle.connections = "kept";
});

test("requests in a pipeline are answered in their order, each of them whole", async () => {
  const one = `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const other = `GET /demo/unknown HTTP/1.1\r\nHost: a\r\n\r\n`;
  const answer = await sendRaw(one + other + one + one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  expect(answer.match(/HTTP\/1\.1 \d+|the picture|not quickly/g)).toEqual([
    ...["HTTP/1.1 200", "the picture", "HTTP/1.1 418", "not quickly"],
    ...["HTTP/1.1 200", "the picture", "HTTP/1.1 200", "the picture"],
  ]);
});

test("requests that come together are counted together, before the first of them is answered", async () => {
  const one = `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
  await sendRaw(one + one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  const delivered = [expect.objectContaining({ accountId: "the account" }), 1, picture.length];
  const hit = ["the account", { kind: "cache", name: "hit" }];
  expect(counted).toEqual([delivered, hit, delivered, hit, "written"]);
});

test("a client that leaves before its answer is sent is neither counted nor logged", async () => {
  server.once("request", (_request, reply: ServerResponse) => reply.destroy());
  const sent = send({ port, host: "127.0.0.1", path: target, agent: false }).end();
  await expect(once(sent, "response")).rejects.toThrow();
  expect((await ask(target)).status).toBe(200);
  await expect.poll(() => lines.length).toBe(1);
  expect(counted.filter(Array.isArray)).toHaveLength(2);
});

test("an answer that its client takes slowly is held until it is out, and logged then", async () => {
  const sent = send({ port, host: "127.0.0.1", path: "/demo/large", agent: false }).end();
  const [answer] = await once(sent, "response");
  await expect.poll(() => held).toMatchObject([{ bytes: large.length, isHeld: true }]);
  expect(lines).toEqual([]);
  expect((await buffer(answer)).length).toBe(large.length);
  await expect.poll(() => held).toMatchObject([{ isHeld: false }]);
  await expect.poll(() => lines.length).toBe(1);
});

test("a client that left before its address was read is logged without one", async () => {
  server.once("connection", (socket) => Object.defineProperty(socket, "remoteAddress", { value: undefined }));
  expect((await ask(target)).status).toBe(200);
  await expect.poll(() => lines).toMatchObject([{ req: { path: target } }]);
  expect(lines).not.toMatchObject([{ req: { ip: expect.anything() } }]);
});

test("a client that is cut off is logged, and nothing is held for it any longer", async () => {
  const sent = send({ port, host: "127.0.0.1", path: "/demo/large", agent: false }).end();
  const [answer] = await once(sent, "response");
  answer.on("error", () => undefined);
  await expect.poll(() => held.length).toBe(1);
  held[0]?.cut();
  await expect.poll(() => held).toMatchObject([{ isHeld: false }]);
  await expect.poll(() => lines.length).toBe(1);
  sent.destroy();
});
