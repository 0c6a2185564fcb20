import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { createLogger } from "../../observability/logger.ts";
import { inStage } from "../../observability/request-stages.ts";
import { openBody } from "../request-body.ts";
import { addRequestIds } from "./request-id.ts";
import { logSlowRequests } from "./slow-requests.ts";

const lines: Record<string, unknown>[] = [];
const logger = createLogger("info", { write: (line: string) => void lines.push(JSON.parse(line)) });

let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
  lines.length = 0;
});

function open(slowRequestMs: number): FastifyInstance {
  const opened = Fastify({ genReqId: () => "the id" });
  app = opened;
  addRequestIds(opened);
  logSlowRequests(opened, { slowRequestMs }, logger);
  opened.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
  opened.get("/fast/*", async () => "fast");
  opened.get("/slow/*", async () => {
    await inStage("database", () => sleep(60));
    return "slow";
  });
  opened.post("/json", async () => {
    await sleep(workMs);
    return "read";
  });
  opened.post("/upload", async (asked, reply) => {
    const body = openBody(defaultLimits, asked, reply);
    for await (const chunk of body) expect(chunk.length).toBeGreaterThan(0);
    body.detach();
    await sleep(workMs);
    return "read";
  });
  opened.get("/large", async (_request, reply) => {
    await sleep(workMs);
    return reply.send(Readable.from(Array(64).fill(Buffer.alloc(2 ** 18))));
  });
  return opened;
}

test("a request for which the server took long is one line with its route and its stages, and without its path", async () => {
  const opened = open(50);
  await opened.inject("/fast/a.jpg");
  expect(lines).toEqual([]);
  await opened.inject("/slow/secret.jpg?ik-s=secret");
  expect(lines).toEqual([
    {
      level: 40,
      time: expect.any(Number),
      reqId: "the id",
      method: "GET",
      route: "/slow/*",
      status: 200,
      ms: expect.any(Number),
      stages: expect.objectContaining({ database: expect.any(Number) }),
      msg: "slow request",
    },
  ]);
  expect(lines[0]?.ms).toBeGreaterThanOrEqual(50);
});

test("with 0 nothing is logged", async () => {
  await open(0).inject("/slow/a.jpg");
  expect(lines).toEqual([]);
});

/** Sends a body in two halves, and reads the answer after a pause. @returns the line of the request */
async function askSlowly(method: "GET" | "POST", path: string, type?: string) {
  const opened = open(1);
  await opened.listen({ port: 0, host: "127.0.0.1" });
  const { port } = opened.server.address() as AddressInfo;
  const headers = type === undefined ? {} : { "content-type": type, "content-length": "4" };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request({ method, host: "127.0.0.1", port, path, headers, agent: false }, async (answer) => {
    await sleep(pauseMs);
    answer.resume().on("end", resolve);
  }).on("error", reject);
  if (type === undefined) sent.end();
  else {
    sent.write("12");
    await sleep(pauseMs);
    sent.end("34");
  }
  await promise;
  return lines.map(({ ms, stages }) => ({ ms, ...(stages as object) }) as { ms: number; client: number; send: number });
}

/** The client's time, and the server's. */
const pauseMs = 600;
const workMs = 20;

test.each(["application/json", "application/octet-stream"])(
  "the time in which the client sends its body is not the server's: %s",
  async (type) => {
    const [line] = await askSlowly("POST", type === "application/json" ? "/json" : "/upload", type);
    expect(line?.client).toBeGreaterThanOrEqual(pauseMs - 50);
    expect(line?.ms).toBeLessThan(pauseMs - 50);
  },
);

test("the time in which the client reads its answer is not the server's", async () => {
  const [line] = await askSlowly("GET", "/large");
  expect(line?.send).toBeGreaterThanOrEqual(pauseMs - 50);
  expect(line?.ms).toBeLessThan(pauseMs - 50);
});
