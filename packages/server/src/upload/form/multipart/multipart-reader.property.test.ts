import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBoundary } from "./header-value.ts";
import { MultipartError, type MultipartLimits } from "./multipart-error.ts";
import { readParts } from "./multipart-reader.ts";

interface Entry {
  name: string;
  filename: string | undefined;
  contentType: string | undefined;
  body: string;
}

/** Cuts bytes into chunks of the given sizes, which are used over and over. Without sizes all bytes are one chunk. */
async function* chop(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Returns the parts up to the end or the first error, with bodies in latin1. */
async function parse(
  bytes: Uint8Array,
  boundary: string,
  sizes: readonly number[],
  limits?: Partial<MultipartLimits>,
): Promise<{ entries: Entry[]; error?: string }> {
  const entries: Entry[] = [];
  try {
    for await (const { name, filename, contentType, body } of readParts(chop(bytes, sizes), boundary, limits)) {
      const entry: Entry = { name, filename, contentType, body: "" };
      entries.push(entry);
      for await (const slice of body) entry.body += slice.toString("latin1");
    }
    return { entries };
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    return { entries, error: error.code };
  }
}

const sizes = fc.oneof(
  fc.constant([]),
  fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }).map((all) => [...all, 1]),
);

test("any form that the platform encodes is read back, wherever its chunks are cut", async () => {
  // Node leaves out an empty file name. Excluded: NUL, which is refused in headers, and backslashes, which browsers
  // leave bare and others use as escapes.
  const name = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !/[\0\\]/.test(text));
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .array(fc.constantFrom("\r\n", "\r", "\n", "--", "-", "x"), { maxLength: 60 })
      .map((all) => Buffer.from(all.join(""))),
  );
  const field = fc.record({ name, value: fc.string({ unit: "binary", maxLength: 80 }) });
  const file = fc.record({
    name,
    filename: name,
    type: fc.constantFrom("image/jpeg", "text/plain;charset=utf-8", ""),
    content,
  });
  const breakLines = (text: string) => text.toWellFormed().replaceAll(/\r\n?|\n/g, "\r\n");

  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(field, file), { maxLength: 8 }), sizes, async (parts, cuts) => {
      const form = new FormData();
      for (const part of parts) {
        if ("value" in part) form.append(part.name, part.value);
        else form.append(part.name, new Blob([Uint8Array.from(part.content)], { type: part.type }), part.filename);
      }
      const encoded = new Response(form);
      const boundary = parseBoundary(encoded.headers.get("content-type") ?? undefined) ?? "";

      expect(await parse(await encoded.bytes(), boundary, cuts)).toEqual({
        entries: parts.map((part) => ({
          name: breakLines(part.name),
          filename: "value" in part ? undefined : part.filename.toWellFormed() || undefined,
          contentType: "value" in part ? undefined : part.type || "application/octet-stream",
          body: Buffer.from("value" in part ? breakLines(part.value) : part.content).toString("latin1"),
        })),
      });
    }),
    { numRuns: 300 },
  );
});

test("what is found never depends on where chunks are cut, and nothing but a MultipartError is thrown", async () => {
  const headers = 'Content-Disposition: form-data; name="a"';
  const piece = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom("\r\n--b\r\n", `\r\n--b\r\n${headers}\r\n\r\n`, "\r\n--b--", "\r\n\r\n", headers),
    },
    { weight: 5, arbitrary: fc.constantFrom("\r\n", "\r", "\n", "--", "-", "b", "--b", " ", "\t", ":", '"', "x") },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  );
  const soup = fc
    .tuple(fc.constantFrom("", `--b\r\n${headers}\r\n\r\n`), fc.array(piece, { maxLength: 40 }))
    .map(([start, pieces]) => Buffer.from(start + pieces.join(""), "latin1"));
  const garbage = fc.uint8Array({ maxLength: 500 });
  const limits = { parts: 3, headerBytes: 60, preambleBytes: 20, epilogueBytes: 20 };

  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 9, arbitrary: soup }, { weight: 1, arbitrary: garbage }),
      sizes,
      async (bytes, cuts) => {
        expect(await parse(bytes, "b", cuts, limits)).toEqual(await parse(bytes, "b", [], limits));
      },
    ),
    { numRuns: 3_000 },
  );
});

describe("a hostile body", () => {
  const boundary = "a".repeat(70);
  const start = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\n`);
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = 8 * 2 ** 20;

  async function bodyBytes(source: AsyncIterator<Uint8Array>): Promise<number> {
    let total = 0;
    for await (const part of readParts(source, boundary)) {
      for await (const bytes of part.body) total += bytes.length;
    }
    return total;
  }

  test.each([
    ["short near-matches", "\r\n--"],
    ["CRs", "\r"],
    ["line breaks", "\r\n"],
    ["LFs", "\n"],
    ["hyphens", "-"],
    ["the boundary's character", "a"],
    ["near-matches that lack their last character", `\r\n--${boundary.slice(1)}`],
    ["near-matches that lack their first character", `\n--${boundary}`],
    ["near-matches with one wrong character", `\r\n--${boundary.slice(1)}b`],
    ["boundaries in the middle of a line", `x--${boundary}`],
  ])("of 8 MB of %s is read in linear time", async (_, filler) => {
    const body = Buffer.alloc(length, filler);
    const started = performance.now();
    expect(await bodyBytes(chop(Buffer.concat([start, body, end]), [65_536]))).toBe(length);
    expect(await bodyBytes(chop(Buffer.concat([start, body, end]), [71]))).toBe(length);
    // Some 100 ms here; quadratic time would take hours.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test.each([
    ["preamble", "", "x\r\n--"],
    ["blanks after a boundary", `--${boundary}`, " "],
    ["header lines", `--${boundary}\r\n`, "a: b\r\n"],
    ["one header line", `--${boundary}\r\na: `, "\r\r\n\r"],
    ["epilogue", `--${boundary}--\r\n`, "x"],
    ["empty parts", "", `\r\n--${boundary}\r\nContent-Disposition: form-data; name=a\r\n\r\n`],
  ])("of endless %s ends at its limit, byte by byte", async (_, begin, filler) => {
    let bytes = 0;
    async function* endless() {
      for (const byte of Buffer.from(begin)) yield Uint8Array.of(byte);
      for (const cycle = Buffer.from(filler); ; bytes++)
        yield cycle.subarray(bytes % cycle.length, (bytes % cycle.length) + 1);
    }
    await expect(bodyBytes(endless())).rejects.toMatchObject({ code: "LIMIT" });
    expect(bytes).toBeLessThan(20_000);
  });

  test("leaves nothing behind in memory while it passes", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const memory: WeakRef<ArrayBufferLike>[] = [];
    let kept: number | undefined;
    async function* chunks() {
      yield start;
      for (let count = 0; count < 100; count++) {
        const chunk = Buffer.alloc(65_536, `x\r\n--${boundary.slice(1)}`);
        memory.push(new WeakRef(chunk.buffer));
        yield chunk;
      }
      // A weak reference holds until the current turn of the event loop is over.
      await setImmediate();
      collectGarbage();
      kept = memory.filter((reference) => reference.deref() !== undefined).length;
      yield end;
    }
    await bodyBytes(chunks());
    expect(kept).toBeLessThan(4);
  });
});
