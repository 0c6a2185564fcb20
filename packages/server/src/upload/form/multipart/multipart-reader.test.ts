import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import { MultipartError } from "./multipart-error.ts";
import { type Part, readParts } from "./multipart-reader.ts";

const field = (name: string, body: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${body}\r\n`;
const threeParts = `${field("a", "first")}${field("b", "second")}${field("c", "third")}--b--\r\n`;

/** A source of 8-byte chunks that counts the calls of its methods, and fails after `failAfter` chunks. */
function source(form: string, failAfter = Number.POSITIVE_INFINITY) {
  const asked = { next: 0, return: 0 };
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const at = asked.next++ * 8;
      if (asked.next > failAfter + 1) return { done: true, value: undefined };
      if (asked.next > failAfter) throw new Error("The connection was lost.");
      return at < form.length
        ? { done: false, value: Buffer.from(form.slice(at, at + 8)) }
        : { done: true, value: undefined };
    },
    async return() {
      asked.return++;
      return { done: true, value: undefined };
    },
  };
  return { iterator, asked };
}

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  let all = "";
  for await (const bytes of body) all += bytes.toString();
  return all;
}

async function nextPart(parts: AsyncGenerator<Part>): Promise<Part> {
  const result = await parts.next();
  if (result.done) throw new Error("There are no more parts.");
  return result.value;
}

describe("reading parts", () => {
  test("gives them in order, with their headers and bodies", async () => {
    const seen: unknown[] = [];
    for await (const { name, filename, contentType, body } of readParts(source(threeParts).iterator, "b")) {
      seen.push([name, filename, contentType, await text(body)]);
    }
    expect(seen).toEqual([
      ["a", undefined, undefined, "first"],
      ["b", undefined, undefined, "second"],
      ["c", undefined, undefined, "third"],
    ]);
  });

  test("drops and counts what was left of a body, and says so to whoever still wants it", async () => {
    const parts = readParts(source(field("a", "x".repeat(100)).concat(field("b", "second"), "--b--")).iterator, "b");
    const skipped = await nextPart(parts);
    const { value: begin } = await skipped.body.next();
    const following = await nextPart(parts);

    expect(begin?.length).toBeLessThan(100);
    expect(skipped.body.bytesRead).toBe(100);
    await expect(skipped.body.next()).rejects.toThrow(/discarded/);
    expect(await text(following.body)).toBe("second");
  });

  test("lets a body that was left early be read on", async () => {
    const parts = readParts(source(field("a", "0123456789".repeat(3)).concat("--b--")).iterator, "b");
    const { body } = await nextPart(parts);
    let begin = "";
    for await (const bytes of body) {
      begin = bytes.toString();
      break;
    }
    expect(begin.concat(await text(body))).toBe("0123456789".repeat(3));
    expect(body.bytesRead).toBe(30);
    expect(await body.next()).toEqual({ done: true, value: undefined });
    await body.discard();
    expect(await body.next()).toEqual({ done: true, value: undefined });
    expect((await parts.next()).done).toBe(true);
  });

  test("takes no chunk before it is needed", async () => {
    const { iterator, asked } = source(field("a", "x".repeat(800)).concat("--b--"));
    const parts = readParts(iterator, "b");
    expect(asked.next).toBe(0);
    const { body } = await nextPart(parts);
    const forHeaders = asked.next;
    expect(forHeaders).toBeLessThan(10);
    await body.next();
    await body.next();
    expect(asked.next).toBeLessThanOrEqual(forHeaders + 2);
  });

  test("gives two readers of one body each byte once", async () => {
    const content = Array.from({ length: 40 }, (_, index) => `${index};`).join("");
    const { body } = await nextPart(readParts(source(field("a", content).concat("--b--")).iterator, "b"));
    const pieces: string[] = [];
    const read = async () => {
      for await (const bytes of body) pieces.push(bytes.toString());
    };
    await Promise.all([read(), read()]);
    expect(pieces.join("")).toBe(content);
  });

  test("can be piped into a stream", async () => {
    const { body } = await nextPart(readParts(source(threeParts).iterator, "b"));
    const written: Buffer[] = [];
    await pipeline(body, async (bytes) => {
      for await (const chunk of bytes) written.push(chunk);
    });
    expect(Buffer.concat(written).toString()).toBe("first");
  });

  test("reads to the end of the source, so that the connection can be used again", async () => {
    const { iterator, asked } = source(`${field("a", "1")}--b--\r\n${"e".repeat(100)}`);
    for await (const part of readParts(iterator, "b")) await part.body.discard();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(asked.return).toBe(0);
  });
});

describe("the source stays its owner's", () => {
  test("when the consumer leaves", async () => {
    const { iterator, asked } = source(field("a", "x".repeat(80)).concat(threeParts));
    for await (const part of readParts(iterator, "b")) {
      expect(part.name).toBe("a");
      break;
    }
    const before = asked.next;
    expect(asked.return).toBe(0);
    expect((await iterator.next()).done).toBe(false);
    expect(asked.next).toBe(before + 1);
  });

  test("when the consumer throws, or the form is broken", async () => {
    const { iterator, asked } = source(`${field("a", "1")}--b!`.padEnd(200));
    const consume = async () => {
      for await (const part of readParts(iterator, "b")) await part.body.discard();
    };
    await expect(consume()).rejects.toThrow(MultipartError);
    expect(asked.return).toBe(0);
    expect((await iterator.next()).done).toBe(false);
  });

  test("and a stream is not destroyed", async () => {
    const stream = Readable.from(threeParts.match(/.{1,8}/gs)?.map((chunk) => Buffer.from(chunk)) ?? []);
    for await (const _ of readParts(stream[Symbol.asyncIterator](), "b")) break;
    expect(stream.destroyed).toBe(false);
    stream.destroy();
  });
});

describe("an error", () => {
  test("of the source reaches whoever reads, unchanged and again", async () => {
    const parts = readParts(source(field("a", "x".repeat(100)), 12).iterator, "b");
    const { body } = await nextPart(parts);
    await expect(text(body)).rejects.toThrow("The connection was lost.");
    await expect(body.next()).rejects.toThrow("The connection was lost.");
    await expect(parts.next()).rejects.toThrow("The connection was lost.");
  });

  test("of a form that ends within a body can't be overlooked", async () => {
    const parts = readParts(source(field("a", "x".repeat(100)).slice(0, -2)).iterator, "b");
    const { body } = await nextPart(parts);
    await expect(text(body)).rejects.toMatchObject({ code: "INCOMPLETE" });
    await expect(body.next()).rejects.toMatchObject({ code: "INCOMPLETE" });
    await expect(parts.next()).rejects.toMatchObject({ code: "INCOMPLETE" });
  });

  test("names the limit that was exceeded", async () => {
    const consume = async () => {
      for await (const part of readParts(source(threeParts).iterator, "b", { parts: 2 })) await part.body.discard();
    };
    await expect(consume()).rejects.toMatchObject({ code: "LIMIT", problem: "2 parts" });
  });
});
