import { SluiceError } from "@sluice/protocol";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { resolveUpload } from "../resolve/resolve-upload.ts";
import { passGates } from "./gates.ts";

let fixture: UploadFixture;

beforeAll(async () => {
  fixture = await openUploadFixture();
});
afterAll(() => fixture.close());
afterEach(() => vi.restoreAllMocks());

const file = { chunks: [Buffer.from("four")], size: 4, sha256: Buffer.alloc(32) };
const media = { mime: "text/plain", kind: "other" } as const;
const tooLarge = { fileName: "a", checks: '"file.size" > 100' };

async function planOf(fields: Readonly<Record<string, string>>, storageLimit: number | null = null) {
  const { principal } = fixture;
  const services = { ...fixture.services, publicUrl: () => "" };
  return resolveUpload(services, { ...principal, storageLimit }, new Map(Object.entries(fields)));
}

test("bytes are scanned, whoever has made them", async () => {
  const infected = new SluiceError("FILE_INFECTED", { signature: "Eicar" });
  vi.spyOn(fixture.services.scanner, "scan").mockRejectedValue(infected);
  await expect(passGates("bytes", fixture.services, { file }, never)).rejects.toBe(infected);
});

test("bytes that are to be stored are judged by the upload's checks, and then by the account's storage", async () => {
  const judged = async (fields: Readonly<Record<string, string>>, limit: number | null) =>
    passGates("store", fixture.services, { plan: await planOf(fields, limit), file, media }, never);
  await expect(judged(tooLarge, 3)).rejects.toMatchObject({ reason: "CHECKS_FAILED" });
  await expect(judged({ fileName: "a" }, 3)).rejects.toMatchObject({ reason: "STORAGE_LIMIT_EXCEEDED" });
  await expect(judged({ fileName: "a" }, 4)).resolves.toBeUndefined();
});

test("a video is kept for its job if the storage takes it; its checks wait for what the job makes", async () => {
  const judged = async (limit: number | null) =>
    passGates("queue", fixture.services, { plan: await planOf(tooLarge, limit), file }, never);
  await expect(judged(3)).rejects.toMatchObject({ reason: "STORAGE_LIMIT_EXCEEDED" });
  await expect(judged(4)).resolves.toBeUndefined();
});
