import { mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHeader } from "../testing/read-header.ts";
import { inspectMedia } from "./inspect-media.ts";
import type { MediaFacts } from "./media-facts.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-media-"));
  path = join(folder, "spooled");
});
afterAll(() => rm(folder, { recursive: true }));

async function inspect(content: string | Buffer, fileName: string): Promise<MediaFacts> {
  const bytes = Buffer.from(content);
  await writeFile(path, bytes);
  return inspectMedia({ path, size: bytes.length, fileName, readHeader });
}

test("a picture under another picture's name", async () => {
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 4, background: "#c338" } })
    .withMetadata({ orientation: 6 })
    .webp()
    .toBuffer();
  expect(await inspect(bytes, "photo.jpg")).toEqual({
    mime: "image/webp",
    kind: "picture",
    width: 40,
    height: 60,
    orientation: 6,
    hasAlpha: true,
    animated: false,
    pages: 1,
    embeddedMetadata: expect.stringContaining('"Orientation":"Rotate 90 CW"'),
  });
});

/** A WebP of a gigabyte in a store: chunks of 3 MB that hold nothing, one after another. */
function scatteredWebp() {
  const chunkBytes = 3_000_000;
  const size = 330 * chunkBytes;
  const bytesAt = (start: number, end: number) => {
    const bytes = Buffer.alloc(end + 1 - start);
    const put = (text: Buffer, at: number) => text.copy(bytes, Math.max(0, at - start), Math.max(0, start - at));
    const header = Buffer.from("RIFF\0\0\0\0WEBPVP8X\n\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0", "latin1");
    header.writeUInt32LE(size - 8, 4);
    const chunk = Buffer.from("JUNK\0\0\0\0");
    chunk.writeUInt32LE(chunkBytes - 8, 4);
    for (let at = header.length; at <= end; at += chunkBytes) if (at + 8 > start) put(chunk, at);
    if (start < header.length) put(header, 0);
    return bytes;
  };
  let reads = 0;
  const openRange = async ({ start, end }: { readonly start: number; readonly end: number }) => {
    reads += 1;
    return Readable.from([bytesAt(start, end)]);
  };
  return { file: { size, openRange, open: () => Promise.reject(new Error("not whole")) }, reads: () => reads };
}

test("a picture in a store whose parts lie far apart is an image that nothing opens, after a bounded number of reads", async () => {
  const { file, reads } = scatteredWebp();
  expect(await inspectMedia({ ...file, fileName: "a.webp", readHeader })).toEqual({
    mime: "image/webp",
    kind: "picture",
    pages: 2 ** 31 - 1,
  });
  expect(reads()).toBeLessThanOrEqual(256);
});

test("an svg, with and without a size", async () => {
  const svg = { mime: "image/svg+xml", kind: "picture", hasAlpha: true, animated: false };
  expect(await inspect(`<svg viewBox="0 0 30 20"/>`, "a.svg")).toEqual({ ...svg, width: 30, height: 20 });
  expect(await inspect("<svg/>", "a.svg")).toEqual(svg);
});

test("a damaged picture is an image without a size", async () => {
  expect(await inspect(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "a.jpg")).toEqual({
    mime: "image/jpeg",
    kind: "picture",
  });
});

test.each([
  ["a page that calls itself a drawing", "<html><script>alert(1)</script></html>", "a.svg", "text/plain", "other"],
  ["a page that calls itself a picture", "<html><script>alert(1)</script></html>", "a.jpg", "text/plain", "other"],
  ["text with a byte order mark", "\ufeffa,b\n", "a.csv", "text/csv", "other"],
  ["a PDF", "%PDF-1.7\n", "a.jpg", "application/pdf", "document"],
  ["binary that calls itself text", Buffer.from([0, 1, 2]), "a.txt", "application/octet-stream", "other"],
  ["a sound", "ID3\x04\0\0\0\x7f\x7f\x7f", "a.png", "audio/mpeg", "audio"],
  ["a video", "\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "a.png", "video/mp4", "video"],
  ["nothing", "", "a.png", "application/octet-stream", "other"],
] as const)("%s is no picture", async (_, content, fileName, mime, kind) => {
  expect(await inspect(content, fileName)).toEqual({ mime, kind });
});

test("a head at hand changes nothing, and spares the file", async () => {
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } })
    .jpeg()
    .toBuffer();
  const expected = await inspect(bytes, "a.jpg");
  for (const length of [0, 10, 4100]) {
    expect(
      await inspectMedia({ path, size: bytes.length, fileName: "a.jpg", head: bytes.subarray(0, length), readHeader }),
    ).toEqual(expected);
  }
  for (const head of [undefined, bytes.subarray(0, 10), bytes]) {
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7)];
    const asked = { chunks, size: bytes.length, fileName: "a.jpg", readHeader, ...(head && { head }) };
    expect(await inspectMedia(asked)).toEqual(expected);
  }
  const missing = { path: join(folder, "missing"), size: bytes.length, fileName: "a.jpg", readHeader };
  expect(await inspectMedia({ ...missing, head: bytes })).toEqual(expected);
  await expect(inspectMedia(missing)).rejects.toMatchObject({ code: "ENOENT" });
});

/** The number of this process's descriptors that are open on a file. */
async function descriptorsOf(file: string): Promise<number> {
  const targets = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  return (await Promise.all(targets)).filter((target) => target === file).length;
}

test.runIf(process.platform === "linux")("the file is closed again, also when the signal aborts midway", async () => {
  const text = "text\n".repeat(200_000);
  await inspect(text, "a.txt");
  expect(await descriptorsOf(path)).toBe(0);
  const controller = new AbortController();
  const inspecting = inspectMedia({
    path,
    size: text.length,
    fileName: "a.txt",
    readHeader,
    signal: controller.signal,
  });
  controller.abort(new Error("gone"));
  await expect(inspecting).rejects.toThrow("gone");
  expect(await descriptorsOf(path)).toBe(0);
});

test("an aborted signal throws its reason", async () => {
  const signal = AbortSignal.abort(new Error("gone"));
  await expect(inspectMedia({ path, size: 10, fileName: "a", readHeader, signal })).rejects.toThrow("gone");
});

test("whatever the bytes and the name, there is an answer", async () => {
  const content = fc.oneof(fc.uint8Array({ maxLength: 5000 }), fc.string({ unit: "binary", maxLength: 300 }));
  const name = fc.constantFrom("a.svg", "a.html", "a.jpg", "a", "a.txt", "…");
  await fc.assert(
    fc.asyncProperty(content, name, async (bytes, fileName) => {
      expect((await inspect(Buffer.from(bytes as string), fileName)).mime).toMatch(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/);
    }),
  );
});
