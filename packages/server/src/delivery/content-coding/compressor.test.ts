import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { serverParty } from "../../concurrency/fair-line.ts";
import type { Coding } from "../headers/accepted-coding.ts";
import { Compressor } from "./compressor.ts";

const limits = { compressedBytes: 1_000_000, compressions: 1 };
const text = Buffer.from("a text that repeats itself, ".repeat(10_000));
const decoders = { br: brotliDecompressSync, gzip: gunzipSync } as const satisfies Record<Coding, unknown>;
const never = new AbortController().signal;

let compressor = new Compressor(limits);
afterEach(async () => {
  await compressor.close();
  compressor = new Compressor(limits);
});

const source = (bytes: Uint8Array, size = bytes.length) => ({
  size,
  open: async () => Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]),
});

/** A source that gives a few bytes and then hangs. */
function hanging(size = text.length) {
  const file = new Readable({ read() {} });
  file.push(text.subarray(0, 2000));
  return { file, source: { size, open: async () => file } };
}

test.each(["br", "gzip"] as const)("%s holds the same, in far fewer bytes", async (coding) => {
  const coded = await compressor.compress(source(text), coding, never, serverParty);
  expect(coded.length).toBeLessThan(text.length / 50);
  expect(decoders[coding](coded).equals(text)).toBe(true);
});

test("what hardly shrinks comes to nothing", async () => {
  expect(await compressor.compress(source(randomBytes(50_000)), "br", never, serverParty)).toHaveLength(0);
});

test.each([text.length + 1, text.length - 1])("a file that hasn't its length is an error", async (size) => {
  await expect(compressor.compress(source(text, size), "gzip", never, serverParty)).rejects.toThrow("bytes instead of");
});

test("a file that fails is let go of, and makes room", async () => {
  const { file, source: broken } = hanging();
  const failed = expect(compressor.compress(broken, "br", never, serverParty)).rejects.toThrow("EIO");
  await turn();
  file.destroy(new Error("EIO"));
  await failed;
  expect(await compressor.compress(source(text), "br", never, serverParty)).not.toHaveLength(0);
});

test("an abort lets go of the file, and makes room", async () => {
  const controller = new AbortController();
  const { file, source: slow } = hanging();
  const aborted = expect(compressor.compress(slow, "br", controller.signal, serverParty)).rejects.toThrow();
  await turn();
  expect(file.destroyed).toBe(false);
  controller.abort();
  await aborted;
  await expect.poll(() => file.destroyed).toBe(true);
  expect(await compressor.compress(source(text), "gzip", never, serverParty)).not.toHaveLength(0);
});

test("a file that doesn't come keeps others waiting for a second at most", async () => {
  const { file, source: slow } = hanging();
  const first = compressor.compress(slow, "br", never, serverParty).catch(() => undefined);
  await expect(compressor.compress(source(text), "br", never, serverParty)).rejects.toMatchObject({ code: "EBUSY" });
  file.destroy();
  await first;
});

test("closing ends what runs", async () => {
  const { file, source: slow } = hanging();
  const ended = expect(compressor.compress(slow, "br", never, serverParty)).rejects.toMatchObject({ code: "EBUSY" });
  await turn();
  await compressor.close();
  await ended;
  expect(file.destroyed).toBe(true);
});

test("only files of some length and of compressible types are worth it", () => {
  expect(compressor.suits("text/css", 1024)).toBe(true);
  expect(compressor.suits("text/css", 1_000_000)).toBe(true);
  expect(compressor.suits("text/css", 1023)).toBe(false);
  expect(compressor.suits("text/css", 1_000_001)).toBe(false);
  expect(compressor.suits("image/png", 5000)).toBe(false);
  expect(new Compressor({ ...limits, compressedBytes: 0 }).suits("text/css", 5000)).toBe(false);
});
