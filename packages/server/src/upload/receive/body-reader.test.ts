import { EventEmitter, once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { BodyReader, ClientGone } from "./body-reader.ts";

const releases: (() => void)[] = [];
afterEach(() => {
  for (const release of releases.splice(0)) release();
});

/** A request under way: its sending end, and what the server has of it. */
async function connect() {
  const arrivals = new EventEmitter();
  const server = createServer((incoming, reply) => arrivals.emit("request", incoming, reply));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sender = httpRequest({ port: (server.address() as AddressInfo).port, method: "POST", agent: false });
  sender.on("error", () => undefined);
  sender.flushHeaders();
  releases.push(() => {
    sender.destroy();
    server.closeAllConnections();
    server.close();
  });
  const [incoming, reply] = (await once(arrivals, "request")) as [IncomingMessage, ServerResponse];
  return { sender, incoming, reply };
}

const patient = { stallMs: 10_000, deadline: Number.POSITIVE_INFINITY };

test("it yields what is sent, then ends", async () => {
  const { sender, incoming } = await connect();
  const reader = new BodyReader(incoming, patient);
  sender.write("hello ");
  sender.end("world");
  const chunks: Buffer[] = [];
  for await (const chunk of reader) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("hello world");
});

test("a body that stands still ends with a time-out, and the answer can still be sent", async () => {
  const { sender, incoming, reply } = await connect();
  const reader = new BodyReader(incoming, { ...patient, stallMs: 50 });
  sender.write("hello");
  await reader.next();
  await expect(reader.next()).rejects.toMatchObject({ reason: "REQUEST_TIMEOUT", status: 408 });
  reader.detach();
  reply.end("sorry");
  const [answer] = (await once(sender, "response")) as [IncomingMessage];
  expect((await answer.toArray()).join("")).toBe("sorry");
});

test("a body that trickles past the deadline ends as well", async () => {
  const { sender, incoming } = await connect();
  const trickle = setInterval(() => sender.write("x"), 10);
  releases.push(() => clearInterval(trickle));
  const reader = new BodyReader(incoming, { stallMs: 10_000, deadline: performance.now() + 100 });
  const readAll = async () => {
    while (!(await reader.next()).done);
  };
  await expect(readAll()).rejects.toMatchObject({ reason: "REQUEST_TIMEOUT" });
});

test("a client that goes away is told apart from a body that ends", async () => {
  const { sender, incoming } = await connect();
  const reader = new BodyReader(incoming, patient);
  sender.write("hello");
  await reader.next();
  const next = reader.next();
  sender.destroy();
  await expect(next).rejects.toBeInstanceOf(ClientGone);
});

test("letting go leaves no listener of its own behind", async () => {
  const { incoming } = await connect();
  const before = incoming.listenerCount("readable") + incoming.listenerCount("end") + incoming.listenerCount("close");
  new BodyReader(incoming, patient).detach();
  const after = incoming.listenerCount("readable") + incoming.listenerCount("end") + incoming.listenerCount("close");
  expect(after).toBe(before);
});
