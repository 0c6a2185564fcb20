import { EventEmitter, once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SluiceError } from "@sluice/protocol";
import { afterEach, expect, test } from "vitest";
import { BodyReader, ClientGone, Throughput } from "./body-reader.ts";

const releases: (() => void)[] = [];
afterEach(() => {
  for (const release of releases.splice(0)) release();
});

/** Opens a request. @returns its sending end, and the server's end of it */
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

const patient = { stallMs: 10_000, bytesPerSecond: 0, deadline: Number.POSITIVE_INFINITY };

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
  const reader = new BodyReader(incoming, { ...patient, stallMs: 500 });
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
  const reader = new BodyReader(incoming, { ...patient, deadline: performance.now() + 100 });
  const readAll = async () => {
    while (!(await reader.next()).done);
  };
  await expect(readAll()).rejects.toMatchObject({ reason: "REQUEST_TIMEOUT" });
});

test("a body that makes progress, but less than it should, ends after the time without progress", async () => {
  const { sender, incoming } = await connect();
  const trickle = setInterval(() => sender.write("x"), 10);
  releases.push(() => clearInterval(trickle));
  const reader = new BodyReader(incoming, { ...patient, stallMs: 200, bytesPerSecond: 1000 });
  const started = performance.now();
  const readAll = async () => {
    while (!(await reader.next()).done);
  };
  await expect(readAll()).rejects.toMatchObject({ reason: "REQUEST_TIMEOUT" });
  expect(performance.now() - started).toBeGreaterThan(150);
});

test("a body that was slow is taken when all of it has come", async () => {
  const { sender, incoming } = await connect();
  const reader = new BodyReader(incoming, { ...patient, stallMs: 2000, bytesPerSecond: 1000 });
  setTimeout(() => sender.write("x"), 1200);
  setTimeout(() => sender.end("y"), 2400);
  let text = "";
  for await (const chunk of reader) text += chunk;
  expect(text).toBe("xy");
});

test("a body that comes as fast as it should goes on", async () => {
  const { sender, incoming } = await connect();
  const steady = setInterval(() => sender.write(Buffer.alloc(100)), 10);
  releases.push(() => clearInterval(steady));
  setTimeout(() => clearInterval(steady) ?? sender.end(), 1000);
  const reader = new BodyReader(incoming, { ...patient, stallMs: 900, bytesPerSecond: 1000 });
  let bytes = 0;
  for await (const chunk of reader) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(1000);
});

test("the time in which nothing was asked for is not the client's", async () => {
  const { sender, incoming } = await connect();
  sender.write("x");
  const reader = new BodyReader(incoming, { ...patient, stallMs: 100, bytesPerSecond: 1000 });
  await reader.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sender.end("y");
  expect((await reader.next()).value?.toString()).toBe("y");
});

test("no more than a read of the socket is taken in before it is asked for", async () => {
  const { sender, incoming } = await connect();
  const reader = new BodyReader(incoming, patient);
  sender.end(Buffer.alloc(1024 * 1024));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(incoming.readableFlowing).toBe(false);
  let bytes = 0;
  for await (const chunk of reader) bytes += chunk.length;
  expect(bytes).toBe(1024 * 1024);
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

test("what is read of it, and whether the client is waited for, can be seen from outside", async () => {
  const { sender, incoming } = await connect();
  const reader = new BodyReader(incoming, patient);
  const next = reader.next();
  expect(reader.isAwaited).toBe(true);
  sender.write("hello");
  await next;
  expect(reader.isAwaited).toBe(false);
  expect(reader.bytesRead).toBe(5);
  expect(reader.throughput).toBeGreaterThan(0);
});

test("a body that is stopped ends for whoever reads it, now and next, and the answer can still be sent", async () => {
  const { sender, incoming, reply } = await connect();
  const reader = new BodyReader(incoming, patient);
  const reading = reader.next();
  const refusal = new SluiceError("UPLOAD_GAVE_WAY");
  reader.stop(refusal);
  reader.stop(new SluiceError("SERVER_BUSY"));
  await expect(reading).rejects.toBe(refusal);
  sender.write("hello");
  await expect(reader.next()).rejects.toBe(refusal);
  reader.detach();
  reply.end("sorry");
  const [answer] = (await once(sender, "response")) as [IncomingMessage];
  expect((await answer.toArray()).join("")).toBe("sorry");
});

test("letting go leaves no listener of its own behind", async () => {
  const { incoming } = await connect();
  const before = incoming.listenerCount("data") + incoming.listenerCount("end") + incoming.listenerCount("close");
  new BodyReader(incoming, patient).detach();
  const after = incoming.listenerCount("data") + incoming.listenerCount("end") + incoming.listenerCount("close");
  expect(after).toBe(before);
});

const KiB = 1024;

/** The throughput after some seconds at a steady rate, with bytes every tenth of a second. */
function steady(bytesPerSecond: number, seconds: number): Throughput {
  const throughput = new Throughput();
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    throughput.waited(100);
    throughput.came(bytesPerSecond / 10);
  }
  return throughput;
}

test.each([1, 3, 30])("a client that comes steadily has its throughput after %i s", (seconds) => {
  const throughput = steady(100 * KiB, seconds).after(0);
  expect(throughput).toBeGreaterThan(95 * KiB);
  expect(throughput).toBeLessThan(110 * KiB);
});

test("a client that was never waited for is as fast as can be", () => {
  const throughput = new Throughput();
  throughput.came(1);
  expect(throughput.after(0)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  ["slow", 100 * KiB],
  ["fast", 100 * KiB * KiB],
])("a client that was %s and stands still is slow within some seconds", (_, bytesPerSecond) => {
  const throughput = steady(bytesPerSecond, 10);
  expect(throughput.after(200)).toBeGreaterThan(64 * KiB);
  expect(throughput.after(6000)).toBeLessThan(64 * KiB);
});

test("a pause of a second does not make a good client slow", () => {
  const throughput = steady(256 * KiB, 5);
  expect(throughput.after(1000)).toBeGreaterThan(64 * KiB);
});

test("what fades while it is waited is what has faded then", () => {
  const [first, second] = [steady(100 * KiB, 2), steady(100 * KiB, 2)];
  second.waited(700);
  expect(second.after(300)).toBeCloseTo(first.after(1000));
});
