import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { expectClean } from "./harness/fsck.ts";
import { call, refusal } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { sign } from "./harness/sign.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let client: ImageKit;
let endpoint: string;
beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7", "--no-auto-tagging"] });
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  endpoint = `${server.url}/demo`;
});
afterAll(() => server?.stop());

let width = 20;

/** Stores a picture that no other one of these tests is like. */
async function store(path: string, fields: Readonly<Record<string, string>> = {}) {
  width += 2;
  const slash = path.lastIndexOf("/");
  const place = { folder: path.slice(0, slash + 1), fileName: path.slice(slash + 1), useUniqueFileName: "false" };
  const { status, body } = await uploadBasic(server.url, await jpeg(width, 10), { ...place, ...fields });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const list = async () => (await call(server.url, "GET", "/_sluice/trash")).body;
const restore = (fileIds: readonly string[]) =>
  call(server.url, "POST", "/_sluice/trash/restore", { body: { fileIds } });
const listed = async (query: string) =>
  (await call(server.url, "GET", `/v1/files?${query}`)).body.map(({ fileId }: { fileId: string }) => fileId);

describe("a file in the trash", () => {
  test("answers 404 under each of its URLs, however warm the caches are, and again what it did once restored", async () => {
    await store("/warm/a.jpg");
    const { fileId } = await store("/warm/a.jpg");
    const versions = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    const secret = await store("/warm/secret.jpg", { isPrivateFile: "true" });
    const plain = `${endpoint}/warm/a.jpg`;
    const urls = [
      plain,
      `${plain}?updatedAt=${Date.parse(versions[0].updatedAt)}`,
      `${plain}?tr=w-10`,
      `${endpoint}/tr:w-11/warm/a.jpg`,
      `${plain}/tr:w-12`,
      `${plain}?tr=n-ik_ml_thumbnail`,
      sign(`${plain}?tr=w-13`, endpoint, keys.privateKey),
      ...versions.flatMap(({ url }: { url: string }) => [url, `${url}&tr=w-14`]),
      sign(`${endpoint}/warm/secret.jpg`, endpoint, keys.privateKey),
      sign(`${endpoint}/warm/secret.jpg?tr=w-15`, endpoint, keys.privateKey),
      sign(`${endpoint}/warm/secret.jpg?tr=n-ik_ml_thumbnail`, endpoint, keys.privateKey),
    ];
    const before = [];
    for (const url of [...urls, ...urls]) before.push(await deliver(url));
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
    for (const id of [fileId, secret.fileId]) await client.files.delete(id);
    for (const [index, url] of urls.entries()) {
      const etag = before[index]?.headers.etag ?? "";
      for (const headers of [
        {},
        { "if-none-match": etag },
        { range: "bytes=0-9" },
        { "if-range": etag, range: "bytes=0-9" },
      ]) {
        expect((await deliver(url, { headers })).status, `${url} ${JSON.stringify(headers)}`).toBe(404);
      }
      expect((await deliver(url, { method: "HEAD" })).status, url).toBe(404);
    }
    expect((await restore([fileId, secret.fileId])).status).toBe(200);
    for (const [index, url] of urls.entries()) {
      const { status, bytes } = await deliver(url);
      expect([status, bytes.equals(before[index]?.bytes ?? Buffer.alloc(0))], url).toEqual([200, true]);
    }
  });

  test("is gone to the SDK, to each list and search and to every call with its id", async () => {
    const like = await store("/calls/like.jpg", { tags: "trash-tag" });
    const twin = await uploadBasic(server.url, await jpeg(width, 10), { fileName: "twin.jpg", tags: "trash-tag" });
    const { fileId } = twin.body;
    const query = (text: string) => `searchQuery=${encodeURIComponent(text)}`;
    const searches = [
      "tags=trash-tag",
      `duplicatesOf=${like.fileId}`,
      query('tags IN ["trash-tag"]'),
      query('name : "twin"'),
    ];
    const found = async () => (await Promise.all(searches.map(listed))).map((ids) => ids.includes(fileId));
    expect((await found()).filter(Boolean).length).toBeGreaterThan(1);
    const versionsBefore = await listed("type=all");
    expect(versionsBefore).toContain(fileId);
    await client.files.delete(fileId);
    expect(await found()).toEqual(searches.map(() => false));
    expect(await listed("type=all")).not.toContain(fileId);
    await expect(client.files.get(fileId)).rejects.toMatchObject({ status: 404 });
    await expect(client.files.delete(fileId)).rejects.toMatchObject({ status: 404 });
    await expect(client.files.update(fileId, { tags: ["x"] })).rejects.toMatchObject({ status: 404 });
    await expect(client.files.metadata.get(fileId)).rejects.toMatchObject({ status: 404 });
    await expect(client.files.versions.list(fileId)).rejects.toMatchObject({ status: 404 });
    await expect(client.files.bulk.addTags({ fileIds: [fileId], tags: ["x"] })).rejects.toMatchObject({ status: 404 });
    await expect(client.files.bulk.delete({ fileIds: [fileId] })).rejects.toMatchObject({ status: 404 });
    const restoreVersion = `/v1/files/${fileId}/versions/${twin.body.versionInfo.id}/restore`;
    expect((await call(server.url, "PUT", restoreVersion)).status).toBe(404);
    const move = { sourceFilePath: twin.body.filePath, destinationPath: "/elsewhere" };
    for (const verb of ["move", "copy"]) {
      expect((await call(server.url, "POST", `/v1/files/${verb}`, { body: move })).status, verb).toBe(404);
    }
    for (const reference of [`duplicatesOf=${fileId}`, `similarTo=${fileId}`]) {
      expect((await call(server.url, "GET", `/v1/files?${reference}`)).status, reference).toBe(404);
    }
  });

  test("leaves its path to another file, which gets its versions back when it is restored", async () => {
    const { fileId, versionInfo } = await store("/path/a.jpg");
    await client.files.delete(fileId);
    const other = await store("/path/a.jpg");
    expect([other.fileId === fileId, other.versionInfo.name]).toEqual([false, "Version 1"]);
    expect((await restore([fileId])).body).toEqual({ restored: [{ fileId, restoredFileId: other.fileId }] });
    const [newest] = (await call(server.url, "GET", `/v1/files/${other.fileId}/versions`)).body;
    expect(newest.versionInfo).toEqual({ id: versionInfo.id, name: "Version 2" });
  });

  test("comes back with its folder, of which every file was put into the trash", async () => {
    const { fileId } = await store("/gone/deep/a.jpg");
    await store("/gone/b.jpg");
    await client.folders.delete({ folderPath: "/gone" });
    expect((await deliver(`${endpoint}/gone/b.jpg`)).status).toBe(404);
    const paths = (await list()).files.map(({ filePath }: { filePath: string }) => filePath);
    expect(paths).toEqual(expect.arrayContaining(["/gone/deep/a.jpg", "/gone/b.jpg"]));
    await restore([fileId]);
    expect(await listed("path=/gone/deep")).toEqual([fileId]);
    expect((await deliver(`${endpoint}/gone/deep/a.jpg`)).status).toBe(200);
  });

  test("is gone for good once the trash is emptied, and so is one that is deleted with permanent=true", async () => {
    const [one, other] = [await store("/empty/a.jpg"), await store("/empty/b.jpg")];
    await client.files.delete(one.fileId);
    expect((await call(server.url, "DELETE", `/v1/files/${other.fileId}?permanent=true`)).status).toBe(204);
    expect((await call(server.url, "POST", "/_sluice/trash/empty", { body: { all: true } })).body).toEqual({
      completed: true,
    });
    expect(await list()).toEqual({ files: [], nextCursor: null });
    for (const { fileId } of [one, other]) {
      expect(refusal(await restore([fileId]))[2]).toBe("FILES_NOT_IN_TRASH");
    }
  });

  test("agrees with the store, and so does the library", async () => {
    await client.files.delete((await store("/left/a.jpg")).fileId);
    await expectClean(server.dataDir);
  });
});
