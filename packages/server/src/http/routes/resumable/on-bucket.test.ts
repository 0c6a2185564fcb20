import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StorageLocation } from "../../../config/storage-url.ts";
import { describeOnS3 } from "../../../storage/testing/s3-service.ts";
import { sqliteEngine } from "../../../testing/engines.ts";
import { openResumableApp, type ResumableApp } from "./testing/resumable-app.ts";

const MiB = 1024 * 1024;

describeOnS3("a resumable upload into a bucket", (storage) => {
  let app: ResumableApp;
  beforeAll(async () => {
    app = await openResumableApp(sqliteEngine, { storageUrl: urlOf(storage()) });
  });
  afterAll(() => app?.close());

  const read = async (name: string) => (await app.app.inject({ url: `/demo/${name}` })).rawPayload;
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  test("comes in pieces that are smaller and larger than the bucket's parts", async () => {
    const bytes = randomBytes(20 * MiB + 17);
    const path = await app.create({
      length: bytes.length,
      parameters: { fileName: "parts.bin", useUniqueFileName: false },
    });
    let offset = 0;
    for (const size of [1, 300_000, 5 * MiB, 12 * MiB, bytes.length]) {
      const piece = bytes.subarray(offset, Math.min(offset + size, bytes.length));
      const answer = await app.patch(path, offset, piece);
      expect(answer.statusCode).toBe(204);
      offset += piece.length;
      expect(await app.offsetOf(path)).toBe(offset);
    }
    expect(hash(await read("parts.bin"))).toBe(hash(bytes));
    expect((await app.send("GET", path)).json()).toMatchObject({ size: bytes.length });
  });

  test("ends as one that another server has begun, with its bytes read once more for their hash", async () => {
    const bytes = randomBytes(9 * MiB);
    const path = await app.create({
      length: bytes.length,
      parameters: { fileName: "two.bin", useUniqueFileName: false },
    });
    expect((await app.patch(path, 0, bytes.subarray(0, 4 * MiB))).statusCode).toBe(204);
    const other = await app.another();
    const { statusCode } = await other.app.inject({
      method: "PATCH",
      url: path,
      headers: {
        "tus-resumable": "1.0.0",
        "upload-offset": String(4 * MiB),
        "content-type": "application/offset+octet-stream",
      },
      payload: bytes.subarray(4 * MiB),
    });
    expect(statusCode).toBe(204);
    expect(hash(await read("two.bin"))).toBe(hash(bytes));
  });

  test("leaves nothing when it is deleted or refused", async () => {
    const deleted = await app.create({ length: 9 * MiB });
    await app.patch(deleted, 0, randomBytes(9 * MiB - 1));
    expect((await app.send("DELETE", deleted)).statusCode).toBe(204);
    const refused = await app.create({ length: 10, parameters: { fileName: "no.txt", checks: '"file.size" < 5' } });
    expect((await app.patch(refused, 0, "helloworld")).statusCode).toBe(400);
    for await (const left of app.parts.blobs.partial.list()) expect(left).toBeUndefined();
    const keys = new Set<string>();
    for await (const { key } of app.parts.blobs.list()) keys.add(key);
    expect(keys.size).toBe(2);
  });
});

function urlOf({ bucket, prefix, endpoint }: StorageLocation): string {
  return `s3://${bucket}/${prefix}?endpoint=${endpoint}&forcePathStyle=true`;
}
