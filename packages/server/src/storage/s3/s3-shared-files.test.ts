import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { CreateMultipartUploadCommand, DeleteObjectsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StorageLocation } from "../../config/storage-url.ts";
import { newBlobKey } from "../blob-key.ts";
import type { BlobStore, SharedFile, SharedFiles } from "../blob-store.ts";
import { describeOnS3 } from "../testing/s3-service.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

describeOnS3("files that nodes share in a bucket", (storage) => {
  let store: BlobStore;
  let shared: SharedFiles;
  let location: ReturnType<typeof storage>;
  const newKey = (start = "") => start + randomBytes(16).toString("hex").slice(start.length);

  beforeAll(async () => {
    location = storage();
    store = await openS3BlobStore(location);
    if (store.sharedFiles === undefined) throw new Error("a bucket is everybody's");
    shared = store.sharedFiles;
  });

  afterAll(() => store.close());

  const put = (key: string, chunks: readonly Buffer[], signal?: AbortSignal) =>
    shared.put(key, { chunks, size: Buffer.concat(chunks).length }, signal);
  const get = async (key: string, signal?: AbortSignal) => {
    const opened = await shared.open(key, undefined, signal);
    return opened && buffer(opened.body);
  };

  async function blobs(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of store.list()) keys.push(key);
    return keys.sort();
  }

  const putBlob = async (key = newBlobKey()) => {
    await store.put(key, { size: 4, chunks: [Buffer.from("blob")] });
    return key;
  };

  test("come back as they were put, one for another of the same key", async () => {
    const key = newKey();
    expect(await get(key)).toBeUndefined();
    await put(key, [Buffer.from("ab"), Buffer.from("cd")]);
    expect(await get(key)).toEqual(Buffer.from("abcd"));
    await put(key, [Buffer.from("other")]);
    expect(await get(key)).toEqual(Buffer.from("other"));
  });

  test("come back by ranges, of files that were sent in parts", async () => {
    const [key, path] = [newKey(), join(tmpdir(), `sluice-shared-${randomBytes(8).toString("hex")}`)];
    const bytes = randomBytes(20 * 2 ** 20);
    await writeFile(path, bytes, { mode: 0o600 });
    try {
      for (const _ of [1, 2]) await shared.put(key, { path, size: bytes.length });
    } finally {
      await rm(path);
    }
    const part = await shared.open(key, { start: 100, end: 199 });
    expect([part?.size, part && (await buffer(part.body))]).toEqual([bytes.length, bytes.subarray(100, 200)]);
    expect(await shared.open(newKey(), { start: 0, end: 1 })).toBeUndefined();
  });

  test("that a dead node has sent a part of are given up by the sweep", async () => {
    const key = newKey();
    const client = clientOf(location);
    try {
      const Key = `${location.prefix}/derived/${key.slice(0, 2)}/${key}`;
      await client.send(new CreateMultipartUploadCommand({ Bucket: location.bucket, Key }));
    } finally {
      client.destroy();
    }
    expect(await store.removeUnfinished(new Date(Date.now() - 60_000), new Set())).toBe(0);
    expect(await store.removeUnfinished(new Date(Date.now() + 60_000), new Set())).toBe(1);
  });

  test("have keys of their own shape", async () => {
    for (const key of ["", "../x", newKey().slice(1), newKey().toUpperCase(), newBlobKey()]) {
      await expect(get(key)).rejects.toThrow(TypeError);
      await expect(put(key, [])).rejects.toThrow(TypeError);
    }
  });

  test("are given up when nobody waits any more", async () => {
    const gone = AbortSignal.abort(new Error("gone"));
    await expect(get(newKey(), gone)).rejects.toThrow("gone");
    await expect(put(newKey(), [Buffer.from("x")], gone)).rejects.toThrow("gone");
  });

  test("are removed once they are old, and no blob with them", async () => {
    const [key, blob] = [newKey(), await putBlob()];
    const olderThan = (time: number) => (file: SharedFile) => file.modifiedAt.getTime() < time;
    await put(key, [Buffer.from("x")]);
    expect(await shared.remove(olderThan(Date.now() - 3_600_000))).toBe(0);
    expect(await get(key)).toBeDefined();
    expect(await shared.remove(olderThan(Date.now() + 3_600_000))).toBeGreaterThan(0);
    expect(await get(key)).toBeUndefined();
    expect(await store.size(blob)).toBe(4);
  });

  test("are removed by their keys", async () => {
    const [gone, kept] = [newKey(), newKey()];
    for (const key of [gone, kept]) await put(key, [Buffer.from("x")]);
    expect(await shared.remove(({ key }) => key === gone)).toBe(1);
    expect([await get(gone), await get(kept)]).toEqual([undefined, Buffer.from("x")]);
  });

  test("are no blobs: a list of those leaves them out, however many there are", async () => {
    const before = await blobs();
    const keys = await Promise.all(
      ["00", "dd", "de", "df", "ff"].map((start) => putBlob(start + newBlobKey().slice(2))),
    );
    const files = Array.from({ length: 1100 }, () => newKey());
    for (let start = 0; start < files.length; start += 50) {
      await Promise.all(files.slice(start, start + 50).map((key) => put(key, [Buffer.from("x")])));
    }
    expect(await blobs()).toEqual([...before, ...keys].sort());
    const client = clientOf(location);
    try {
      for (;;) {
        const Prefix = `${location.prefix}/derived/`;
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: location.bucket, Prefix }));
        if (Contents.length === 0) break;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        await client.send(new DeleteObjectsCommand({ Bucket: location.bucket, Delete: { Objects } }));
      }
    } finally {
      client.destroy();
    }
  });
});

function clientOf({ endpoint = "", region = "" }: StorageLocation): S3Client {
  return new S3Client({ endpoint, region, forcePathStyle: true });
}
