import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, test as base, beforeAll } from "vitest";
import { type S3Proxy, startS3Proxy } from "../../../../../scripts/services/s3-proxy.ts";
import type { StorageLocation } from "../../config/storage-url.ts";
import { newBlobKey } from "../blob-key.ts";
import type { BlobStore } from "../blob-store.ts";
import { fileSource } from "../testing/file-source.ts";
import { describeOnS3 } from "../testing/s3-service.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

interface Kit {
  readonly proxy: S3Proxy;
  /** The place of the store, which is empty, behind the proxy. */
  readonly location: StorageLocation;
  readonly store: BlobStore;
  /** @returns the key under which the store has these bytes */
  stored(bytes: Uint8Array): Promise<string>;
  objectKeyOf(key: string): string;
  /** @returns the keys of the multipart uploads that have not ended */
  unfinished(): Promise<(string | undefined)[]>;
}

async function keysIn(store: BlobStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys;
}

describeOnS3("S3", (storage) => {
  let spool: string;
  /** A client beside the store, such as an operator's tools. */
  let client: S3Client;

  beforeAll(async () => {
    spool = await mkdtemp(join(tmpdir(), "sluice-s3-source-"));
    const { endpoint = "", region = "" } = storage();
    client = new S3Client({ endpoint, region, forcePathStyle: true });
  });

  afterAll(async () => {
    client.destroy();
    await rm(spool, { recursive: true });
  });

  const sourceOf = (bytes: Uint8Array) => fileSource(spool, bytes);

  // Some of these tests wait for seconds. Each has a store of its own behind a proxy of its own.
  const { concurrent: test } = base.extend<{ kit: Kit }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
    kit: async ({}, use) => {
      const proxy = await startS3Proxy(storage().endpoint ?? "");
      const location = { ...storage(), endpoint: proxy.endpoint };
      const store = await openS3BlobStore(location, { limits: { shortTotalMs: 5000, idleMs: 1000 } });
      await use({
        proxy,
        location,
        store,
        async stored(bytes) {
          const key = newBlobKey();
          await store.put(key, await sourceOf(bytes));
          return key;
        },
        objectKeyOf: (key) => `${location.prefix}/${key.slice(0, 2)}/${key}`,
        async unfinished() {
          const command = new ListMultipartUploadsCommand({ Bucket: location.bucket, Prefix: location.prefix });
          return ((await client.send(command)).Uploads ?? []).map(({ Key }) => Key);
        },
      });
      await store.close();
      await proxy.close();
    },
  });

  const large = randomBytes(12_000_000);

  test("content that is not what it was received as is refused by the service", async ({ kit: { store }, expect }) => {
    const source = await sourceOf(Buffer.from("damaged in the spool"));
    const sha256 = createHash("sha256").update("as it was received").digest();
    const key = newBlobKey();
    await expect(store.put(key, { ...source, sha256 })).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(await store.size(key)).toBeUndefined();
  });

  test("lists more blobs than fit on a page, and no object that is none", async ({
    kit: { location, store, objectKeyOf },
    expect,
  }) => {
    const keys = new Set<string>();
    const source = await sourceOf(Buffer.from("x"));
    for (let n = 0; n < 1050; n += 50) {
      const batch = Array.from({ length: 50 }, () => newBlobKey());
      await Promise.all(batch.map((key) => store.put(key, source)));
      for (const key of batch) keys.add(key);
    }
    const [key = ""] = keys;
    for (const stray of ["note", `00/${key}`, `${key.slice(0, 2)}/note`, `deeper/${key.slice(0, 2)}/${key}`]) {
      const Key = `${location.prefix}/${stray}`;
      if (Key !== objectKeyOf(key))
        await client.send(new PutObjectCommand({ Bucket: location.bucket, Key, Body: "x" }));
    }
    expect((await keysIn(store)).sort()).toEqual([...keys].sort());
  });

  test("a large blob goes up in parts, a small one in one request", async ({ kit: { proxy, stored }, expect }) => {
    await stored(large);
    // A part is sent again where the store of a busy machine is slow to take it.
    const parts = proxy.requests.flatMap((line) => /partNumber=(\d+)/.exec(line)?.[1] ?? []);
    expect([...new Set(parts)].sort()).toEqual(["1", "2", "3"]);
    const before = proxy.requests.length;
    await stored(Buffer.from("small"));
    expect(proxy.requests.slice(before).map((line) => line.split(" ")[0])).toEqual(["PUT"]);
  });

  test("an upload that its caller gives up in the middle leaves no parts", async ({
    kit: { proxy, store, unfinished },
    expect,
  }) => {
    const aborter = new AbortController();
    const reason = new Error("the caller went away");
    proxy.judge((line) => {
      if (line.includes("partNumber=3")) aborter.abort(reason);
      return "passed";
    });
    await expect(store.put(newBlobKey(), await sourceOf(large), aborter.signal)).rejects.toBe(reason);
    expect(await unfinished()).toEqual([]);
  });

  test.for<[name: string, bytes: Buffer, line: RegExp]>([
    ["a small blob", Buffer.from("small"), /^PUT/],
    ["a large blob", large, /^POST .*uploadId=/],
  ])(
    "%s does not appear after its caller gave up, however late that was",
    async ([_, bytes, last], { kit: { proxy, store, unfinished }, expect }) => {
      const source = await sourceOf(bytes);
      for (let round = 0; round < 4; round++) {
        const [key, aborter, reason] = [newBlobKey(), new AbortController(), new Error("the caller went away")];
        proxy.judge((line) => {
          if (!last.test(line)) return "passed";
          setTimeout(() => aborter.abort(reason), round);
          return "unanswered";
        });
        const outcome = await store.put(key, source, aborter.signal).catch((error: unknown) => error);
        proxy.judge(() => "passed");
        if (outcome === undefined) continue;
        expect(outcome).toBe(reason);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await store.size(key)).toBeUndefined();
        expect(await unfinished()).toEqual([]);
      }
    },
  );

  test("an upload that fails in the middle leaves no parts", async ({ kit: { proxy, store, unfinished }, expect }) => {
    proxy.judge((line) => (line.includes("partNumber=2") ? "slowed" : "passed"));
    await expect(store.put(newBlobKey(), await sourceOf(large))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(await unfinished()).toEqual([]);
    expect(await keysIn(store)).toEqual([]);
  });

  test("uploads that a crash left are taken back by age, and others' uploads never", async ({
    kit: { location, store, objectKeyOf, unfinished },
    expect,
  }) => {
    const begin = async (Key: string) => {
      const target = { Bucket: location.bucket, Key };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
      await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "part" }));
    };
    await begin(objectKeyOf(newBlobKey()));
    await begin(`${location.prefix}/somebody-elses`);
    expect(await store.removeUnfinished(new Date(Date.now() - 60_000), new Set())).toBe(0);
    expect(await unfinished()).toHaveLength(2);
    expect(await store.removeUnfinished(new Date(Date.now() + 60_000), new Set())).toBe(1);
    expect(await unfinished()).toEqual([`${location.prefix}/somebody-elses`]);
  });

  test("a service that is overloaded for a moment is asked again", async ({
    kit: { proxy, store, stored },
    expect,
  }) => {
    const key = await stored(Buffer.from("here"));
    let refusals = 0;
    const twice = () => (refusals++ % 3 < 2 ? "slowed" : "passed");
    proxy.judge(twice);
    expect(await store.size(key)).toBe(4);
    expect((await buffer(await store.read(key))).toString()).toBe("here");
    const other = await stored(Buffer.from("stored all the same"));
    proxy.judge(() => "passed");
    expect(await store.size(other)).toBe(19);
  });

  test("one that stays overloaded is asked a few times, and then it is an error", async ({
    kit: { proxy, store, stored },
    expect,
  }) => {
    const key = await stored(Buffer.from("here"));
    proxy.judge(() => "slowed");
    const before = proxy.requests.length;
    const failed = { name: "StorageError", code: "STORAGE_FAILED", message: expect.stringContaining("503") };
    await expect(store.size(key)).rejects.toMatchObject(failed);
    expect(proxy.requests.length - before).toBe(3);
    await expect(store.read(key)).rejects.toMatchObject(failed);
    await expect(store.put(newBlobKey(), await sourceOf(Buffer.of(1)))).rejects.toMatchObject(failed);
    await expect(store.check()).rejects.toMatchObject(failed);
    await expect(keysIn(store)).rejects.toMatchObject(failed);
  });

  test.for<[name: string, bytes: Buffer, line: RegExp]>([
    ["a small blob", Buffer.from("small"), /^PUT/],
    ["a large blob", large, /^POST .*uploadId=/],
  ])(
    "%s whose answer is lost is found to be stored",
    async ([_, bytes, line], { kit: { proxy, store, stored, unfinished }, expect }) => {
      proxy.judge((request) => (line.test(request) ? "unanswered" : "passed"));
      const key = await stored(bytes);
      expect(await store.size(key)).toBe(bytes.length);
      expect(await unfinished()).toEqual([]);
    },
  );

  test("a lost answer is nobody else's blob: one that was there before stays and is told", async ({
    kit: { proxy, store, stored },
    expect,
  }) => {
    const key = await stored(Buffer.from("first"));
    proxy.judge((request) => (request.startsWith("PUT") ? "unanswered" : "passed"));
    await expect(store.put(key, await sourceOf(Buffer.from("again")))).rejects.toMatchObject({ code: "BLOB_EXISTS" });
    expect((await buffer(await store.read(key))).toString()).toBe("first");
  });

  test("an answer that breaks off ends the reading with an error, never as if that were all", async ({
    kit: { proxy, store, stored },
    expect,
  }) => {
    const key = await stored(large);
    proxy.judge((line) => (line.startsWith("GET") ? "cut" : "passed"));
    await expect(buffer(await store.read(key))).rejects.toMatchObject({
      name: "StorageError",
      code: "STORAGE_FAILED",
    });
  });

  test("a reader that lets go lets its connection go", async ({ kit: { proxy, store, stored }, expect }) => {
    const key = await stored(large);
    const idle = await proxy.connections();
    const aborter = new AbortController();
    const streams = await Promise.all([
      ...Array.from({ length: 5 }, () => store.read(key)),
      store.read(key, undefined, aborter.signal),
      store.read(key, { start: 5, end: 11_000_000 }),
    ]);
    expect(await proxy.connections()).toBe(idle + 7);
    aborter.abort();
    for (const stream of streams) stream.on("error", () => undefined).destroy();
    await expect.poll(() => proxy.connections()).toBe(idle);
  });

  test("a slow reader is no fault, however long it takes between two chunks", async ({
    kit: { store, stored },
    expect,
  }) => {
    const key = await stored(large);
    const stream = await store.read(key);
    const received: Buffer[] = [];
    for await (const chunk of stream) {
      if (received.length === 3) await new Promise((resolve) => setTimeout(resolve, 1500));
      received.push(chunk as Buffer);
    }
    expect(large.equals(Buffer.concat(received))).toBe(true);
  });

  test("what is short does not wait for content that takes its time", async ({ kit: { proxy, location }, expect }) => {
    const narrow = await openS3BlobStore(location, { limits: { sockets: 1, writeSockets: 1, lingerMs: 0 } });
    const aborter = new AbortController();
    try {
      const held = new Promise<void>((resolve) => {
        proxy.judge((line) => {
          if (!line.startsWith("PUT")) return "passed";
          resolve();
          return "held";
        });
      });
      const put = narrow.put(newBlobKey(), await sourceOf(Buffer.from("slow")), aborter.signal).catch(() => "gone");
      await held;
      await narrow.check();
      expect(await narrow.size(newBlobKey())).toBeUndefined();
      aborter.abort();
      expect(await put).toBe("gone");
    } finally {
      await narrow.close();
    }
  });

  test("keys are in no error", async ({ expect }) => {
    const [right, wrong] = [storage(), { accessKeyId: "wrong-access-key", secretAccessKey: "wrong-secret-key" }];
    await expect(openS3BlobStore(right, { credentials: wrong })).rejects.toThrow(/^--storage-url: .*no access/);
    const backups = openS3BlobStore({ ...right, option: "--to" }, { credentials: wrong });
    await expect(backups).rejects.toThrow(/^--to: .*no access/);
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = process.env;
    let keys = { accessKeyId, secretAccessKey };
    const credentials = async () => ({ ...keys, expiration: new Date() });
    const rotated = await openS3BlobStore(right, { credentials });
    try {
      for (keys of [wrong, { accessKeyId, secretAccessKey: wrong.secretAccessKey }]) {
        for (const call of [() => keysIn(rotated), () => rotated.read(newBlobKey()), () => rotated.check()]) {
          const error: unknown = await call().catch((refused: unknown) => refused);
          expect(error).toMatchObject({ name: "StorageError", message: expect.stringContaining("(403") });
          const told = inspect(error, { depth: 9, showHidden: true });
          for (const secret of [accessKeyId, secretAccessKey, "wrong-", "AWS4"]) expect(told).not.toContain(secret);
        }
      }
    } finally {
      await rotated.close();
    }
  });
});
