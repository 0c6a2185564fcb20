import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newBlobKey } from "../blob-key.ts";
import type { BlobStore } from "../blob-store.ts";
import {
  boundPartialBlob,
  closePartialBlob,
  openPartialBlob,
  type PartialBlob,
  type PartialBlobs,
  type PartialEntry,
} from "../partial/partial-blobs.ts";
import type { StoreUnderTest } from "./blob-store-conformance.ts";

const MB = 1_000_000;
const MiB = 1024 * 1024;
const never = new AbortController().signal;

export interface PartialStoreUnderTest extends StoreUnderTest {
  /** Opens the same store once more, as another process would. The suite closes it. */
  reopen(): Promise<BlobStore>;
}

/** Tests what the unfinished blobs of every store must do alike. Call it in the store's own test file. */
export function describePartialBlobs(name: string, makeStore: () => Promise<PartialStoreUnderTest>): void {
  describe(`${name} with blobs that arrive in pieces`, () => {
    let made: PartialStoreUnderTest;
    let partial: PartialBlobs;
    let opened: BlobStore[];

    beforeEach(async () => {
      made = await makeStore();
      opened = [made.store];
      partial = made.store.partial;
    });

    afterEach(async () => {
      for (const store of opened) await store.close();
      await made.cleanUp();
    });

    /** Goes on in another process, with nothing but the state as the database keeps it. */
    async function elsewhere(state: PartialBlob): Promise<PartialBlob> {
      const store = await made.reopen();
      opened.push(store);
      partial = store.partial;
      return JSON.parse(JSON.stringify(state));
    }

    async function append(state: PartialBlob, bytes: Uint8Array): Promise<PartialBlob> {
      const appended = await partial.append(state, chunksOf(bytes), never);
      expect(appended.cause).toBeUndefined();
      return appended.state;
    }

    async function completed(state: PartialBlob): Promise<Buffer> {
      const complete = await partial.complete(state);
      expect(complete.size).toBe(state.length);
      if (complete.kind === "file") return readFile(complete.path);
      expect(complete.key).toBe(state.key);
      expect(Math.abs(complete.storedAt - Date.now())).toBeLessThan(60_000);
      return buffer(await made.store.read(complete.key));
    }

    async function entries(): Promise<PartialEntry[]> {
      const found: PartialEntry[] = [];
      for await (const entry of partial.list()) found.push(entry);
      return found;
    }

    async function blobKeys(): Promise<string[]> {
      const found: string[] = [];
      for await (const { key } of made.store.list()) found.push(key);
      return found;
    }

    async function expectNothingLeft({ key }: PartialBlob): Promise<void> {
      expect(await entries()).toEqual([]);
      await made.store.delete(key);
      expect(await blobKeys()).toEqual([]);
      expect(await made.store.removeUnfinished(new Date(Date.now() + 60_000), new Set())).toBe(0);
    }

    test("stores nothing when it begins", async () => {
      const state = partial.begin(5);
      expect(state).toEqual({ key: expect.stringMatching(/^[0-9a-f]{34}$/), length: 5, offset: 0 });
      expect(await entries()).toEqual([]);
    });

    test.each([5, 8 * MiB + 5, 20 * MiB])("tells whether %i bytes of 20 MiB are there", async (size) => {
      const begun = partial.begin(20 * MiB);
      expect(await partial.holds(begun)).toBe(true);
      const state = await append(begun, randomBytes(size));
      expect(await partial.holds(await elsewhere(state))).toBe(true);
      if (size === state.length) {
        await partial.complete(state);
        expect(await partial.holds(state)).toBe(true);
        await made.store.delete(state.key);
      }
      await partial.discard(state);
      expect(await partial.holds(state)).toBe(false);
    });

    test.each([-1, 0.5, Number.NaN, 2 ** 53])("begins no blob of the length %d", (length) => {
      expect(() => partial.begin(length)).toThrow(RangeError);
    });

    test.each([
      [20 * MB, 5 * MB],
      [16 * MiB, 8 * MiB],
      [16 * MiB + 1, 8 * MiB],
      [8 * MiB, 8 * MiB],
      [8 * MiB - 1, 3 * MB],
      [30 * MB, 100 * MB],
      [1, 1],
      [200_000, 65_537],
    ])("puts %i bytes together from pieces of %i, each in another process", async (length, pieceBytes) => {
      const bytes = randomBytes(length);
      let state = partial.begin(length);
      for (let start = 0; start < length; start += pieceBytes) {
        state = await append(await elsewhere(state), bytes.subarray(start, start + pieceBytes));
        expect(state.offset).toBe(Math.min(start + pieceBytes, length));
        expect(await blobKeys()).toEqual([]);
      }
      state = await elsewhere(state);
      expect(bytes.equals(await completed(state))).toBe(true);
      await partial.discard(state);
      await expectNothingLeft(state);
    });

    test.each([
      [1, [1]],
      [8 * MiB, [3 * MiB, 8 * MiB]],
      [8 * MiB + 3, [8 * MiB, 8 * MiB + 3]],
      [16 * MiB, [16 * MiB]],
      [16 * MiB + 5, [5 * MiB, 16 * MiB, 16 * MiB + 5]],
      [24 * MiB, [20 * MiB, 24 * MiB]],
    ])("puts %i bytes together whose number is told later: after %j bytes", async (length, ends) => {
      const bytes = randomBytes(length);
      for (const tellAt of [0, ...ends]) {
        let state = openPartialBlob(partial.begin(24 * MiB));
        let told = false;
        for (const end of [0, ...ends]) {
          if (end > state.offset) state = await append(await elsewhere(state), bytes.subarray(state.offset, end));
          if (!told) await expect(partial.complete(state)).rejects.toThrow(TypeError);
          if (end !== tellAt) continue;
          state = closePartialBlob(state, length);
          told = true;
        }
        state = await elsewhere(state);
        expect(await partial.holds(state)).toBe(true);
        expect(bytes.equals(await completed(state))).toBe(true);
        // A crash may have come before anybody heard of it.
        expect(bytes.equals(await completed(state))).toBe(true);
        await partial.discard(state);
        await expectNothingLeft(state);
      }
    });

    test("takes no more than an open blob may have, and leaves nothing of one that is discarded", async () => {
      const open = openPartialBlob(partial.begin(20 * MiB));
      const bytes = chunksOf(randomBytes(10 * MiB));
      const { state, cause } = await partial.append(boundPartialBlob(open, 9 * MiB), bytes, never);
      expect([state.offset, cause]).toEqual([9 * MiB, expect.any(RangeError)]);
      await partial.discard(state);
      await expectNothingLeft(state);
      // The length that was told is that of one part, while parts were planned for a longer blob.
      const small = await append(openPartialBlob(partial.begin(20 * MiB)), randomBytes(8 * MiB));
      await partial.discard(closePartialBlob(small, 8 * MiB));
      await expectNothingLeft(small);
    });

    test("completes an empty blob", async () => {
      const state = partial.begin(0);
      expect(await completed(state)).toEqual(Buffer.alloc(0));
      expect(await completed(state)).toEqual(Buffer.alloc(0));
      await partial.discard(state);
      await expectNothingLeft(state);
    });

    test("keeps a piece of no bytes as nothing", async () => {
      const state = partial.begin(5);
      expect(await append(state, Buffer.alloc(0))).toBe(state);
      expect((await partial.append(state, chunksOf(Buffer.alloc(0), Buffer.alloc(0)), never)).state).toBe(state);
      expect(await entries()).toEqual([]);
    });

    test("keeps what came before the chunks broke off, and says why they did", async () => {
      const bytes = randomBytes(300_000);
      const reason = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
      const broken = await partial.append(
        partial.begin(bytes.length),
        thenThrow(bytes.subarray(0, 100_001), reason),
        never,
      );
      expect(broken.cause).toBe(reason);
      expect(broken.state.offset).toBe(100_001);
      const state = await append(await elsewhere(broken.state), bytes.subarray(100_001));
      expect(bytes.equals(await completed(state))).toBe(true);
    });

    test("keeps what came before its caller gave up, though the chunks hang", async () => {
      const bytes = randomBytes(300_000);
      const [aborter, reason] = [new AbortController(), new Error("the lease ends")];
      let left = false;
      async function* hanging(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(bytes.subarray(0, 200_000));
        setTimeout(() => aborter.abort(reason), 20);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        left = true;
      }
      const stopped = await partial.append(partial.begin(bytes.length), hanging(), aborter.signal);
      expect(left).toBe(false);
      expect(stopped.cause).toBe(reason);
      expect(stopped.state.offset).toBe(200_000);
      const state = await append(stopped.state, bytes.subarray(200_000));
      expect(bytes.equals(await completed(state))).toBe(true);
    });

    test("takes nothing for a caller who has given up", async () => {
      const [state, reason] = [partial.begin(5), new Error("the lease ends")];
      const stopped = await partial.append(state, chunksOf(Buffer.from("12345")), AbortSignal.abort(reason));
      expect(stopped).toEqual({ state, cause: reason });
      expect(await entries()).toEqual([]);
      await expect(partial.complete(partial.begin(0), AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test("takes no bytes beyond the length", async () => {
      let closed = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield Buffer.from("1234");
        } finally {
          closed = true;
        }
      }
      const { state, cause } = await partial.append(partial.begin(10), endless(), never);
      expect(cause).toBeInstanceOf(RangeError);
      expect(closed).toBe(true);
      expect(state.offset).toBe(10);
      expect((await completed(state)).toString()).toBe("1234123412");
      expect(await partial.append(state, chunksOf(Buffer.alloc(0)), never)).toEqual({ state });
    });

    test("replaces what lies beyond the offset that was recorded", async () => {
      const bytes = randomBytes(20 * MB);
      const first = await append(partial.begin(bytes.length), bytes.subarray(0, 1000));
      await append(await elsewhere(first), randomBytes(12 * MB));
      await append(await elsewhere(first), randomBytes(500));
      const second = await append(await elsewhere(first), bytes.subarray(1000, 9 * MB));
      await append(await elsewhere(second), randomBytes(11 * MB));
      const state = await append(await elsewhere(second), bytes.subarray(9 * MB));
      expect(bytes.equals(await completed(state))).toBe(true);
      await partial.discard(state);
      await expectNothingLeft(state);
    });

    test("gives back what nobody acknowledged, and goes on from there", async () => {
      const bytes = randomBytes(20 * MB);
      for (const acknowledged of [0, 1000, 9 * MB]) {
        const begun = partial.begin(bytes.length);
        const state = acknowledged === 0 ? begun : await append(begun, bytes.subarray(0, acknowledged));
        const beyond = await append(state, randomBytes(10 * MB));
        await partial.giveBack(state, beyond, never);
        await partial.giveBack(state, beyond, never);
        const whole = await append(await elsewhere(state), bytes.subarray(acknowledged));
        expect(bytes.equals(await completed(whole))).toBe(true);
        await partial.discard(whole);
        await expectNothingLeft(whole);
      }
    });

    test("grows many blobs at once", async () => {
      const blobs = Array.from({ length: 12 }, () => randomBytes(300_000));
      const states = await Promise.all(
        blobs.map(async (bytes) => {
          let state = partial.begin(bytes.length);
          for (let start = 0; start < bytes.length; start += 110_000) {
            state = await append(state, bytes.subarray(start, start + 110_000));
          }
          return state;
        }),
      );
      for (const [n, state] of states.entries()) expect(blobs[n]?.equals(await completed(state))).toBe(true);
    });

    test("completes as often as it is asked, and only what is there as a whole", async () => {
      const bytes = randomBytes(9 * MB);
      const half = await append(partial.begin(bytes.length), bytes.subarray(0, 5 * MB));
      await expect(partial.complete(half)).rejects.toThrow(TypeError);
      const state = await append(half, bytes.subarray(5 * MB));
      expect(bytes.equals(await completed(state))).toBe(true);
      expect(bytes.equals(await completed(await elsewhere(state)))).toBe(true);
      await partial.discard(state);
    });

    test("discards a blob in every state, twice too, and leaves a finished blob alone", async () => {
      const bytes = randomBytes(9 * MB);
      for (const sizes of [[], [10], [10, 8_500_000], [9 * MB]]) {
        let state = partial.begin(bytes.length);
        for (const size of sizes) state = await append(state, bytes.subarray(state.offset, size));
        // Another piece came, and its state was lost.
        await append(state, bytes.subarray(state.offset));
        state = await elsewhere(state);
        await partial.discard(state);
        await partial.discard({ key: state.key });
        await expectNothingLeft(state);
      }
      const state = await append(partial.begin(bytes.length), bytes);
      const complete = await partial.complete(state);
      if (complete.kind === "file") await made.store.put(state.key, complete);
      await partial.discard(state);
      await partial.discard(state);
      expect(bytes.equals(await buffer(await made.store.read(state.key)))).toBe(true);
      await expectNothingLeft(state);
    });

    test("says so when the bytes are gone, and makes up nothing in their place", async () => {
      const state = await append(partial.begin(10), Buffer.from("12345"));
      await partial.discard(state);
      const missing = { name: "StorageError", code: "BLOB_MISSING" };
      const whole = await partial.append(state, chunksOf(Buffer.from("67890")), never);
      if (whole.cause === undefined) await expect(partial.complete(whole.state)).rejects.toMatchObject(missing);
      else expect(whole.cause).toMatchObject(missing);
    });

    test("lists each blob that has bytes once", async () => {
      const states = [];
      for (const size of [1, 1000]) {
        const begun = await append(partial.begin(3000), randomBytes(size));
        states.push(await append(begun, randomBytes(size)));
      }
      const found = await entries();
      expect(found.map(({ key }) => key).sort()).toEqual(states.map(({ key }) => key).sort());
      let seen = 0;
      for await (const _ of partial.list()) {
        seen += 1;
        break;
      }
      expect(seen).toBe(1);
    });

    test("takes a million bytes one at a time in bounded time", async () => {
      async function* trickle(): AsyncGenerator<Uint8Array> {
        for (let n = 0; n < MB; n += 1) yield Uint8Array.of(n % 251);
      }
      const { state } = await partial.append(partial.begin(MB), trickle(), never);
      const bytes = await completed(state);
      expect(bytes.every((byte, n) => byte === n % 251)).toBe(true);
    });

    test.each(["", "../../../../etc/passwd", `${newBlobKey()}/`, newBlobKey().slice(1)])(
      "refuses the key %j everywhere",
      async (key) => {
        const state = { key, length: 5, offset: 0 };
        await expect(partial.append(state, chunksOf(Buffer.from("12345")), never)).rejects.toThrow(TypeError);
        await expect(partial.complete({ ...state, offset: 5 })).rejects.toThrow(TypeError);
        await expect(partial.discard(state)).rejects.toThrow(TypeError);
      },
    );

    test("lets go of chunks and signals", async () => {
      const aborter = new AbortController();
      const state = await partial.append(partial.begin(5), chunksOf(Buffer.from("123")), aborter.signal);
      aborter.abort(new Error("too late to matter"));
      await sleep(5);
      expect(state.state.offset).toBe(3);
    });
  });
}

/** Copies, because the store releases the memory of the chunks. */
async function* chunksOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const bytes of pieces) {
    for (let start = 0; start < bytes.length; start += 65_536)
      yield Uint8Array.from(bytes.subarray(start, start + 65_536));
    if (bytes.length === 0) yield bytes;
  }
}

async function* thenThrow(bytes: Uint8Array, reason: Error): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes);
  throw reason;
}
