import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLogger } from "../../observability/logger.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { readPre } from "../../upload/resolve/read-pre.ts";
import { resolveUpload } from "../../upload/resolve/resolve-upload.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { storeFile } from "../../upload/steps.ts";
import { commit } from "../../upload/store/commit.ts";
import { describe as describeFile, inspect } from "../../upload/store/inspect.ts";
import { prepare } from "../../upload/store/prepare/prepare.ts";
import { findBuiltIn } from "../named-transformations/named-transformations.ts";
import { type ArrivedFile, openArrivedFile } from "./arrived-file.ts";

let fixture: UploadFixture;
let reads: { range: unknown }[];
let blobs: Pick<BlobStore, "read">;
const opened: ArrivedFile[] = [];

beforeEach(async () => {
  fixture = await openUploadFixture();
  reads = [];
  const { blobs: stored } = fixture.parts;
  blobs = {
    read: (key, range, signal) => {
      reads.push({ range });
      return stored.read(key, range, signal);
    },
  };
});

afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
  expect(fixture.parts.spool.usage()).toEqual({ files: 0, bytes: 0 });
  await fixture.close();
});

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** Opens bytes that came into the store without a row, as a bucket's unfinished blobs do. */
async function arrived(bytes: Uint8Array, { seen = true, imageBytes = 1_000_000 } = {}): Promise<ArrivedFile> {
  const [key, storedAt] = [newBlobKey(), fixture.time];
  const path = join(fixture.config.dataDir, "source");
  await writeFile(path, bytes);
  await fixture.parts.blobs.put(key, { path, size: bytes.length });
  const deps = { blobs, config: { limits: { imageBytes } }, spool: fixture.parts.spool };
  const known = seen ? { sha256: digest(bytes), head: Buffer.from(bytes.subarray(0, 4100)) } : undefined;
  const file = await openArrivedFile(deps, { kind: "stored", key, size: bytes.length, storedAt }, known, never);
  opened.push(file);
  return file;
}

const picture = () =>
  sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } })
    .jpeg()
    .toBuffer();

const asked = (fields: Record<string, string> = {}) =>
  validate(new Map(Object.entries({ fileName: "a.txt", useUniqueFileName: "false", ...fields })));

async function store({ file }: ArrivedFile, fileName = "a.txt") {
  const { principal, services } = fixture;
  const media = { mime: "text/plain", kind: "other" } as const;
  return commit(
    services,
    { principal, request: asked({ fileName }), media, spooled: file, customMetadata: null },
    never,
  );
}

test("content that was seen on its way is not read before a step asks for it", async () => {
  const bytes = randomBytes(500_000);
  const { file } = await arrived(bytes);
  expect(file).toMatchObject({ size: bytes.length, sha256: digest(bytes), arrived: { storedAt: fixture.time } });
  expect(reads).toEqual([]);
});

test("content that nobody saw is read once for its hash", async () => {
  const bytes = randomBytes(500_000);
  const { file, head } = await arrived(bytes, { seen: false });
  expect(file.sha256).toEqual(digest(bytes));
  expect(head).toEqual(bytes.subarray(0, 65_536));
  expect(reads).toEqual([{ range: { start: 0, end: 65_535 } }, { range: undefined }]);
});

test("an empty blob has an empty head", async () => {
  expect(await arrived(Buffer.alloc(0), { seen: false })).toMatchObject({ head: Buffer.alloc(0), file: { size: 0 } });
});

test("a picture is fetched once for inspection, metadata and pre", async () => {
  const bytes = await picture();
  const { file, head } = await arrived(bytes);
  const request = asked({ responseFields: "metadata", transformation: '{"pre":"w-30"}' });
  const { services, config, principal } = fixture;
  const { readHeader } = services.images;
  const media = await inspect({ ...file, head }, request, config.fileSize, { readHeader, signal: never });
  expect(media).toMatchObject({ mime: "image/jpeg", width: 300, height: 200 });
  const party = { account: principal.accountId, client: "" };
  expect(await describeFile(services, request, { spooled: file, media }, party, never)).toMatchObject({
    width: 300,
    pHash: expect.any(String),
  });
  const pre =
    request.transformation && (await readPre(request.transformation, async () => findBuiltIn, services.images));
  const made = await prepare(services, { party, request, pre, spooled: file, media }, never);
  expect(made.media).toMatchObject({ width: 30, height: 20 });
  expect(made.spooled.arrived, "it has to be put").toBeUndefined();
  await made.discard();
  expect(reads).toHaveLength(1);
});

test("a picture beyond the engine's limit is inspected and described by what is read of it", async () => {
  const bytes = await picture();
  const { file, head } = await arrived(bytes, { imageBytes: 1000 });
  const request = asked({ responseFields: "metadata" });
  const { config, services } = fixture;
  const { readHeader } = services.images;
  const media = await inspect({ ...file, head }, request, config.fileSize, { readHeader, signal: never });
  expect(media).toMatchObject({ mime: "image/jpeg", width: 300, height: 200 });
  const images = { ...services.images, render: () => Promise.reject(new Error("not to be opened")) };
  const party = { account: fixture.principal.accountId, client: "" };
  const metadata = describeFile({ images }, request, { spooled: file, media }, party, never);
  await expect(metadata).rejects.toThrow("not to be opened");
  expect(await describeFile(services, request, { spooled: file, media }, party, never)).toMatchObject({
    width: 300,
    size: bytes.length,
  });
});

test("a long text is found to be one", async () => {
  const { file, head } = await arrived(Buffer.alloc(6_000_000, "Just text, line by line.\n"));
  const { config, services } = fixture;
  const { readHeader } = services.images;
  const found = await inspect({ ...file, head }, asked(), config.fileSize, { readHeader, signal: never });
  expect(found).toMatchObject({ mime: "text/plain" });
  expect(reads.length).toBeLessThan(12);
});

test("is refused when it is not what was seen", async () => {
  const bytes = await picture();
  const key = newBlobKey();
  const path = join(fixture.config.dataDir, "source");
  await writeFile(path, bytes);
  await fixture.parts.blobs.put(key, { path, size: bytes.length });
  const deps = { blobs, config: { limits: { imageBytes: 1_000_000 } }, spool: fixture.parts.spool };
  const seen = { sha256: digest(Buffer.from("other")), head: bytes };
  const complete = { kind: "stored", key, size: bytes.length, storedAt: 0 } as const;
  await expect(openArrivedFile(deps, complete, seen, never)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("becomes a version without another copy", async () => {
  const put = vi.spyOn(fixture.parts.blobs, "put");
  const file = await arrived(Buffer.from("precious"));
  put.mockClear();
  await store(file);
  expect(put).not.toHaveBeenCalled();
  expect(await fixture.storedKeys()).toEqual([file.file.arrived?.key]);
  expect(await fixture.problems()).toEqual([]);
});

test("is deleted when pre made other bytes of it", async () => {
  const { file, head } = await arrived(await picture());
  const deps = { ...fixture.services, logger: createLogger("silent"), publicUrl: () => "http://localhost" };
  const fields = new Map(Object.entries({ fileName: "a.jpg", transformation: '{"pre":"w-30"}' }));
  const plan = await resolveUpload(deps, fixture.principal, fields);
  const upload = { plan, file, head, token: undefined, client: "::1", requestId: "1", onStored: async () => undefined };
  expect(await storeFile(deps, upload, never)).toMatchObject({ width: 30 });
  expect(await fixture.storedKeys()).toHaveLength(1);
  expect(await fixture.storedKeys()).not.toContain(file.arrived?.key);
  expect(await fixture.problems()).toEqual([]);
});

test("gives way to equal content that is stored already", async () => {
  const first = await fixture.upload("precious", { fileName: "b.txt" });
  const file = await arrived(Buffer.from("precious"));
  expect((await store(file)).blob_id).toBe(first.blob_id);
  expect(await fixture.storedKeys()).not.toContain(file.file.arrived?.key);
  expect(await fixture.storedKeys()).toHaveLength(1);
});

test("heals equal content whose object is gone", async () => {
  const first = await fixture.upload("precious", { fileName: "b.txt" });
  for (const key of await fixture.storedKeys()) await fixture.parts.blobs.delete(key);
  const file = await arrived(Buffer.from("precious"));
  expect((await store(file)).blob_id).toBe(first.blob_id);
  expect(await fixture.storedKeys()).toEqual([file.file.arrived?.key]);
  expect(await fixture.problems()).toEqual([]);
});

test("stays its owner's when its version is refused, and can be stored again", async () => {
  const file = await arrived(Buffer.from("precious"));
  const { principal, services } = fixture;
  const refused = { ...principal, key: { ...principal.key, id: "gone" } };
  const media = { mime: "text/plain", kind: "other" } as const;
  const upload = { principal: refused, request: asked(), media, spooled: file.file, customMetadata: null };
  await expect(commit(services, upload, never)).rejects.toThrow();
  expect(await fixture.storedKeys()).toEqual([file.file.arrived?.key]);
  await store(file);
  expect(await fixture.storedKeys()).toEqual([file.file.arrived?.key]);
});

test("is refused when the sweep may be looking at it, and stays where it is", async () => {
  const file = await arrived(Buffer.from("precious"));
  fixture.time += fixture.config.limits.sweepGraceMs / 2 + 1000;
  await expect(store(file)).rejects.toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
  expect(await fixture.storedKeys()).toEqual([file.file.arrived?.key]);
});
