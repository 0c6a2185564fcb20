import { text } from "node:stream/consumers";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLogger } from "../observability/logger.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { resolveUpload } from "./resolve/resolve-upload.ts";
import { storeFile } from "./steps.ts";

let fixture: UploadFixture;
beforeAll(async () => {
  fixture = await openUploadFixture();
});
afterAll(() => fixture.close());

test("a file that came without a form is stored by its plan, and stays its owner's", async () => {
  const deps = { ...fixture.services, logger: createLogger("silent"), publicUrl: () => "http://localhost" };
  const fields = new Map(Object.entries({ fileName: "a.txt", tags: "one,two", responseFields: "tags" }));
  const plan = await resolveUpload(deps, fixture.principal, fields);
  const content = Buffer.from("x".repeat(600_000));
  const file = deps.spool.create();
  await file.write(Buffer.from(content));
  const spooled = await file.finish();
  const upload = { plan, file: spooled, head: content, token: undefined, client: "::1", requestId: "1" };
  const store = () => storeFile(deps, { ...upload, onStored: async () => undefined }, never);
  expect(await store()).toMatchObject({ filePath: expect.stringMatching(/^\/a_.{9}\.txt$/), tags: ["one", "two"] });
  expect(deps.spool.usage()).toEqual({ files: 1, bytes: content.length });

  for (const key of await fixture.storedKeys()) await deps.blobs.delete(key);
  await store();
  const [key = ""] = await fixture.storedKeys();
  expect(await text(await deps.blobs.read(key)), "the lent file still has its bytes").toBe(content.toString());
  await file.discard();
  expect(deps.spool.usage()).toEqual({ files: 0, bytes: 0 });
});

test("the uploader pays for a header that is read in a process, and for that of what pre makes", async () => {
  const readHeader = vi.spyOn(fixture.services.images, "readHeader");
  const deps = { ...fixture.services, logger: createLogger("silent"), publicUrl: () => "http://localhost" };
  const transformation = JSON.stringify({ pre: "w-8,f-avif" });
  const fields = new Map(Object.entries({ fileName: "a.avif", transformation }));
  const plan = await resolveUpload(deps, fixture.principal, fields);
  const content = await sharp({ create: { width: 16, height: 9, channels: 3, background: "red" } })
    .avif()
    .toBuffer();
  const file = deps.spool.create();
  await file.write(Buffer.from(content));
  const upload = { plan, file: await file.finish(), head: content, token: undefined, client: "::1", requestId: "1" };
  await storeFile(deps, { ...upload, onStored: async () => undefined }, never);
  await file.discard();
  const paid = expect.objectContaining({ party: { account: fixture.principal.accountId, client: "::1" } });
  expect(readHeader.mock.calls.map(([, , options]) => options)).toEqual([paid, paid]);
  readHeader.mockRestore();
});
