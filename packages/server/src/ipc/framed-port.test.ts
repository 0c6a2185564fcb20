import { Duplex, duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { FramedPort } from "./framed-port.ts";
import { cloneFormat, jsonFormat, type MessageFormat } from "./message-formats.ts";

const bounds = { headBytes: 1000, bytes: 1_000_000 };

/** One end of a channel, and what came out of it. */
function openEnd(stream: Duplex, reads: MessageFormat, writes: MessageFormat) {
  const messages: unknown[] = [];
  const violations: string[] = [];
  let disconnects = 0;
  const port = new FramedPort(stream, {
    reads,
    writes,
    bounds,
    onViolation: ({ message }) => violations.push(message),
  });
  port.on("message", (message) => messages.push(message));
  port.on("disconnect", () => {
    disconnects += 1;
  });
  return { port, messages, violations, disconnects: () => disconnects };
}

function openPair() {
  const [near, far] = duplexPair();
  return { near: openEnd(near, jsonFormat, cloneFormat), far: openEnd(far, cloneFormat, jsonFormat) };
}

/** One end, and the bare stream of the other. */
function openAlone() {
  const [near, far] = duplexPair();
  return { near: openEnd(near, jsonFormat, cloneFormat), far };
}

function frame(head: string | Uint8Array, bytes: Uint8Array = Buffer.alloc(0)): Buffer {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(head.length, 0);
  sizes.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([sizes, Buffer.from(head as string), bytes]);
}

const ignore = (): void => undefined;

test("messages go both ways, one with all that can be cloned, and one with pieces of bytes", async () => {
  const { near, far } = openPair();
  const task = { files: new Map([["a", new Uint8Array([0, 255])]]), time: Number.POSITIVE_INFINITY, none: undefined };
  const data = Buffer.alloc(3000, 7);
  near.port.send(task, ignore);
  const blocks = { exif: Buffer.from("Exif"), none: Buffer.alloc(0), icc: new Uint8Array([1, 2]) };
  far.port.send({ id: 1, output: { value: { data, width: 3 } } }, ignore);
  far.port.send({ id: 3, output: { value: { blocks } } }, ignore);
  far.port.send({ id: 2, output: undefined, list: [1, "ä", null] }, ignore);
  await expect.poll(() => near.messages).toHaveLength(3);
  expect(far.messages).toEqual([task]);
  expect(near.messages).toEqual([
    { id: 1, output: { value: { data, width: 3 } } },
    { id: 3, output: { value: { blocks: { ...blocks, icc: Buffer.from([1, 2]) } } } },
    { id: 2, list: [1, "ä", null] },
  ]);
});

test("messages are whole, wherever the stream is cut", async () => {
  const { near, far } = openAlone();
  const sent = Buffer.concat([frame('{"a":1}'), frame('{"b":{"$bytes":[0,3]}}', Buffer.from("xyz")), frame("[]")]);
  for (const byte of sent) far.write(Buffer.from([byte]));
  await expect.poll(() => near.messages).toHaveLength(3);
  far.write(sent);
  await expect.poll(() => near.messages).toHaveLength(6);
  expect(near.messages.slice(0, 3)).toEqual([{ a: 1 }, { b: Buffer.from("xyz") }, []]);
  expect(near.messages.slice(3)).toEqual(near.messages.slice(0, 3));
});

test.each([
  ["a head that is too large", Buffer.from([0xe9, 3, 0, 0, 0, 0, 0, 0])],
  ["more bytes than are taken", Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])],
  ["no JSON", frame("{")],
  ["a message in the format of Node's own channel", frame(cloneFormat.pack({ cmd: "NODE_HANDLE_ACK" }).head)],
  ["nothing", frame("")],
  ["a piece of bytes that isn't there", frame('{"$bytes":[1,3]}', Buffer.from("xyz"))],
  ["a piece of bytes before the first", frame('{"$bytes":[-1,2]}', Buffer.from("xyz"))],
  ["a piece of bytes without a place", frame('{"$bytes":true}', Buffer.from("xyz"))],
])("%s is a violation, and nothing is read after it", async (_, sent) => {
  const { near, far } = openAlone();
  far.write(Buffer.concat([frame("{}"), sent, frame("{}")]));
  await expect.poll(near.disconnects).toBe(1);
  expect(near.violations).toHaveLength(1);
  expect(near.messages).toEqual([{}]);
  expect(near.port.isClosed).toBe(true);
});

test("more messages than are allowed are a violation", async () => {
  const { near, far } = openAlone();
  near.port.allow(2);
  far.write(Buffer.concat([frame("1"), frame("2")]));
  await expect.poll(() => near.messages).toEqual([1, 2]);
  near.port.allow(1);
  far.write(Buffer.concat([frame("3"), frame("4"), frame("5")]));
  await expect.poll(near.disconnects).toBe(1);
  expect(near.messages).toEqual([1, 2, 3]);
  expect(near.violations).toEqual(["there are too many messages"]);
});

test("an end of the other side is told once, and sending then fails without harm", async () => {
  const { near, far } = openAlone();
  far.destroy();
  await expect.poll(near.disconnects).toBe(1);
  expect(near.violations).toEqual([]);
  const { promise, resolve } = Promise.withResolvers<Error | null>();
  near.port.send({}, resolve);
  expect(await promise).toBeInstanceOf(Error);
  expect(near.disconnects()).toBe(1);
});

test("a port that can't be written to is closed before the sender hears of it", async () => {
  const broken = new Duplex({
    emitClose: false,
    read: ignore,
    write: (_piece, _coding, done) => done(new Error("nobody reads")),
  });
  const { port, disconnects } = openEnd(broken, jsonFormat, cloneFormat);
  const { promise, resolve } = Promise.withResolvers<unknown[]>();
  port.send({}, (error) => resolve([error?.message, port.isClosed, disconnects()]));
  expect(await promise).toEqual(["nobody reads", true, 1]);
});
