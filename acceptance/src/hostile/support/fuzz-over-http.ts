import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect } from "vitest";
import { png } from "../../harness/samples.ts";
import type { RunningServer } from "../../harness/server.ts";
import { uploadBasic } from "../../harness/upload.ts";
import type { HostileRequest } from "./hostile-request.ts";
import { hostileRequest } from "./hostile-requests.ts";
import { pictureName } from "./picture-requests.ts";

/** The seed of every run unless SLUICE_FUZZ_SEED says otherwise: a number, or `random` for new ground. */
export function chooseSeed(environment = process.env.SLUICE_FUZZ_SEED): number {
  if (environment === undefined || environment === "") return 20_260_501;
  return environment === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(environment);
}

/** Long enough for a busy machine, but far shorter than any of the server's own limits. */
const patienceMs = 10_000;

const lanes = 4;

export interface HttpFuzz {
  /** Sends `numRuns` requests over kept-alive connections. The same seed sends the same requests. */
  run(seed: number, numRuns: number): Promise<void>;
  close(): void;
}

/** Prepares requests of any shape. Each must get an answer in time that a client can use. */
export async function fuzzOverHttp(server: RunningServer): Promise<HttpFuzz> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const seeds = ["a.jpg", "b.txt"].map((fileName) =>
    uploadBasic(server.url, "hello", { fileName, useUniqueFileName: "false" }),
  );
  await uploadBasic(server.url, await png(30, 20, { alpha: true }), {
    fileName: pictureName,
    useUniqueFileName: "false",
  });
  const fileIds = (await Promise.all(seeds)).map(({ body }) => body.fileId as string);
  const requests = hostileRequest(fileIds);
  return {
    async run(seed, numRuns) {
      const property = fc.asyncProperty(requests, (sent) => send(server.url, agent, sent));
      // Each lane has its own requests. The lanes run at the same time, so they also test concurrency.
      const batches = Array.from({ length: lanes }, (_, lane) =>
        fc.assert(property, { seed: seed * lanes + lane, numRuns: Math.ceil(numRuns / lanes) }),
      );
      await Promise.all(batches);
    },
    close: () => agent.destroy(),
  };
}

async function send(url: string, agent: Agent, sent: HostileRequest): Promise<void> {
  const { hostname, port } = new URL(url);
  const { method, target: path, body } = sent;
  const framing =
    body === undefined ? {} : sent.chunked ? { "transfer-encoding": "chunked" } : { "content-length": body.length };
  const signal = AbortSignal.timeout(patienceMs);
  const outgoing = request({ hostname, port, method, path, agent, signal, headers: { ...sent.headers, ...framing } });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  const bytes = await buffer(answer);
  const status = answer.statusCode ?? 0;
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(answer.headers["x-request-id"]).toEqual(expect.any(String));
  const isJson = answer.headers["content-type"]?.startsWith("application/json") === true;
  if (bytes.length > 0 && /^\/(?:api|v1)\//.test(path)) expect(isJson).toBe(true);
  if (bytes.length > 0 && isJson && status >= 400)
    expect(JSON.parse(bytes.toString()).message).toEqual(expect.any(String));
}
