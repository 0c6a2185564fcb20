import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { outboundRules } from "../network/outbound-rules.ts";
import { WebhookSender } from "./webhook-sender.ts";

const never = new AbortController().signal;
let receivers: Server[] = [];
let senders: WebhookSender[] = [];

afterEach(async () => {
  for (const sender of senders) await sender.close();
  for (const receiver of receivers) {
    receiver.closeAllConnections();
    receiver.close();
  }
  [receivers, senders] = [[], []];
});

async function receive(listener: RequestListener): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const receiver = createServer(listener).on("connection", () => connections++);
  receivers.push(receiver);
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, connections: () => connections };
}

function openSender(options: { allowPrivateNetworks?: boolean; limitMs?: number } = {}): WebhookSender {
  const rules = outboundRules({ allowPrivateNetworks: options.allowPrivateNetworks ?? true });
  const sender = new WebhookSender(rules, () => 1_767_225_600_000, options.limitMs);
  senders.push(sender);
  return sender;
}

const webhookTo = (url: string) => ({ url, id: "evt_1", payload: '{"é":1}', secrets: ["whsec_secret-for-tests"] });

test("posts the payload byte for byte with both signatures, over connections that stay open", async () => {
  const bodies: Buffer[] = [];
  let headers: NodeJS.Dict<string | string[]> = {};
  const { url, connections } = await receive((request, response) => {
    headers = request.headers;
    request.on("data", (chunk) => bodies.push(chunk)).on("end", () => response.writeHead(204).end());
  });
  const sender = openSender();
  for (let time = 0; time < 10; time++) {
    expect(await sender.send(webhookTo(url), never)).toMatchObject({ status: 204, error: null, excerpt: null });
  }
  expect(Buffer.concat(bodies).toString()).toBe('{"é":1}'.repeat(10));
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "webhook-id": "evt_1",
    "webhook-timestamp": "1767225600",
    "webhook-signature": expect.stringMatching(/^v1,/),
    "x-ik-signature": expect.stringMatching(/^t=1767225600000,v1=[0-9a-f]{64}$/),
  });
  expect(connections()).toBeLessThanOrEqual(2);
});

test.each([301, 302, 307, 400, 410, 429, 500, 503])("an answer with the status %i is no delivery", async (status) => {
  const { url } = await receive((_request, response) => response.writeHead(status, { location: "/elsewhere" }).end());
  const exchange = await openSender().send(webhookTo(url), never);
  expect(exchange).toMatchObject({ status, error: `Its server answered with the status ${status}.` });
});

test("of an answer no more is read and kept than how it begins", async () => {
  let sent = 0;
  const { url } = await receive((_request, response) => {
    const more = (): void => {
      sent += 16_384;
      if (!response.destroyed) response.write("\u001b[2J\nx".padEnd(16_384, "y"), () => setImmediate(more));
    };
    more();
  });
  const { error, excerpt } = await openSender().send(webhookTo(url), never);
  expect({ error, length: excerpt?.length }).toEqual({ error: null, length: 200 });
  expect(excerpt).toMatch(/^\[2J x/);
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});

test("a receiver that doesn't answer, or not to its end, has so long for all of it", async () => {
  for (const listener of [
    () => undefined,
    (_request, response) => void response.write("and so"),
  ] satisfies RequestListener[]) {
    const { url } = await receive(listener);
    const { error, durationMs } = await openSender({ limitMs: 200 }).send(webhookTo(url), never);
    expect(error).toBe("Its server took longer than 0.2 seconds.");
    expect(durationMs).toBeLessThan(5000);
  }
});

test("the time counts while the receiver's name is looked up, and nothing is sent after it", async () => {
  const resolved = Promise.withResolvers<[{ address: string; family: number }]>();
  let requests = 0;
  const { url, connections } = await receive((_request, response) => {
    requests += 1;
    response.end();
  });
  const sender = new WebhookSender({ mayConnect: () => true, resolve: () => resolved.promise }, Date.now, 100);
  senders.push(sender);
  const { error, durationMs } = await sender.send(webhookTo(url.replace("127.0.0.1", "slow.test")), never);
  expect(error).toBe("Its server took longer than 0.1 seconds.");
  expect(durationMs).toBeLessThan(5000);
  resolved.resolve([{ address: "127.0.0.1", family: 4 }]);
  await expect.poll(connections).toBe(1);
  expect(await openSender().send(webhookTo(url), never)).toMatchObject({ status: 200 });
  expect(requests).toBe(1);
});

test("what comes before the answer itself is none", async () => {
  const { url } = await receive((_request, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    response.writeHead(500).end("no");
  });
  expect(await openSender().send(webhookTo(url), never)).toMatchObject({ status: 500, excerpt: "no" });
});

test("what can't be reached is told of without the address", async () => {
  const { url } = await receive((request) => request.destroy());
  expect((await openSender().send(webhookTo(url), never)).error).toBe(
    "Its server closed the connection before it had answered.",
  );
  const [receiver] = receivers;
  await new Promise((resolve) => receiver?.close(resolve));
  expect((await openSender().send(webhookTo(url), never)).error).toBe("Its server refused the connection.");
});

test.each([
  "http://127.0.0.1:9/",
  "http://[::1]:9/",
  "http://2130706433/",
  "http://localhost:9/",
  "http://169.254.169.254/",
])("%s is not connected to unless private networks are allowed", async (url) => {
  const { status, error } = await openSender({ allowPrivateNetworks: false }).send(webhookTo(url), never);
  expect(status).toBeNull();
  expect(error).toMatch(/not public/);
});

test("a process that ends cuts off what is under way", async () => {
  const { url } = await receive(() => undefined);
  const ending = new AbortController();
  const sending = openSender().send(webhookTo(url), ending.signal);
  setTimeout(() => ending.abort(new Error("the process ends")), 50);
  await expect(sending).rejects.toThrow("the process ends");
});
