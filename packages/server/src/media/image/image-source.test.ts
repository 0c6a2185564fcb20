import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readImage } from "./image-source.ts";

const maxBytes = 1000;
const never = new AbortController().signal;
const sourceOf = (size: number, ...chunks: string[]) => ({
  size,
  open: async () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

test("a source is read whole", async () => {
  expect((await readImage(sourceOf(6, "abc", "def"), maxBytes, never)).toString()).toBe("abcdef");
});

test("a source that is too large is not even opened", async () => {
  const source = { size: maxBytes + 1, open: () => Promise.reject(new Error("opened")) };
  await expect(readImage(source, maxBytes, never)).rejects.toMatchObject({ code: "ELIMIT" });
});

test("a source that differs from its record is a fault of the store, and its stream is closed", async () => {
  const stream = Readable.from([Buffer.from("abc"), Buffer.from("def")]);
  await expect(readImage({ size: 4, open: async () => stream }, maxBytes, never)).rejects.toThrow("longer");
  expect(stream.destroyed).toBe(true);
  await expect(readImage(sourceOf(7, "abc", "def"), maxBytes, never)).rejects.toThrow("shorter");
});

test("a source that stalls is left when the signal aborts", async () => {
  const controller = new AbortController();
  const stream = new Readable({ read() {} });
  const reading = readImage({ size: 4, open: async () => stream }, maxBytes, controller.signal);
  controller.abort();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  expect(stream.destroyed).toBe(true);
});

test("is whole in memory, out of many chunks of a file as well, and those of others are left alone", async () => {
  const bytes = randomBytes(300_000);
  const folder = await mkdtemp(join(tmpdir(), "sluice-image-source-"));
  const path = join(folder, "image");
  await writeFile(path, bytes);
  const read = (stream: Readable): Promise<Buffer> =>
    readImage({ size: bytes.length, open: async () => stream }, bytes.length, never);
  expect(bytes.equals(await read(createReadStream(path)))).toBe(true);
  expect(bytes.equals(await read(Readable.from([bytes])))).toBe(true);
  expect(bytes).toHaveLength(300_000);
  await rm(folder, { recursive: true });
});
