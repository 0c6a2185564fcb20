import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseStorageUrl } from "../../config/storage-url.ts";
import { newBlobKey } from "../blob-key.ts";
import type { BlobStore } from "../blob-store.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

/*
 * A service that stores nothing more, and lets everything be deleted. It stands for services whose quotas no test can
 * set: it answers as they do.
 */
let service: Server;
let store: BlobStore;
let refusal: { status: number; code: string };
let deleted: string[];

function answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
  const path = new URL(url, "http://localhost").pathname;
  if (method === "PUT" || method === "POST") {
    response.writeHead(refusal.status, { "content-type": "application/xml" });
    response.end(`<?xml version="1.0"?><Error><Code>${refusal.code}</Code><Message>no</Message></Error>`);
  } else if (method === "DELETE") {
    deleted.push(path);
    response.writeHead(204).end();
  } else response.writeHead(path === "/bucket" || path === "/bucket/" ? 200 : 404).end();
}

beforeEach(async () => {
  deleted = [];
  service = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  const url = `s3://bucket?endpoint=http://127.0.0.1:${port}&region=us-east-1&forcePathStyle=true`;
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  store = await openS3BlobStore(parseStorageUrl(url), { credentials, limits: { attempts: 1 } });
});
afterEach(async () => {
  await store.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

test.each([
  [403, "QuotaExceeded"],
  [400, "XMinioAdminBucketQuotaExceeded"],
  [400, "XRustfsQuotaExceeded"],
  [507, "XMinioStorageFull"],
  [507, "SomethingElse"],
])(
  "%i %s is a full store, in one request and in parts, and blobs can be deleted all the same",
  async (status, code) => {
    refusal = { status, code };
    for (const size of [1000, 12_000_000]) {
      const source = { size, chunks: [Buffer.alloc(size)] };
      await expect(store.put(newBlobKey(), source)).rejects.toMatchObject({ code: "STORAGE_FULL" });
    }
    const key = newBlobKey();
    await store.delete(key);
    expect(deleted).toContain(`/bucket/${key.slice(0, 2)}/${key}`);
  },
);

test("a refusal for lack of rights is no full store", async () => {
  refusal = { status: 403, code: "AccessDenied" };
  const put = store.put(newBlobKey(), { size: 1000, chunks: [Buffer.alloc(1000)] });
  await expect(put).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});
