import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { outboundRules } from "../../../network/outbound-rules.ts";
import { createSafeAgent } from "../../../network/safe-agent.ts";
import { httpAiProvider } from "./http-ai-provider.ts";

const secret = "whsec_0123456789abcdef";
const never = new AbortController().signal;
const task = {
  id: "0123456789abcdef0123456789abcdef",
  effect: "e-edit",
  prompt: "a hat",
  picture: { data: Buffer.from("png"), width: 3, height: 2 },
} as const;

let server: Server;
let answer: RequestListener;
const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => received.splice(0));

async function make({ aiEffectMs = 5000, signal = never } = {}): Promise<string> {
  const life = new AbortController();
  const agent = createSafeAgent({
    rules: outboundRules({ allowPrivateNetworks: true }),
    connectMs: 1000,
    signal: life.signal,
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/do`;
  const limits = { aiEffectMs, aiEffectAnswerBytes: 10 };
  try {
    return (await httpAiProvider({ url, secret, agent, limits, now: Date.now }).make(task, signal)).toString();
  } finally {
    life.abort();
    await agent.destroy();
  }
}

test("the picture and the words are sent, signed", async () => {
  answer = (_, response) => response.writeHead(200, { "content-type": "image/png" }).end("made");
  expect(await make()).toBe("made");
  const [{ headers, body } = { headers: {}, body: "" }] = received;
  expect(JSON.parse(body)).toEqual({
    id: task.id,
    effect: "e-edit",
    prompt: "a hat",
    picture: { mime: "image/png", width: 3, height: 2, content: Buffer.from("png").toString("base64") },
  });
  const webhook = new Webhook(Buffer.from(secret).toString("base64"));
  expect(webhook.verify(body, headers as Record<string, string>)).toMatchObject({ id: task.id });
  expect(headers["webhook-id"]).toBe(task.id);
});

test("an endpoint that is still at work is asked again, with the same id", async () => {
  answer = (_, response) =>
    received.length < 2
      ? response.writeHead(202, { "retry-after": "0" }).end("{}")
      : response.writeHead(200, { "content-type": "image/webp" }).end("late");
  expect(await make()).toBe("late");
  expect(received.map(({ headers }) => headers["webhook-id"])).toEqual([task.id, task.id]);
});

test.each<[string, RequestListener, string]>([
  ["a refusal", (_, response) => response.writeHead(422).end("{}"), "status 422"],
  ["a redirect", (_, response) => response.writeHead(302, { location: "http://10.0.0.1/" }).end(), "status 302"],
  [
    "JSON",
    (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    "something else than a picture",
  ],
  [
    "a picture that is too large",
    (_, response) => response.writeHead(200, { "content-type": "image/png" }).end("x".repeat(11)),
    "more than 10 bytes",
  ],
])("%s is final", async (_, listener, problem) => {
  answer = listener;
  await expect(make()).rejects.toMatchObject({ name: "AiFailure", message: expect.stringContaining(problem) });
  expect(received).toHaveLength(1);
});

test.each<[string, RequestListener]>([
  ["an answer of 500", (_, response) => response.writeHead(500).end("database at 10.0.0.7 is down")],
  ["too many requests", (_, response) => response.writeHead(429).end()],
  ["a connection that ends", (request) => request.socket.destroy()],
  ["work without an end", (_, response) => response.writeHead(202).end()],
  ["silence", () => undefined],
])("%s is worth another attempt, and names nothing of the endpoint", async (_, listener) => {
  answer = listener;
  const failed = make({ aiEffectMs: 300 });
  await expect(failed).rejects.toMatchObject({ name: "RemoteError", message: expect.not.stringMatching(/127|10\.0/) });
});

test("it ends with its job", async () => {
  answer = () => undefined;
  await expect(make({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: "TimeoutError" });
});
