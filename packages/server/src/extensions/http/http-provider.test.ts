import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { outboundRules } from "../../network/outbound-rules.ts";
import { createSafeAgent } from "../../network/safe-agent.ts";
import { Spool } from "../../spool/spool.ts";
import { ExtensionFailure, type ExtensionResult, type ExtensionTask } from "../provider.ts";
import { httpProvider } from "./http-provider.ts";

let folder: string;
let spool: Spool;
let server: Server;
let answers: RequestListener;
let life: AbortController;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-extension-"));
  spool = await Spool.open(folder);
  server = createServer((request, response) => answers(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await spool.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  life = new AbortController();
});
afterEach(() => life.abort());

const never = new AbortController().signal;
const task = {
  runId: "0123456789abcdef01234567",
  extension: { name: "remove-bg", options: {} },
  asset: { id: "v", file_id: "f", folder_path: "/", name: "a.png", number: 1, size: 3, mime: "image/png" } as AssetRow,
  awaited: false,
  endpoint: { publicUrl: "https://files.example", imagekitId: "demo" },
  read: () => Promise.reject(new Error("not needed")),
} satisfies ExtensionTask;
Object.assign(task.asset, { file_created_at: 0, folder_moved_at: 0, updated_at: 0, created_at: 0 });
Object.assign(task.asset, {
  tags: null,
  ai_tags: null,
  custom_metadata: null,
  description: null,
  width: null,
  height: null,
  embedded_metadata: null,
});

async function run({ extensionMs = 5000, signal = never } = {}): Promise<ExtensionResult> {
  const limits = { extensionMs, extensionAnswerBytes: 1000 };
  const config = resolveConfig({ maxFileSize: 1000, maxVideoSize: 1000, limits });
  const rules = outboundRules({ allowPrivateNetworks: true });
  const agent = createSafeAgent({ rules, connectMs: 1000, signal: life.signal });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/do`;
  const services = { config, spool, now: Date.now };
  const provider = httpProvider({ url, secret: "whsec_0123456789abcdef", agent, services });
  try {
    return await provider.run(task, async (result) => result, signal);
  } finally {
    await agent.destroy();
  }
}

const finalFailure = (reason: string) => expect.objectContaining({ name: "ExtensionFailure", reason });

test.each<[string, RequestListener]>([
  ["an answer of 500", (_, response) => response.writeHead(500).end("down")],
  ["an answer of 503 with a long page", (_, response) => response.writeHead(503).end("x".repeat(2000))],
  ["too many requests", (_, response) => response.writeHead(429).end()],
  ["a connection that ends", (request) => request.socket.destroy()],
  [
    "an answer that breaks off",
    (_, response) =>
      response
        .writeHead(200, { "content-type": "application/json", "content-length": 9 })
        .write("{}", () => response.destroy()),
  ],
  ["no answer in time", () => undefined],
])("%s is worth another attempt", async (_what, listener) => {
  answers = listener;
  const error = await run({ extensionMs: 1000 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(ExtensionFailure);
});

test("what an endpoint says of its own trouble is told to its operator alone", async () => {
  answers = (_, response) => response.writeHead(503).end('{"message":"connect ECONNREFUSED 10.0.0.5"}');
  await expect(run({ extensionMs: 1000 })).rejects.toMatchObject({
    message: "The extension's endpoint answered with the status 503.",
    cause: { message: "connect ECONNREFUSED 10.0.0.5" },
  });
});

test.each<[string, string, RequestListener]>([
  ["a refusal", "PROVIDER_REFUSED", (_, response) => response.writeHead(422).end('{"message":"No."}')],
  [
    "a redirect",
    "PROVIDER_REFUSED",
    (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
  ],
  [
    "a refusal at length",
    "PROVIDER_REFUSED",
    (_, response) => response.writeHead(422).end(JSON.stringify({ message: "x".repeat(2000) })),
  ],
  ["a page", "ANSWER_INVALID", (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>")],
  [
    "JSON without an end",
    "ANSWER_INVALID",
    (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(`"${"x".repeat(2000)}"`),
  ],
  [
    "a file that is too large",
    "FILE_TOO_LARGE",
    (_, response) => response.writeHead(200, { "content-type": "image/png" }).end(Buffer.alloc(1001)),
  ],
  [
    "a problem that is told as a success",
    "ANSWER_INVALID",
    (_, response) => response.writeHead(200, { "content-type": "application/problem+json" }).end('{"title":"No"}'),
  ],
  ["an empty file", "ANSWER_INVALID", (_, response) => response.writeHead(200, { "content-type": "image/png" }).end()],
])("%s is a failure for good", async (_what, reason, listener) => {
  answers = listener;
  await expect(run()).rejects.toEqual(finalFailure(reason));
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 });
});

test("nothing to say is no failure", async () => {
  answers = (_, response) => response.writeHead(204).end();
  expect(await run()).toEqual({});
});

test("the end of whoever waits is the end of the exchange", async () => {
  answers = () => undefined;
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(new Error("left")), 50);
  await expect(run({ signal: leaving.signal })).rejects.toThrow("left");
});
