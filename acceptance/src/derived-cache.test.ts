import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ImageKit from "@imagekit/nodejs";
import ImageKitV6 from "imagekit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { call, refusal, unknownId } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { sendV6To } from "./harness/sdk-v6-host.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { sign } from "./harness/sign.ts";
import { uploadBasic } from "./harness/upload.ts";
import { metricsOf } from "./harness/worker-processes.ts";

let server: ServerProcess;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sluice-derived-"));
  server = await startServerProcess({ dataDir });
});
afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const made = async () => (await metricsOf(server.url)).sum("sluice_derived_images_total", { source: "made" });

/** Counts the images that are rendered during the work. */
async function makings(work: () => Promise<unknown>): Promise<number> {
  const before = await made();
  await work();
  return (await made()) - before;
}

/** The derived images in the data folder. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, "derived"), { recursive: true });
  return names.filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{32}$/.test(name));
}

let width = 20;

/** Stores a picture that no other test has, not even when scaled to half of its size. */
async function store(path: string, fields: Readonly<Record<string, string>> = {}) {
  width += 2;
  const slash = path.lastIndexOf("/");
  const place = { folder: path.slice(0, slash + 1), fileName: path.slice(slash + 1), useUniqueFileName: "false" };
  const { status, body } = await uploadBasic(server.url, await jpeg(width, 10), { ...place, ...fields });
  expect(status).toBe(200);
  return body;
}

const at = (path: string) => `${server.url}/demo${path}`;
const tenth = "?tr=w-10";

describe("an image that is asked for again", () => {
  test("is not made again, for HEAD, a range or a condition neither", async () => {
    await store("/again/a.jpg");
    const url = at(`/again/a.jpg${tenth}`);
    const head = await deliver(url, { method: "HEAD" });
    expect(
      await makings(async () => {
        const whole = await deliver(url);
        expect({ ...whole.headers, date: "", "x-request-id": "" }).toMatchObject({
          etag: head.headers.etag,
          "content-length": head.headers["content-length"],
          "accept-ranges": "bytes",
        });
        const etag = whole.headers.etag ?? "";
        expect(etag).toMatch(/^"[0-9a-f-]+"$/);
        expect((await deliver(url, { headers: { "if-none-match": etag } })).status).toBe(304);
        const range = { range: "bytes=10-19" };
        for (const headers of [range, { ...range, "if-range": etag }]) {
          const part = await deliver(url, { headers });
          expect([part.status, part.headers["content-range"]]).toEqual([206, `bytes 10-19/${whole.bytes.length}`]);
          expect(part.bytes).toEqual(whole.bytes.subarray(10, 20));
        }
        const changed = await deliver(url, { headers: { ...range, "if-range": '"another"' } });
        expect([changed.status, changed.bytes.equals(whole.bytes)]).toEqual([200, true]);
        const beyond = await deliver(url, { headers: { range: "bytes=999999-" } });
        expect([beyond.status, beyond.headers["content-range"]]).toEqual([416, `bytes */${whole.bytes.length}`]);
      }),
    ).toBe(0);
  });

  test("in another spelling of the same is the same", async () => {
    await store("/again/b.jpg");
    const spellings = [
      "?tr=w-12,h-8",
      "?tr=h-8,w-12",
      "?tr=w-12,h-8&v=2",
      "?tr=w-12%2Ch-8",
      "?updatedAt=1&tr=w-12,h-8",
    ];
    expect(
      await makings(async () => {
        for (const spelling of spellings) expect((await deliver(at(`/again/b.jpg${spelling}`))).status).toBe(200);
        await deliver(at("/tr:w-12,h-8/again/b.jpg"));
      }),
    ).toBe(1);
  });

  test("by many at once is made once", async () => {
    await store("/again/c.jpg");
    const ask = () => deliver(at(`/again/c.jpg${tenth}`));
    expect(await makings(() => Promise.all(Array.from({ length: 24 }, ask)))).toBe(1);
  });
});

describe("what was made is not shown any more", () => {
  test("once the file has another version, and is again when the old one comes back", async () => {
    const first = await store("/fresh/a.jpg");
    const url = at("/fresh/a.jpg?tr=h-5");
    const before = await deliver(url);
    await store("/fresh/a.jpg");
    const after = await deliver(url);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.bytes.equals(before.bytes)).toBe(false);
    expect((await deliver(url, { headers: { "if-none-match": before.headers.etag ?? "" } })).status).toBe(200);
    await call(server.url, "PUT", `/v1/files/${first.fileId}/versions/${first.versionInfo.id}/restore`);
    expect(await makings(async () => expect((await deliver(url)).bytes).toEqual(before.bytes))).toBe(0);
  });

  test("once the file is a draft, and after that once it is deleted", async () => {
    const { fileId } = await store("/fresh/b.jpg");
    const url = at(`/fresh/b.jpg${tenth}`);
    const { headers } = await deliver(url);
    const statuses = async () => [
      (await deliver(url)).status,
      (await deliver(url, { headers: { "if-none-match": headers.etag ?? "" } })).status,
    ];
    const publish = (isPublished: boolean) =>
      call(server.url, "PATCH", `/v1/files/${fileId}/details`, { body: { publish: { isPublished } } });
    await publish(false);
    expect(await statuses()).toEqual([404, 404]);
    await publish(true);
    expect(await statuses()).toEqual([200, 304]);
    await call(server.url, "DELETE", `/v1/files/${fileId}`);
    expect(await statuses()).toEqual([404, 404]);
  });

  test("to whoever has no signature, of a private file", async () => {
    await store("/fresh/c.jpg", { isPrivateFile: "true" });
    const url = at(`/fresh/c.jpg${tenth}`);
    const signed = await deliver(sign(url, `${server.url}/demo/`, keys.privateKey));
    expect(signed.status).toBe(200);
    for (const headers of [{}, { "if-none-match": signed.headers.etag ?? "" }, { range: "bytes=0-1" }]) {
      expect((await deliver(url, { headers })).status).toBe(401);
    }
  });
});

describe("a purge", () => {
  test("by the SDK of v7 has a file's images made anew, and nobody else's", async () => {
    const client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
    await store("/purged/a.jpg");
    await store("/purged/b.jpg");
    const urls = ["a", "b"].map((name) => at(`/purged/${name}.jpg${tenth}`));
    const ask = () => Promise.all(urls.map((url) => deliver(url)));
    const before = await ask();
    const { requestId = "" } = await client.cache.invalidation.create({ url: urls[0] ?? "" });
    expect(await client.cache.invalidation.get(requestId)).toEqual({ status: "Completed" });
    expect(await makings(ask)).toBe(1);
    const after = await ask();
    expect(after[0]?.headers.etag).not.toBe(before[0]?.headers.etag);
    expect(after[1]?.headers.etag).toBe(before[1]?.headers.etag);
    await expect(client.cache.invalidation.get(unknownId)).rejects.toMatchObject({ status: 400 });
  });

  test("by the SDK of v6 may be of all that begins alike, and is pending until it is done", async () => {
    const client = new ImageKitV6({ ...keys, urlEndpoint: `${server.url}/demo` });
    const inside = ["/shop/shoes/a.jpg", "/shop/shoes/red/b.jpg"];
    const outside = "/shop/shirts/a.jpg";
    for (const path of [...inside, outside]) await store(path);
    const ask = () => Promise.all([...inside, outside].map((path) => deliver(at(path + tenth))));
    await ask();
    const leave = sendV6To(server.url);
    try {
      const { requestId } = await client.purgeCache(at("/shop/shoes/*"));
      const state = async () => (await client.getPurgeCacheStatus(requestId)).status;
      expect(["Pending", "Completed"]).toContain(await state());
      await expect.poll(state).toBe("Completed");
    } finally {
      leave();
    }
    expect(await makings(ask)).toBe(inside.length);
  });

  test("of what can't be purged is refused", async () => {
    for (const url of ["https://media.example.com/other/a.jpg", at("/a/*"), at("/media/catalog/*")]) {
      const answer = await call(server.url, "POST", "/v1/files/purge", { body: { url } });
      expect(refusal(answer)).toEqual([400, "The URL is not valid for cache purging.", "PURGE_URL_INVALID"]);
    }
    expect(refusal(await call(server.url, "GET", `/v1/files/purge/${unknownId}`))).toEqual([
      400,
      "No request found for this requestId.",
      "PURGE_NOT_FOUND",
    ]);
  });
});

test("images outlive a server that is killed", async () => {
  await store("/kept/a.jpg");
  const url = (): string => at(`/kept/a.jpg${tenth}`);
  // Images are written after their answers. Those of the earlier tests are on disk once their server has ended.
  await server.stop();
  server = await startServerProcess({ dataDir });
  const kept = (await filesIn(dataDir)).length;
  const before = await deliver(url());
  await expect.poll(() => filesIn(dataDir)).toHaveLength(kept + 1);
  await server.kill();
  server = await startServerProcess({ dataDir });
  expect(
    await makings(async () => {
      const after = await deliver(url());
      expect(after.headers.etag).toBe(before.headers.etag);
      expect(after.bytes).toEqual(before.bytes);
    }),
  ).toBe(0);
});
