import { createHash, randomBytes } from "node:crypto";
import { access, mkdtemp, open, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newBlobKey } from "../blob-key.ts";
import type { BlobEntry, BlobStore, BytesSource } from "../blob-store.ts";
import { fileSource } from "./file-source.ts";

export interface StoreUnderTest {
  /** The store, which is empty. */
  readonly store: BlobStore;
  /** Removes what the store has left behind. The suite has closed the store by then. */
  cleanUp(): Promise<void>;
}

const never = new AbortController().signal;

/** Tests what every blob store must do alike. Call it in the store's own test file. */
export function describeBlobStore(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    let spool: string;
    let made: StoreUnderTest;
    let store: BlobStore;

    beforeEach(async () => {
      spool = await mkdtemp(join(tmpdir(), "sluice-blob-source-"));
      made = await makeStore();
      store = made.store;
    });

    afterEach(async () => {
      await store.close();
      await made.cleanUp();
      await rm(spool, { recursive: true });
    });

    const sourceOf = (bytes: Uint8Array) => fileSource(spool, bytes);

    /** The bytes in memory, in two pieces. */
    function bytesSource(bytes: Uint8Array): BytesSource {
      const half = bytes.byteLength >> 1;
      return { chunks: [bytes.subarray(0, half), bytes.subarray(half)], size: bytes.byteLength };
    }

    async function stored(bytes: Uint8Array): Promise<string> {
      const key = newBlobKey();
      await store.put(key, await sourceOf(bytes));
      return key;
    }

    async function bytesOf(key: string): Promise<Buffer> {
      return buffer(await store.read(key));
    }

    async function expectAbsent(key: string): Promise<void> {
      expect(await store.size(key)).toBeUndefined();
      await expect(store.read(key)).rejects.toMatchObject({ name: "StorageError", code: "BLOB_MISSING" });
      expect((await entriesOf(store)).map((entry) => entry.key)).not.toContain(key);
    }

    test.each([0, 1, 65_536, 1_500_000, 12_000_001])("gives back the %i bytes it took", async (size) => {
      const bytes = randomBytes(size);
      const key = await stored(bytes);
      expect(await store.size(key)).toBe(size);
      expect(bytes.equals(await bytesOf(key))).toBe(true);
      const whole = await store.readWhole?.(key, size, never);
      if (whole !== undefined) expect(bytes.equals(whole)).toBe(true);
    });

    test("reads nothing whole that isn't there, has another size, or that nobody waits for", async () => {
      const { readWhole } = store;
      if (readWhole === undefined) return;
      const key = await stored(randomBytes(10));
      await expect(readWhole.call(store, newBlobKey(), 10, never)).rejects.toMatchObject({ code: "BLOB_MISSING" });
      for (const size of [9, 11]) await expect(readWhole.call(store, key, size, never)).rejects.toThrow("10 bytes");
      const reason = new Error("the caller went away");
      await expect(readWhole.call(store, key, 10, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test("leaves the file to its owner, and needs it no more", async () => {
      const source = await sourceOf(Buffer.from("spooled"));
      const key = newBlobKey();
      await store.put(key, source);
      await unlink(source.path);
      expect((await bytesOf(key)).toString()).toBe("spooled");
    });

    test("uses an open handle and leaves closing it to its owner", async () => {
      const { path, size } = await sourceOf(Buffer.from("open"));
      await using handle = await open(path, "r+");
      const key = newBlobKey();
      await store.put(key, { path, size, handle });
      expect((await bytesOf(key)).toString()).toBe("open");
      expect((await handle.stat()).size).toBe(size);
    });

    test.each([0, 1, 65_536, 1_500_000])("gives back the %i bytes it took from memory", async (size) => {
      const bytes = randomBytes(size);
      const key = newBlobKey();
      const source = bytesSource(bytes);
      await store.put(key, source);
      expect(await store.size(key)).toBe(size);
      expect(bytes.equals(await bytesOf(key))).toBe(true);
      expect(Buffer.concat(source.chunks).equals(bytes), "they stay their owner's").toBe(true);
    });

    test("refuses a key that it has, and keeps what is there", async () => {
      const key = await stored(Buffer.from("first"));
      for (const source of [await sourceOf(Buffer.from("second")), bytesSource(Buffer.from("third"))]) {
        await expect(store.put(key, source)).rejects.toMatchObject({ name: "StorageError", code: "BLOB_EXISTS" });
      }
      expect((await bytesOf(key)).toString()).toBe("first");
    });

    test("lets one of many win when all bring the same key", async () => {
      const key = newBlobKey();
      const sources = await Promise.all(
        Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? sourceOf : bytesSource)(Buffer.from(`number ${n}`))),
      );
      const outcomes = await Promise.allSettled(sources.map((source) => store.put(key, source)));
      const winners = outcomes.flatMap((outcome, n) => (outcome.status === "fulfilled" ? [n] : []));
      expect(winners).toHaveLength(1);
      expect((await bytesOf(key)).toString()).toBe(`number ${winners[0]}`);
    });

    test("takes many blobs at once", async () => {
      const blobs = Array.from({ length: 32 }, (_, n) => randomBytes(1000 + n));
      const keys = await Promise.all(blobs.map(stored));
      const read = await Promise.all(keys.map(bytesOf));
      expect(read.every((bytes, n) => blobs[n]?.equals(bytes))).toBe(true);
      expect((await entriesOf(store)).length).toBe(blobs.length);
    });

    test("shows nothing of a file that isn't there", async () => {
      const key = newBlobKey();
      await expect(store.put(key, { path: join(spool, "none"), size: 3 })).rejects.toMatchObject({
        name: "StorageError",
      });
      await expectAbsent(key);
    });

    test("shows nothing of a file that has another size than it was said to have", async () => {
      const key = newBlobKey();
      const { path } = await sourceOf(Buffer.from("four"));
      await expect(store.put(key, { path, size: 3 })).rejects.toMatchObject({ name: "StorageError" });
      await expect(store.put(key, { chunks: [Buffer.from("four")], size: 3 })).rejects.toMatchObject({
        name: "StorageError",
      });
      await expectAbsent(key);
    });

    test("takes nothing once its caller has given up", async () => {
      const reason = new Error("the caller went away");
      const key = newBlobKey();
      for (const source of [await sourceOf(randomBytes(10)), bytesSource(randomBytes(10))]) {
        await expect(store.put(key, source, AbortSignal.abort(reason))).rejects.toBe(reason);
      }
      await expectAbsent(key);
    });

    test.each([
      ["a file", 300_000],
      ["a file", 12_000_000],
      ["memory", 300_000],
    ])("holds all bytes of %s (%i) or nothing when its caller gives up under way", async (from, size) => {
      const bytes = randomBytes(size);
      for (let delay = 0; delay < 12; delay += 1) {
        const key = newBlobKey();
        const aborter = new AbortController();
        const reason = new Error("the caller went away");
        const source = from === "memory" ? bytesSource(bytes) : await sourceOf(bytes);
        const putting = store.put(key, source, aborter.signal).then(
          () => "stored",
          (error: unknown) => error,
        );
        await sleep((delay * size) / 1_200_000);
        aborter.abort(reason);
        if ((await putting) === "stored") expect(bytes.equals(await bytesOf(key))).toBe(true);
        else {
          expect(await putting).toBe(reason);
          await expectAbsent(key);
        }
      }
    });

    test("reads the range it is asked for, both ends included", async () => {
      const bytes = randomBytes(200_000);
      const key = await stored(bytes);
      for (const [start, end] of [
        [0, 0],
        [0, 199_999],
        [199_999, 199_999],
        [65_535, 131_072],
        [150_000, 999_999],
      ] as const) {
        const part = await buffer(await store.read(key, { start, end }));
        expect(part.equals(bytes.subarray(start, end + 1)), `${start} to ${end}`).toBe(true);
      }
    });

    test.each([
      [2, 1],
      [-1, 1],
      [0, Number.NaN],
      [0.5, 1],
    ])("refuses to read from %d to %d", async (start, end) => {
      const key = await stored(randomBytes(10));
      await expect(store.read(key, { start, end })).rejects.toThrow(RangeError);
    });

    test("says so when there is nothing to read", async () => {
      await stored(randomBytes(10));
      await expectAbsent(newBlobKey());
    });

    test("removes nothing of what is whole when it removes what is unfinished", async () => {
      const key = await stored(Buffer.from("whole"));
      expect(await store.removeUnfinished(new Date(Date.now() + 60_000), new Set())).toBe(0);
      expect((await bytesOf(key)).toString()).toBe("whole");
    });

    test("has the content compared with its hash where that is known", async () => {
      const bytes = randomBytes(10_000);
      const sha256 = createHash("sha256").update(bytes).digest();
      const key = newBlobKey();
      await store.put(key, { ...(await sourceOf(bytes)), sha256 });
      expect(bytes.equals(await bytesOf(key))).toBe(true);
    });

    test("reads no faster than it is read from", async () => {
      const key = await stored(randomBytes(12_000_000));
      const stream = await store.read(key);
      await firstChunkOf(stream);
      await sleep(50);
      expect(stream.readableEnded).toBe(false);
      expect(stream.readableLength).toBeLessThan(1_000_000);
      expect(12_000_000 - (await buffer(stream)).length).toBeLessThan(200_000);
    });

    test("starts no reading once its caller has given up", async () => {
      const key = await stored(randomBytes(10));
      const reason = new Error("the caller went away");
      await expect(store.read(key, undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test("stops reading when its caller gives up or lets go", async () => {
      const key = await stored(randomBytes(1_500_000));
      const aborter = new AbortController();
      const aborted = await store.read(key, undefined, aborter.signal);
      await firstChunkOf(aborted);
      aborter.abort();
      await expect(buffer(aborted)).rejects.toMatchObject({ name: "AbortError" });
      expect(aborted.destroyed).toBe(true);

      const abandoned = await store.read(key);
      for await (const _ of abandoned) break;
      expect(abandoned.destroyed).toBe(true);
      const unread = await store.read(key);
      unread.destroy();
      expect(unread.destroyed).toBe(true);
    });

    test("forgets a deleted blob, and minds no second deletion", async () => {
      const [key, other] = [await stored(Buffer.from("gone")), await stored(Buffer.from("kept"))];
      await store.delete(key);
      await expectAbsent(key);
      await store.delete(key);
      await store.delete(newBlobKey());
      expect((await bytesOf(other)).toString()).toBe("kept");
    });

    test("lists every blob with its size and age", async () => {
      expect(await entriesOf(store)).toEqual([]);
      const since = Date.now();
      const keys = await Promise.all(Array.from({ length: 20 }, (_, n) => stored(randomBytes(n))));
      const entries = await entriesOf(store);
      expect(new Map(entries.map(({ key, size }) => [key, size]))).toEqual(new Map(keys.map((key, n) => [key, n])));
      // Clocks of storages are coarse, and not always ours.
      for (const { modifiedAt } of entries) expect(Math.abs(modifiedAt.getTime() - since)).toBeLessThan(60_000);
    });

    test("lists no further than it is read, and not for a caller who has given up", async () => {
      await Promise.all([stored(randomBytes(1)), stored(randomBytes(2))]);
      let seen = 0;
      for await (const _ of store.list()) {
        seen += 1;
        break;
      }
      expect(seen).toBe(1);
      const reason = new Error("the caller went away");
      await expect(entriesOf(store, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test.each([
      "",
      ".",
      "..",
      "../../../../etc/passwd",
      "ab/../../../../../../../../etc/passwd",
      `${newBlobKey()}/`,
      `/${newBlobKey()}`,
      `${newBlobKey()}\0`,
      `${newBlobKey()}\n`,
      newBlobKey().toUpperCase().replace(/^../, "AB"),
      newBlobKey().slice(1),
    ])("refuses the key %j everywhere", async (key) => {
      const source = await sourceOf(Buffer.from("kept"));
      await expect(store.put(key, source)).rejects.toThrow(TypeError);
      await expect(store.size(key)).rejects.toThrow(TypeError);
      await expect(store.read(key)).rejects.toThrow(TypeError);
      await expect(store.delete(key)).rejects.toThrow(TypeError);
      await access(source.path);
    });

    test("is well, and can be closed twice", async () => {
      await store.check();
      await store.close();
    });
  });
}

async function entriesOf(store: BlobStore, signal?: AbortSignal): Promise<BlobEntry[]> {
  const entries: BlobEntry[] = [];
  for await (const entry of store.list(signal)) entries.push(entry);
  return entries;
}

function firstChunkOf(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.once("data", () => {
      stream.pause();
      stream.off("error", reject);
      resolve();
    });
  });
}
