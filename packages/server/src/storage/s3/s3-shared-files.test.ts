import { randomBytes } from "node:crypto";
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
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
    expect(await shared.get(key)).toBeUndefined();
    await shared.put(key, [Buffer.from("ab"), Buffer.from("cd")]);
    expect(await shared.get(key)).toEqual(Buffer.from("abcd"));
    await shared.put(key, [Buffer.from("other")]);
    expect(await shared.get(key)).toEqual(Buffer.from("other"));
  });

  test("have keys of their own shape", async () => {
    for (const key of ["", "../x", newKey().slice(1), newKey().toUpperCase(), newBlobKey()]) {
      await expect(shared.get(key)).rejects.toThrow(TypeError);
      await expect(shared.put(key, [])).rejects.toThrow(TypeError);
    }
  });

  test("are given up when nobody waits any more", async () => {
    const gone = AbortSignal.abort(new Error("gone"));
    await expect(shared.get(newKey(), gone)).rejects.toThrow("gone");
    await expect(shared.put(newKey(), [Buffer.from("x")], gone)).rejects.toThrow("gone");
  });

  test("are removed once they are old, and no blob with them", async () => {
    const [key, blob] = [newKey(), await putBlob()];
    const olderThan = (time: number) => (file: SharedFile) => file.modifiedAt.getTime() < time;
    await shared.put(key, [Buffer.from("x")]);
    expect(await shared.remove(olderThan(Date.now() - 3_600_000))).toBe(0);
    expect(await shared.get(key)).toBeDefined();
    expect(await shared.remove(olderThan(Date.now() + 3_600_000))).toBeGreaterThan(0);
    expect(await shared.get(key)).toBeUndefined();
    expect(await store.size(blob)).toBe(4);
  });

  test("are removed by their keys", async () => {
    const [gone, kept] = [newKey(), newKey()];
    for (const key of [gone, kept]) await shared.put(key, [Buffer.from("x")]);
    expect(await shared.remove(({ key }) => key === gone)).toBe(1);
    expect([await shared.get(gone), await shared.get(kept)]).toEqual([undefined, Buffer.from("x")]);
  });

  test("are no blobs: a list of those leaves them out, however many there are", async () => {
    const before = await blobs();
    const keys = await Promise.all(
      ["00", "dd", "de", "df", "ff"].map((start) => putBlob(start + newBlobKey().slice(2))),
    );
    const files = Array.from({ length: 1100 }, () => newKey());
    for (let start = 0; start < files.length; start += 50) {
      await Promise.all(files.slice(start, start + 50).map((key) => shared.put(key, [Buffer.from("x")])));
    }
    expect(await blobs()).toEqual([...before, ...keys].sort());
    const client = new S3Client({
      endpoint: location.endpoint ?? "",
      region: location.region ?? "",
      forcePathStyle: true,
    });
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
