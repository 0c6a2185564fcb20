import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { describe, expect, test } from "vitest";
import { type ZipEntry, zipArchive } from "./zip-archive.ts";

const modifiedAt = new Date("2026-01-02T03:04:06Z");

function entry(path: string, content: string | Uint8Array, size = content.length): ZipEntry {
  return { path, size, modifiedAt, open: async () => Readable.from([Buffer.from(content)]) };
}

/** Reads an archive with a program that is not the one that wrote it, checksums included. */
async function unpack(archive: Uint8Array<ArrayBuffer>) {
  const reader = new ZipReader(new Uint8ArrayReader(archive), { checkSignature: true, useWebWorkers: false });
  const found = [];
  for (const one of await reader.getEntries()) {
    if (one.directory) throw new Error(`${one.filename} is a folder`);
    const { filename, uncompressedSize, compressionMethod, filenameUTF8, lastModDate } = one;
    const content = Buffer.from(await one.getData(new Uint8ArrayWriter())).toString();
    found.push({ filename, uncompressedSize, compressionMethod, utf8: filenameUTF8, lastModDate, content });
  }
  return found;
}

describe("an archive", () => {
  test("holds what was put in, stored, with names in UTF-8, and is as long as it said", async () => {
    const { size, body } = zipArchive([entry("a/größe.txt", "one"), entry("leer", ""), entry("b", "x".repeat(2_000))]);
    const bytes = await buffer(body);
    expect(bytes.length).toBe(size);
    const facts = { compressionMethod: 0, utf8: true, lastModDate: modifiedAt };
    expect(await unpack(Uint8Array.from(bytes))).toEqual([
      { ...facts, filename: "a/größe.txt", uncompressedSize: 3, content: "one" },
      { ...facts, filename: "leer", uncompressedSize: 0, content: "" },
      { ...facts, filename: "b", uncompressedSize: 2_000, content: "x".repeat(2_000) },
    ]);
  });

  test.each([1, 49, 50, 51, 700, 2000])("of %i files is as long as it said", async (count) => {
    const long = "n".repeat(1000);
    const files = Array.from({ length: count }, (_, index) => entry(`${index}-${long}`, "x"));
    const { size, body } = zipArchive(files);
    const bytes = await buffer(body);
    expect(bytes.length).toBe(size);
    const reader = new ZipReader(new Uint8ArrayReader(Uint8Array.from(bytes)), { useWebWorkers: false });
    expect(await reader.getEntries()).toHaveLength(count);
  });

  test.each(["../a", "/a", "a/../../b", "C:/a"])("does not take the path %s", (path) => {
    expect(() => zipArchive([entry(path, "x")])).toThrow();
  });

  test.each([
    ["shorter", 5],
    ["longer", 3],
  ])("ends with an error where a file is %s than it was said to be", async (_, size) => {
    await expect(buffer(zipArchive([entry("a", "four", size)]).body)).rejects.toThrow("unexpected number of bytes");
  });

  test("ends with the error of a file that has gone, and opens no further one", async () => {
    const opened: string[] = [];
    const gone = async () => {
      opened.push("gone");
      throw new Error("gone");
    };
    const never = async () => {
      opened.push("never");
      return Readable.from([]);
    };
    const files = [entry("a", "x"), { ...entry("b", "x"), open: gone }, { ...entry("c", ""), open: never }];
    await expect(buffer(zipArchive(files).body)).rejects.toThrow("gone");
    expect(opened).toEqual(["gone"]);
  });

  test("ends with the error of a file that breaks off", async () => {
    const breaking = new Readable({
      read() {
        this.push("x");
        this.destroy(new Error("broken off"));
      },
    });
    const { body } = zipArchive([{ ...entry("a", "xx"), open: async () => breaking }]);
    await expect(buffer(body)).rejects.toThrow("broken off");
  });
});

describe("whoever destroys the body", () => {
  const endless = () => new Readable({ read: () => undefined });

  test("closes the file that is read", async () => {
    const source = endless();
    const { body } = zipArchive([{ ...entry("a", "x"), open: async () => source }, entry("b", "x")]);
    body.resume();
    await expect.poll(() => source.listenerCount("data")).toBeGreaterThan(0);
    body.destroy();
    await expect.poll(() => source.destroyed).toBe(true);
  });

  test("closes a file that is opened only then", async () => {
    const source = endless();
    const opening = Promise.withResolvers<Readable>();
    let told: AbortSignal | undefined;
    const open = (signal: AbortSignal) => {
      told = signal;
      return opening.promise;
    };
    const { body } = zipArchive([{ ...entry("a", "x"), open }]);
    body.destroy();
    await expect.poll(() => told?.aborted).toBe(true);
    opening.resolve(source);
    await expect.poll(() => source.destroyed).toBe(true);
  });
});

test("a slow reader slows the files down", async () => {
  let made = 0;
  const size = 100 * 2 ** 20;
  const piece = Buffer.alloc(2 ** 16);
  const source = new Readable({
    read() {
      made += piece.length;
      this.push(piece);
    },
  });
  const { body } = zipArchive([{ ...entry("a", "x", size), open: async () => source }]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(2 ** 21);
  body.destroy();
});
