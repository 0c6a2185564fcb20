import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PrivateS3, s3Problem, startS3 } from "../../../../../scripts/services/s3.ts";
import { parseStorageUrl } from "../../config/storage-url.ts";
import { newBlobKey } from "../blob-key.ts";
import type { BlobStore } from "../blob-store.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

/** A service of this file's own, because no other test could bear what these tests do to it. */
const problem = process.env.CI === "true" ? undefined : s3Problem();
const suite = problem === undefined ? "an S3 service" : `an S3 service (not run: ${problem})`;

describe.skipIf(problem !== undefined)(suite, { timeout: 60_000 }, () => {
  let service: PrivateS3;
  let store: BlobStore;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-s3-outage-"));
    service = await startS3();
    store = await openS3BlobStore(parseStorageUrl(service.storageUrl), {
      credentials: service.keys,
      limits: { idleMs: 1000, shortMs: 1000, shortTotalMs: 3000, longMs: 3000, longTotalMs: 6000, glanceMs: 1000 },
    });
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await service?.stop();
    await rm(folder, { recursive: true });
  });

  const small = randomBytes(50_000);
  const large = randomBytes(16_000_000);

  /** Puts blobs for as long as `isOn` returns true, a few at a time. @returns the outcome of each put */
  async function putAll(isOn: () => boolean): Promise<{ key: string; bytes: Buffer; error: unknown }[]> {
    const outcomes: { key: string; bytes: Buffer; error: unknown }[] = [];
    const putOn = async (bytes: Buffer): Promise<void> => {
      const path = join(folder, randomBytes(8).toString("hex"));
      await writeFile(path, bytes);
      const sha256 = createHash("sha256").update(bytes).digest();
      while (isOn()) {
        const key = newBlobKey();
        const error = await store.put(key, { path, size: bytes.length, sha256 }).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        outcomes.push({ key, bytes, error });
      }
    };
    await Promise.all([putOn(small), putOn(small), putOn(small), putOn(large), putOn(large)]);
    return outcomes;
  }

  async function listed(): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const { key } of store.list()) keys.add(key);
    return keys;
  }

  async function unfinished(): Promise<number> {
    const client = new S3Client({ ...connection(), maxAttempts: 1 });
    try {
      return (await client.send(new ListMultipartUploadsCommand({ Bucket: service.bucket }))).Uploads?.length ?? 0;
    } finally {
      client.destroy();
    }
  }

  const connection = () => ({
    endpoint: service.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: service.keys,
  });

  /** Every acknowledged blob is stored with its bytes. Other blobs are whole or absent, and the sweep deletes them. */
  async function expectNothingLost(outcomes: Awaited<ReturnType<typeof putAll>>): Promise<void> {
    const there = await listed();
    for (const { key, bytes, error } of outcomes) {
      if (error === undefined) expect(there).toContain(key);
      else expect(error).toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
      if (there.has(key)) expect(bytes.equals(await buffer(await store.read(key)))).toBe(true);
    }
    // Uploads that the killed gateway was putting together stay locked for a while.
    const sweepUploads = () => store.removeUnfinished(new Date(Date.now() + 60_000), new Set()).catch(() => undefined);
    await expect.poll(() => sweepUploads().then(unfinished), { timeout: 15_000, interval: 500 }).toBe(0);
  }

  test("that is killed under load and comes back has lost nothing that was acknowledged", async () => {
    let on = true;
    const putting = putAll(() => on);
    for (let round = 0; round < 3; round++) {
      await sleep(300 + 150 * round);
      await service.killGateway();
      await sleep(200);
      await service.startGateway();
    }
    await sleep(500);
    on = false;
    const outcomes = await putting;
    expect(outcomes.filter(({ error }) => error === undefined).length).toBeGreaterThan(10);
    expect(outcomes.filter(({ error }) => error !== undefined).length).toBeGreaterThan(0);
    await expectNothingLost(outcomes);
  });

  test("that is away is an error at once, for everything, and well again by itself", async () => {
    const path = join(folder, "away");
    await writeFile(path, small);
    const source = { path, size: small.length };
    const key = newBlobKey();
    await store.put(key, source);
    await service.killGateway();
    const began = performance.now();
    const failed = { name: "StorageError", code: "STORAGE_FAILED", message: expect.stringContaining("ECONNREFUSED") };
    await expect(store.put(newBlobKey(), source)).rejects.toMatchObject(failed);
    await expect(store.size(key)).rejects.toMatchObject(failed);
    await expect(store.read(key)).rejects.toMatchObject(failed);
    await expect(store.delete(key)).rejects.toMatchObject(failed);
    await expect(store.check()).rejects.toMatchObject(failed);
    expect(performance.now() - began).toBeLessThan(5000);
    await service.startGateway();
    await expect.poll(() => store.check().then(() => "well", String)).toBe("well");
    expect(small.equals(await buffer(await store.read(key)))).toBe(true);
  });

  test("that hangs is an error in bounded time, a reading under way too, and goes on afterwards", async () => {
    const [key, path] = [newBlobKey(), join(folder, "hanging")];
    await writeFile(path, large);
    const source = { path, size: large.length };
    await store.put(key, source);
    const reading = await store.read(key);
    reading.once("error", () => undefined);
    await new Promise((resolve) => reading.once("readable", resolve));
    service.signalGateway("SIGSTOP");
    const began = performance.now();
    try {
      const failed = { name: "StorageError", code: "STORAGE_FAILED" };
      const calls = [
        () => buffer(reading),
        () => store.put(newBlobKey(), source),
        () => store.put(newBlobKey(), { path, size: large.length, sha256: randomBytes(32) }),
        () => store.size(key),
        () => store.read(key),
        () => store.check(),
      ];
      await Promise.all(calls.map((call) => expect(call()).rejects.toMatchObject(failed)));
      expect(performance.now() - began).toBeLessThan(12_000);
    } finally {
      service.signalGateway("SIGCONT");
    }
    await expect.poll(() => store.check().then(() => "well", String)).toBe("well");
    expect(large.equals(await buffer(await store.read(key)))).toBe(true);
    const aborted = new AbortController();
    service.signalGateway("SIGSTOP");
    try {
      setTimeout(() => aborted.abort(new Error("the caller went away")), 100);
      await expect(store.size(key, aborted.signal)).rejects.toThrow("the caller went away");
    } finally {
      service.signalGateway("SIGCONT");
    }
  });

  test("that hangs for a moment under load has lost nothing that was acknowledged", async () => {
    let on = true;
    const putting = putAll(() => on);
    for (const milliseconds of [200, 2500]) {
      await sleep(400);
      service.signalGateway("SIGSTOP");
      await sleep(milliseconds);
      service.signalGateway("SIGCONT");
    }
    await sleep(500);
    on = false;
    await expectNothingLost(await putting);
  });
});
