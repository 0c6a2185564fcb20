import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { mostSourceBytes, readImage } from "./image-source.ts";

const never = new AbortController().signal;
const sourceOf = (size: number, ...chunks: string[]) => ({
  size,
  open: async () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

test("a source is read whole", async () => {
  expect((await readImage(sourceOf(6, "abc", "def"), never)).toString()).toBe("abcdef");
});

test("a source that is too large is not even opened", async () => {
  const source = { size: mostSourceBytes + 1, open: () => Promise.reject(new Error("opened")) };
  await expect(readImage(source, never)).rejects.toMatchObject({ code: "ELIMIT" });
});

test("a source that differs from its record is a fault of the store, and its stream is closed", async () => {
  const stream = Readable.from([Buffer.from("abc"), Buffer.from("def")]);
  await expect(readImage({ size: 4, open: async () => stream }, never)).rejects.toThrow("longer");
  expect(stream.destroyed).toBe(true);
  await expect(readImage(sourceOf(7, "abc", "def"), never)).rejects.toThrow("shorter");
});

test("a source that stalls is left when the signal aborts", async () => {
  const controller = new AbortController();
  const stream = new Readable({ read() {} });
  const reading = readImage({ size: 4, open: async () => stream }, controller.signal);
  controller.abort();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  expect(stream.destroyed).toBe(true);
});
