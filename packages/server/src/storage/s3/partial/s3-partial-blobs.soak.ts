import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, test as base, beforeAll, expect } from "vitest";
import { type Fate, type S3Proxy, startS3Proxy } from "../../../../../../scripts/services/s3-proxy.ts";
import type { StorageLocation } from "../../../config/storage-url.ts";
import { newBlobKey } from "../../blob-key.ts";
import type { BlobStore } from "../../blob-store.ts";
import type { PartialBlob } from "../../partial/partial-blobs.ts";
import { describeOnS3 } from "../../testing/s3-service.ts";
import { openS3BlobStore } from "../s3-blob-store.ts";
import type { S3Limits } from "../s3-limits.ts";
import { progressOf } from "./progress.ts";

const MiB = 1024 * 1024;
const never = new AbortController().signal;

interface Kit {
  readonly proxy: S3Proxy;
  /** The place of the store, which is empty, behind the proxy. */
  readonly location: StorageLocation;
  readonly store: BlobStore;
  /** Opens another store, at the same place unless it is given one. */
  openStore(limits?: Partial<S3Limits>, at?: StorageLocation): Promise<BlobStore>;
  append(state: PartialBlob, bytes: Uint8Array): Promise<PartialBlob>;
  completed(state: PartialBlob): Promise<Buffer>;
  /** @returns the keys of the objects */
  objects(): Promise<string[]>;
  /** @returns the number of the multipart uploads that have not ended */
  uploads(): Promise<number>;
  /** @returns the sizes of the parts of the blob's upload, which has not ended */
  parts(blob: Pick<PartialBlob, "key">): Promise<(number | undefined)[]>;
  /** @returns the requests that the work has made */
  since(work: () => Promise<unknown>): Promise<string[]>;
}

function appendTo(to: BlobStore, state: PartialBlob, bytes: Uint8Array) {
  return to.partial.append(state, chunksOf(bytes), never);
}

describeOnS3("blobs that grow in a bucket", (storage) => {
  /** A client beside the store. */
  let client: S3Client;

  beforeAll(() => {
    const { endpoint = "", region = "" } = storage();
    client = new S3Client({ endpoint, region, forcePathStyle: true });
  });

  afterAll(() => client.destroy());

  // Some of these tests wait for seconds. Each has a store of its own behind a proxy of its own.
  const { concurrent: test } = base.extend<{ kit: Kit }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
    kit: async ({}, use) => {
      const proxy = await startS3Proxy(storage().endpoint ?? "");
      const location = { ...storage(), endpoint: proxy.endpoint };
      const opened: BlobStore[] = [];
      const openStore: Kit["openStore"] = async (limits = {}, at = location) => {
        const times = { shortTotalMs: 5000, idleMs: 1000 };
        // S3's least parts make the tests short.
        const made = await openS3BlobStore(at, { limits: { partialPartBytes: 5 * MiB, ...times, ...limits } });
        opened.push(made);
        return made;
      };
      const store = await openStore();
      await use({
        proxy,
        location,
        store,
        openStore,
        async append(state, bytes) {
          const appended = await appendTo(store, state, bytes);
          expect(appended.cause).toBeUndefined();
          return appended.state;
        },
        async completed(state) {
          const { key } = state;
          expect(await store.partial.complete(state)).toMatchObject({ kind: "stored", key, size: state.length });
          return buffer(await store.read(key));
        },
        async objects() {
          const command = new ListObjectsV2Command({ Bucket: location.bucket, Prefix: location.prefix });
          return ((await client.send(command)).Contents ?? []).map(({ Key = "" }) => Key);
        },
        async uploads() {
          const command = new ListMultipartUploadsCommand({ Bucket: location.bucket, Prefix: location.prefix });
          return ((await client.send(command)).Uploads ?? []).length;
        },
        async parts({ key }) {
          const { bucket: Bucket, prefix } = location;
          const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
          const { Key, UploadId } = Uploads.find((upload) => upload.Key?.endsWith(key)) ?? {};
          const { Parts = [] } = await client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
          return Parts.map(({ Size }) => Size);
        },
        async since(work) {
          const before = proxy.requests.length;
          await work();
          return proxy.requests.slice(before);
        },
      });
      for (const one of opened) await one.close();
      await proxy.close();
    },
  });

  test("a blob of one part is never a multipart upload", async ({
    kit: { store, append, completed, since },
    expect,
  }) => {
    const bytes = randomBytes(5 * MiB);
    const requests = await since(async () => {
      let state = await append(store.partial.begin(bytes.length), bytes.subarray(0, 3 * MiB));
      state = await append(state, bytes.subarray(3 * MiB));
      expect(bytes.equals(await completed(state))).toBe(true);
      await store.partial.discard(state);
    });
    expect(requests.filter((line) => line.includes("upload"))).toEqual([]);
  });

  test("what is given back leaves no tail, no upload of nobody's, and a byte of each part", async ({
    kit: { store, append, objects, uploads, parts },
    expect,
  }) => {
    const begun = store.partial.begin(30 * MiB);
    await store.partial.giveBack(begun, await append(begun, randomBytes(12 * MiB)), never);
    expect([await objects(), await uploads()]).toEqual([[], 0]);
    const state = await append(begun, randomBytes(6 * MiB));
    const tails = await objects();
    await store.partial.giveBack(state, await append(state, randomBytes(11 * MiB)), never);
    expect(await objects()).toEqual(tails);
    expect(await parts(state)).toEqual([5 * MiB, 1, 1]);
    await store.partial.discard(state);
  });

  test("whole parts go straight to the blob's key", async ({ kit: { store, append, completed, since }, expect }) => {
    const bytes = randomBytes(10 * MiB);
    const requests = await since(async () => {
      const state = await append(store.partial.begin(bytes.length), bytes);
      await completed(state);
    });
    expect(requests.map((line) => line.split(" ")[0])).toEqual(["POST", "PUT", "PUT", "GET", "POST", "GET"]);
    expect(requests.filter((line) => line.includes("/partial/"))).toEqual([]);
  });

  test("a lost answer to a part is asked for again, and one to the completion is found to be done", async ({
    kit: { proxy, store, append, completed },
    expect,
  }) => {
    const bytes = randomBytes(5 * MiB + 10);
    for (const line of [/partNumber=1/, /^POST .*uploadId=/]) {
      let lost = 0;
      proxy.judge((request) => (line.test(request) && lost++ === 0 ? "unanswered" : "passed"));
      const state = await append(store.partial.begin(bytes.length), bytes);
      expect(bytes.equals(await completed(state))).toBe(true);
      expect(lost).toBeGreaterThan(0);
    }
  });

  test.for<[name: string, size: number, line: RegExp]>([
    ["small", 1000, /^PUT/],
    ["large", 5 * MiB + 10, /^POST .*uploadId=/],
  ])(
    "a %s blob whose completion is never answered is found to be stored",
    async ([_, size, line], { kit: { proxy, store, append, completed }, expect }) => {
      const bytes = randomBytes(size);
      const state = await append(store.partial.begin(size), bytes);
      proxy.judge((request) => (line.test(request) ? "unanswered" : "passed"));
      expect(bytes.equals(await completed(state))).toBe(true);
    },
  );

  test.for(["slowed", "held", "unknown"] as const)(
    "a blob that is complete isn't missing because a look at it is %s",
    async (fate, { kit: { proxy, store, openStore, append, completed }, expect }) => {
      const hasty = await openStore({ attempts: 1, glanceMs: 300 });
      const bytes = randomBytes(5 * MiB + 10);
      const state = await append(store.partial.begin(bytes.length), bytes);
      await completed(state);
      proxy.judge((line) => (line.startsWith("HEAD") || fate === "unknown" ? fate : "passed"));
      await expect(hasty.partial.complete(state)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
      proxy.judge((line) => (line.startsWith("HEAD") ? "unknown" : "passed"));
      expect(bytes.equals(await completed(state))).toBe(true);
      proxy.judge(() => "passed");
      await store.delete(state.key);
      await expect(store.partial.complete(state)).rejects.toMatchObject({ code: "BLOB_MISSING" });
    },
  );

  test.for(["tails", "parts"])(
    "%s that a proxy or another bucket knows nothing of are not lost",
    async (kind, { kit: { proxy, location, store, openStore, append }, expect }) => {
      const begun = await append(store.partial.begin(12 * MiB), randomBytes(kind === "tails" ? MiB : 6 * MiB));
      const isSent = (line: string) => (kind === "tails" ? line.startsWith("GET") : line.includes("partNumber="));
      proxy.judge((line) => (isSent(line) ? "unknown" : "passed"));
      const { cause } = await appendTo(store, begun, randomBytes(6 * MiB));
      expect(cause).toMatchObject({ code: "STORAGE_FAILED" });
      proxy.judge(() => "passed");
      const { endpoint, region } = location;
      const emptied = new S3Client({ ...(endpoint && { endpoint }), ...(region && { region }), forcePathStyle: true });
      const bucket = `gone-${newBlobKey()}`;
      await emptied.send(new CreateBucketCommand({ Bucket: bucket }));
      const elsewhere = await openStore({}, { ...location, bucket });
      await emptied.send(new DeleteBucketCommand({ Bucket: bucket }));
      emptied.destroy();
      const away = await appendTo(elsewhere, begun, randomBytes(6 * MiB));
      expect(away.cause).toMatchObject({ code: "STORAGE_FAILED" });
      await append(begun, randomBytes(6 * MiB));
    },
  );

  test("a service that is away between two parts loses nothing that was acknowledged", async ({
    kit: { proxy, store, append, completed },
    expect,
  }) => {
    const bytes = randomBytes(12 * MiB);
    proxy.judge((line) => (line.includes("partNumber=2") ? "slowed" : "passed"));
    const broken = await appendTo(store, store.partial.begin(bytes.length), bytes);
    expect(broken.cause).toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
    expect(broken.state.offset).toBe(5 * MiB);
    const again = await appendTo(store, broken.state, bytes.subarray(5 * MiB));
    expect(again).toMatchObject({ state: broken.state, cause: { code: "STORAGE_FAILED" } });
    proxy.judge(() => "passed");
    const state = await append(broken.state, bytes.subarray(5 * MiB));
    expect(bytes.equals(await completed(state))).toBe(true);
  });

  test("tiny pieces cost a few requests each, and little to remember", async ({
    kit: { store, append, completed, objects, since },
    expect,
  }) => {
    const bytes = randomBytes(120);
    let state = store.partial.begin(6 * MiB);
    const requests = await since(async () => {
      for (const byte of bytes) state = await append(state, Uint8Array.of(byte));
    });
    expect(requests.length).toBeLessThan(4 * bytes.length);
    expect(progressOf(state).tails.length).toBeLessThanOrEqual(16);
    expect(JSON.stringify(state).length).toBeLessThan(4000);
    expect((await objects()).length).toBeLessThan(50);
    const rest = randomBytes(6 * MiB - bytes.length);
    state = await append(state, rest);
    expect(Buffer.concat([bytes, rest]).equals(await completed(state))).toBe(true);
    await store.partial.discard(state);
    expect(await objects()).toHaveLength(1);
  });

  test("a holder that lost its lease does no harm with the same bytes, and is found out with others", async ({
    kit: { store, append, completed },
    expect,
  }) => {
    const bytes = randomBytes(11 * MiB);
    const first = await append(store.partial.begin(bytes.length), bytes.subarray(0, MiB));
    const state = await append(first, bytes.subarray(MiB));
    await append(first, bytes.subarray(MiB, 7 * MiB));
    expect(bytes.equals(await completed(state))).toBe(true);
    const begun = await append(store.partial.begin(bytes.length), bytes.subarray(0, 6 * MiB));
    const honest = await append(begun, bytes.subarray(6 * MiB));
    const { upload = "" } = progressOf(begun);
    const stale = { ...begun, offset: 0, store: { upload, parts: 0, etags: "", tails: [], replaced: [] } };
    await append(stale, randomBytes(6 * MiB));
    await expect(store.partial.complete(honest)).rejects.toMatchObject({ code: "BLOB_MISSING" });
    expect(await store.size(honest.key)).toBeUndefined();
  });

  test("the sweep of unfinished uploads spares those with an owner", async ({
    kit: { store, append, uploads },
    expect,
  }) => {
    const state = await append(store.partial.begin(20 * MiB), randomBytes(6 * MiB));
    const later = new Date(Date.now() + 60_000);
    expect(await store.removeUnfinished(later, new Set([state.key]))).toBe(0);
    expect(await uploads()).toBe(1);
    expect(await store.removeUnfinished(later, new Set())).toBe(1);
    expect(await uploads()).toBe(0);
    // The service may close the connection before it has read the part, and then its reason is lost.
    const { cause } = await appendTo(store, state, randomBytes(6 * MiB));
    expect(cause).toMatchObject({ code: expect.stringMatching(/^(?:BLOB_MISSING|STORAGE_FAILED)$/) });
  });

  test("the remains of a blob of which nothing but the key is known go as a whole", async ({
    kit: { store, append, objects, uploads },
    expect,
  }) => {
    const { key } = await append(store.partial.begin(20 * MiB), randomBytes(6 * MiB));
    await store.partial.discard({ key });
    expect(await objects()).toEqual([]);
    expect(await uploads()).toBe(0);
  });

  test("many slow clients share little memory, and all get on", async ({ kit: { openStore, completed }, expect }) => {
    const narrow = await openStore({ arrivingBytes: 128 * 1024, bufferBytes: 6 * MiB });
    const blobs = Array.from({ length: 12 }, () => randomBytes(100_000));
    async function* slowly(bytes: Buffer): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < bytes.length; start += 20_000) {
        yield Uint8Array.from(bytes.subarray(start, start + 20_000));
        await sleep(10);
      }
    }
    const states = await Promise.all(
      blobs.map((bytes) => narrow.partial.append(narrow.partial.begin(bytes.length), slowly(bytes), never)),
    );
    for (const [n, { state, cause }] of states.entries()) {
      expect(cause).toBeUndefined();
      expect(blobs[n]?.equals(await completed(state))).toBe(true);
    }
  });

  test("a service that hangs keeps an append no longer than it may settle", async ({
    kit: { proxy, openStore, append },
    expect,
  }) => {
    const hasty = await openStore({ settleMs: 100 });
    const state = await append(hasty.partial.begin(20 * MiB), randomBytes(1000));
    const aborter = new AbortController();
    proxy.judge((line) => {
      if (!line.startsWith("PUT")) return "passed";
      aborter.abort(new Error("the lease ends"));
      return "held";
    });
    const began = performance.now();
    const stopped = await hasty.partial.append(state, chunksOf(randomBytes(6 * MiB)), aborter.signal);
    expect(stopped.state).toBe(state);
    expect(stopped.cause).toBeInstanceOf(Error);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  /**
   * The life of a blob in two pieces and two parts, up to the request at which the process ends: all requests from then
   * on have that fate.
   */
  async function liveUntil({ proxy, openStore }: Kit, stop: number, fate: Fate, isSaved: boolean, bytes: Buffer) {
    const doomed = await openStore({ attempts: 1 });
    let count = 0;
    proxy.judge(() => (++count > stop ? fate : "passed"));
    let state = doomed.partial.begin(bytes.length);
    try {
      for (const end of [3 * MiB, bytes.length]) {
        const appended = await appendTo(doomed, state, bytes.subarray(state.offset, end));
        // A process that is killed records nothing of its last piece. One that sees the failure does.
        if (appended.cause === undefined || isSaved) state = appended.state;
        if (appended.cause !== undefined) throw appended.cause;
      }
      await doomed.partial.complete(state);
      await doomed.partial.discard(state);
    } catch (error) {
      expect(error).toMatchObject({ name: "StorageError" });
    } finally {
      proxy.judge(() => "passed");
    }
    return { state, isOver: count <= stop };
  }

  test.for([
    ["was not made", "slowed", true],
    ["was not answered, and the process knew nothing of it any more", "unanswered", false],
  ] as const)(
    "goes on after each request that %s, and leaves nothing",
    { timeout: 60_000 },
    async ([_, fate, isSaved], { kit, expect }) => {
      const { store, append, objects, uploads } = kit;
      const bytes = randomBytes(5 * MiB + 1000);
      for (let stop = 0, isOver = false; !isOver; stop += 1) {
        expect(stop, "it comes to an end").toBeLessThan(30);
        const life = await liveUntil(kit, stop, fate, isSaved, bytes);
        isOver = life.isOver;
        let { state } = life;
        if (state.offset < bytes.length) state = await append(state, bytes.subarray(state.offset));
        if ((await store.size(state.key)) === undefined) await store.partial.complete(state);
        expect(bytes.equals(await buffer(await store.read(state.key))), `after ${stop} requests`).toBe(true);
        await store.partial.discard(state);
        await store.delete(state.key);
        expect(await objects()).toEqual([]);
        expect(await uploads()).toBe(0);
      }
    },
  );
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536)
    yield Uint8Array.from(bytes.subarray(start, start + 65_536));
}
