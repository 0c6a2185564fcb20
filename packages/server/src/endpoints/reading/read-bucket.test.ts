import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import { outboundRules } from "../../network/outbound-rules.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import { openS3BlobStore } from "../../storage/s3/s3-blob-store.ts";
import { fileSource } from "../../storage/testing/file-source.ts";
import { describeOnS3 } from "../../storage/testing/s3-service.ts";
import { targetOf } from "./origin-target.ts";
import { readOriginal } from "./read-original.ts";

describeOnS3("a bucket as an origin", (storage) => {
  test("gives a file to who has its keys, says what it lacks, and denies others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-origin-"));
    const location = storage();
    const store = await openS3BlobStore(location);
    try {
      const key = newBlobKey();
      await store.put(key, await fileSource(folder, "in the bucket"));
      const { AWS_ACCESS_KEY_ID: accessKey = "", AWS_SECRET_ACCESS_KEY: secretKey = "" } = process.env;
      const { bucket, prefix, endpoint = "" } = location;
      const settings = { bucket, prefix, endpoint, s3ForcePathStyle: true };
      const origin = { id: "o", name: "o", type: "S3_COMPATIBLE", settings } as const;
      const read = (segments: readonly string[], secrets = { accessKey, secretKey }, etag?: string) => {
        const target = targetOf(origin, secrets, { segments, remote: undefined, signed: false, ownHost: "" });
        if (target === undefined) throw new Error("a bucket can be read");
        const rules = outboundRules({ allowPrivateNetworks: true });
        const limits = { originBytes: 1000, originMs: 10_000, remoteHeadersMs: 10_000 };
        const { signal } = new AbortController();
        const memory = new ByteBudget(1000);
        return readOriginal(target, { rules, limits, memory, waitMs: 10_000, signal, now: Date.now, etag });
      };
      const found = await read([key.slice(0, 2), key]);
      expect(found).toMatchObject({ kind: "file", isPrivate: false, etag: expect.stringMatching(/^"/) });
      if (found.kind !== "file") return;
      expect(found.bytes.toString()).toBe("in the bucket");
      // The ETag would say that nothing has changed where the metadata has.
      expect(await read([key.slice(0, 2), key], undefined, found.etag)).toMatchObject({ kind: "file" });
      expect(await read(["not (there)!*' ä+~.txt"])).toEqual({ kind: "absent", why: "missing" });
      expect(await read([key], { accessKey, secretKey: "wrong" })).toEqual({ kind: "absent", why: "denied" });
    } finally {
      await store.close();
      await rm(folder, { recursive: true });
    }
  });
});
