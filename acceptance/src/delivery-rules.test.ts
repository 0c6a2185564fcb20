import { mkdir, mkdtemp, readdir, rm, stat, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ImageKit from "@imagekit/nodejs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "./harness/account.ts";
import { sluice } from "./harness/command.ts";
import { deliver, original } from "./harness/deliver.ts";
import { onCluster } from "./harness/engines.ts";
import { animation, jpeg, mp4, pdf } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type SignOptions, sign } from "./harness/sign.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let client: ImageKit;
let picture: Buffer;
beforeAll(async () => {
  server = await startServer();
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url, maxRetries: 0 });
  picture = await jpeg(120, 80);
});
afterAll(() => server?.stop());

async function store(content: string | Uint8Array, fields: Readonly<Record<string, string>>): Promise<string> {
  const { status, body } = await uploadBasic(server.url, content, { useUniqueFileName: "false", ...fields });
  expect(status).toBe(200);
  return body.url;
}

const statusOf = async (url: string) => (await deliver(url)).status;
const signed = (url: string, options?: SignOptions) => sign(url, `${server.url}/demo`, keys.privateKey, options);
const sizeOf = async (url: string) => {
  const { width, height } = await sharp((await deliver(url)).bytes).metadata();
  return [width, height];
};

describe("an image's plain URL", () => {
  test("gives what the client takes, and with orig-true the stored bytes", async () => {
    const url = await store(picture, { fileName: "plain.jpg" });
    const webp = await deliver(url, { headers: { accept: "image/webp,*/*" } });
    expect(webp.headers).toMatchObject({ "content-type": "image/webp", vary: "Accept" });
    expect((await deliver(url)).headers["content-type"]).toBe("image/jpeg");
    expect((await deliver(original(url))).bytes).toEqual(picture);
  });

  test("gives what can't be decoded as it is, and refuses to transform it", async () => {
    const broken = picture.subarray(0, 100);
    const url = await store(broken, { fileName: "broken.jpg" });
    const { status, bytes } = await deliver(url);
    expect([status, bytes]).toEqual([200, broken]);
    expect(await statusOf(`${url}?tr=w-20`)).toBe(400);
  });
});

describe("named transformations", () => {
  test("are made, listed, changed and deleted by the SDK, and URLs follow at once", async () => {
    const url = await store(picture, { fileName: "named.jpg" });
    const api = client.namedTransformations;
    const made = await api.create({ name: "small", transformation: "tr:w-60" });
    expect(made).toMatchObject({ name: "small", transformation: "w-60", enabled: true });
    expect(await api.get(made.id ?? "")).toEqual(made);
    const names = (await api.list()).map(({ name }) => name);
    expect(names).toEqual(["ik_ml_thumbnail", "media_library_thumbnail", "small"]);
    expect(await sizeOf(`${url}?tr=n-small`)).toEqual([60, 40]);
    expect(
      await sizeOf(
        client.helper.buildSrc({
          urlEndpoint: `${server.url}/demo`,
          src: "/named.jpg",
          transformation: [{ named: "small" }],
        }),
      ),
    ).toEqual([60, 40]);
    expect(await sizeOf(`${url}?tr=n-small,w-30:rt-90`)).toEqual([20, 30]);
    await api.update(made.id ?? "", { transformation: "w-30" });
    expect(await sizeOf(`${url}?tr=n-small`)).toEqual([30, 20]);
    await api.update(made.id ?? "", { enabled: false });
    const { status, headers } = await deliver(`${url}?tr=n-small`);
    expect([status, headers["ik-error"]]).toEqual([400, "EINVALID - Unknown named transformation: small"]);
    await api.delete(made.id ?? "");
    await expect(api.get(made.id ?? "")).rejects.toThrow(ImageKit.NotFoundError);
    await expect(api.delete("ik_ml_thumbnail")).rejects.toThrow(ImageKit.BadRequestError);
    await expect(api.create({ name: "a b", transformation: "w-1" })).rejects.toThrow(ImageKit.BadRequestError);
  });

  test("show private files without a signature, alone and in chains, and nothing else does", async () => {
    const { id } = await client.namedTransformations.create({ name: "shown", transformation: "w-40" });
    const url = await store(picture, { fileName: "private.jpg", isPrivateFile: "true" });
    expect(await statusOf(`${url}?tr=n-shown`)).toBe(200);
    expect(await statusOf(`${url}?tr=n-shown:n-shown`)).toBe(200);
    for (const text of ["n-shown,w-30", "n-shown:orig-true", "w-40", "orig-true"]) {
      expect(await statusOf(`${url}?tr=${text}`)).toBe(401);
      expect(await statusOf(signed(`${url}?tr=${text}`))).toBe(200);
    }
    await client.namedTransformations.delete(id ?? "");
  });
});

test("an account delivers as sluice account set says, at once, and sluice account list tells of it", async () => {
  const account = (...args: string[]) => sluice(["account", ...args, "--data-dir", server.dataDir]);
  const strict = await createAccount(server.dataDir, "strict");
  const { authorization } = strict;
  const fields = { fileName: "strict.jpg", useUniqueFileName: "false" };
  const { url } = (await uploadBasic(server.url, picture, fields, { authorization })).body;
  const video = (await uploadBasic(server.url, mp4(), { fileName: "strict.mp4" }, { authorization })).body.url;
  const opened = (address: string) => sign(address, `${server.url}/strict`, strict.privateKey);
  const statuses = () => Promise.all([url, `${url}?tr=n-ik_ml_thumbnail`, `${url}?tr=w-20`, video].map(statusOf));
  expect(await statuses()).toEqual([200, 200, 200, 200]);

  const lenient = ["--plain-images", "original", "--restrict-unsigned-images", "except_named"];
  const set = await account("set", "strict", ...lenient, "--shared-cache-seconds", "7", "--quality", "70");
  expect(set).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await statuses()).toEqual([401, 200, 401, 200]);
  expect((await deliver(url)).bytes.toString()).toBe("Unauthorised Image Access");
  expect((await deliver(opened(url))).bytes).toEqual(picture);
  expect(await statusOf(opened(`${url}?tr=w-20`))).toBe(200);
  const { headers } = await deliver(`${url}?tr=n-ik_ml_thumbnail`);
  expect(headers["cache-control"]).toBe("public, max-age=0, s-maxage=7, must-revalidate");

  await account("set", "strict", "--restrict-unsigned-images", "all", "--restrict-unnamed", "on");
  expect(await statuses()).toEqual([401, 401, 401, 200]);
  const refused = await deliver(opened(`${url}?tr=w-20`));
  expect([refused.status, refused.bytes.toString()]).toEqual([
    400,
    "Bad Image Transformation Request\nThe account takes named transformations alone\n",
  ]);
  expect(await statusOf(opened(`${url}?tr=n-ik_ml_thumbnail`))).toBe(200);

  await account("set", "strict", "--referrers", "www.example.com", "--client-addresses", "127.0.0.1,::1");
  expect(await statuses()).toEqual([403, 403, 403, 403]);
  const embedded = await deliver(opened(url), { headers: { referer: "https://www.example.com/" } });
  expect([embedded.status, embedded.headers["cache-control"]]).toEqual([200, "private, max-age=0, must-revalidate"]);
  const hotLinked = await deliver(opened(url), { headers: { referer: "https://elsewhere.example/" } });
  expect(hotLinked.headers["ik-error"]).toBe("EFORBIDDEN - The account does not deliver to pages of this site");

  const wrong = await account("set", "strict", "--quality", "0");
  expect([wrong.code, wrong.stderr]).toEqual([2, "sluice: --quality takes 1 to 100\n"]);
  const listed = (await account("list")).stdout;
  for (const text of [
    "plain-images original",
    "restrict-unsigned-images all",
    "restrict-unnamed on",
    "quality 70",
    "referrers www.example.com",
  ]) {
    expect(listed).toContain(text);
  }
});

test("thumbnails of private files need a signature unless the account says otherwise, at once, and answers carry it", async () => {
  const { authorization, privateKey } = await createAccount(server.dataDir, "shy");
  const set = (value: string) =>
    sluice(["account", "set", "shy", "--private-thumbnails", value, "--data-dir", server.dataDir]);
  const fields = { fileName: "shy.jpg", useUniqueFileName: "false", isPrivateFile: "true" };
  const upload = async () => (await uploadBasic(server.url, picture, fields, { authorization })).body;
  const list = async () => {
    const shy = new ImageKit({ privateKey, baseURL: server.url, maxRetries: 0 });
    return (await shy.assets.list()).map((file) => ("thumbnail" in file ? file.thumbnail : undefined) ?? "");
  };
  expect(await set("unsigned")).toEqual({ code: 0, stdout: "", stderr: "" });
  const open = await upload();
  expect(open.thumbnailUrl).toBe(`${server.url}/shy/tr:n-ik_ml_thumbnail/shy.jpg`);
  const unsigned = [open.thumbnailUrl ?? "", ...(await list()), `${open.url}?tr=n-media_library_thumbnail`];
  expect(await Promise.all(unsigned.map(statusOf))).toEqual([200, 200, 200]);

  expect(await set("signed")).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await Promise.all(unsigned.map(statusOf))).toEqual([401, 401, 401]);
  const carried = [(await upload()).thumbnailUrl ?? "", ...(await list())];
  expect(carried).toHaveLength(2);
  expect(await Promise.all(carried.map(statusOf))).toEqual([200, 200]);
  expect(await statusOf(carried[1]?.replace("n-ik_ml_thumbnail", "w-400") ?? "")).toBe(401);

  await set("unsigned");
  expect(await Promise.all(unsigned.map(statusOf))).toEqual([200, 200, 200]);
});

test("a default image stands in for a missing file and a draft, with its transformation, for a minute", async () => {
  await store(await jpeg(100, 50), { fileName: "none.jpg", folder: "/default" });
  const draft = await store(picture, { fileName: "draft.jpg", isPublished: "false" });
  for (const url of [`${server.url}/demo/missing.jpg`, draft]) {
    const answer = await deliver(`${url}?tr=w-20,di-default@@none.jpg`);
    expect([answer.status, answer.headers["cache-control"]]).toEqual([200, "public, max-age=60"]);
    expect(await sizeOf(`${url}?tr=w-20,di-default@@none.jpg`)).toEqual([20, 10]);
    expect(await statusOf(`${url}?tr=w-20,di-default@@nothing.jpg`)).toBe(404);
  }
});

test("behind ik-seo the last name is for search engines, and tr stands before or after", async () => {
  await store(picture, { fileName: "DSC1234.jpg", folder: "/seo" });
  const words = "seo/DSC1234/eiffel-tower.jpg";
  for (const path of [`ik-seo/${words}?tr=w-60`, `ik-seo/tr:w-60/${words}`, `tr:w-60/ik-seo/${words}`]) {
    expect(await sizeOf(`${server.url}/demo/${path}`), path).toEqual([60, 40]);
  }
  expect(await statusOf(`${server.url}/demo/ik-seo/${words.replace(".jpg", ".png")}`)).toBe(404);
});

test("ik-thumbnail.jpg is the first frame, and playlists are not available", async () => {
  const gif = await store(await animation("gif"), { fileName: "moving.gif" });
  const still = await deliver(`${gif}/ik-thumbnail.jpg`);
  expect([still.status, still.headers["content-type"]]).toEqual([200, "image/jpeg"]);
  expect((await sharp((await deliver(gif)).bytes).metadata()).pages).toBeGreaterThan(1);
  const video = await store(mp4(), { fileName: "clip.mp4" });
  for (const suffix of ["ik-master.m3u8?tr=sr-240", "ik-master.mpd?tr=sr-240"]) {
    const url = `${video}/${suffix}`;
    const { status, headers } = await deliver(url);
    expect([url, status, headers["ik-error"]]).toEqual([url, 400, "EINVALID - Video transformation not available"]);
  }
});

/** A PDF of two pages. */
const paper = pdf([60, 40], [50, 100]);

test("a PDF's pages are pictures: by ik-thumbnail.jpg, built-in thumbnails, and in layers", async () => {
  const stored = await store(paper, { fileName: "paper.pdf" });
  expect((await deliver(`${stored}?tr=w-20`)).headers["content-type"]).toBe("application/pdf");
  for (const [url, size] of [
    [`${stored}/ik-thumbnail.jpg`, [120, 80]],
    [`${stored}/ik-thumbnail.jpg?tr=pg-2,w-20`, [20, 40]],
    [`${stored}?tr=n-ik_ml_thumbnail`, [120, 80]],
  ] as const) {
    expect([url, await sizeOf(url)]).toEqual([url, size]);
  }
  const desk = await store(picture, { fileName: "desk.jpg" });
  expect(await statusOf(`${desk}?tr=l-image,i-paper.pdf,pg-2,w-20,l-end`)).toBe(200);
  expect(await statusOf(`${stored}/ik-thumbnail.jpg?tr=pg-3`)).toBe(400);
  const broken = await store("%PDF-1.4 nothing", { fileName: "broken.pdf" });
  expect(await statusOf(`${broken}/ik-thumbnail.jpg`)).toBe(400);
});

test.each(["https://example.com/a.jpg", "tr:w-100/http:/example.com/a.jpg", "https%3A%2F%2Fexample.com%2Fa.jpg"])(
  "the URL of another host as a path is refused: %s",
  async (path) => {
    const { status, headers } = await deliver(`${server.url}/demo/${path}`);
    expect([status, headers["ik-error"]]).toEqual([400, "EINVALID - URLs of other hosts are not available"]);
  },
);

test("the first fault in the order of checks is the one that is answered", async () => {
  const demo = `${server.url}/demo`;
  const forged = `ik-s=${"0".repeat(40)}`;
  const secret = await store(picture, { fileName: "ordered.jpg", isPrivateFile: "true" });
  for (const [url, status] of [
    [`${server.url}/nobody/a.jpg?tr=w-x&${forged}`, 404],
    [`${demo}/missing.jpg?tr=w-x&${forged}`, 400],
    [`${demo}/missing.jpg?tr=n-unknown&${forged}`, 401],
    [`${demo}/missing.jpg?tr=n-unknown`, 400],
    [`${demo}/missing.jpg?tr=fo-face`, 404],
    [`${secret}?tr=fo-face`, 401],
    [signed(`${secret}?tr=e-upscale`), 400],
  ] as const) {
    expect([url, await statusOf(url)]).toEqual([url, status]);
    const refused = url.includes("/nobody/") ? 404 : 405;
    expect((await deliver(url, { method: "POST" })).status).toBe(refused);
  }
});

test("no path, encoding or symbolic link leads out of the store", async () => {
  const outside = await mkdtemp(join(tmpdir(), "sluice-outside-"));
  const secret = "outside the store";
  await writeFile(join(outside, "secret.txt"), secret);
  const blobs = join(server.dataDir, "blobs");
  await mkdir(blobs, { recursive: true });
  for (const folder of [server.dataDir, blobs]) await symlink(outside, join(folder, "way"));
  try {
    const ups = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%2f", "..%5c", "%c0%ae%c0%ae", "..;", "%uff0e%uff0e"];
    const deep = ups.flatMap((up) => [
      `${up}/way/secret.txt`,
      `${up}/blobs/way/secret.txt`,
      `a/${up}/${up}/way/secret.txt`,
    ]);
    const flat = ["way/secret.txt", "blobs/way/secret.txt", "way%2fsecret.txt", "way%5csecret.txt", "/way//secret.txt"];
    const absolute = [
      `${outside}/secret.txt`,
      encodeURIComponent(`${outside}/secret.txt`),
      `file:${outside}/secret.txt`,
    ];
    for (const path of [...deep, ...flat, ...absolute]) {
      for (const url of [
        `/demo/${path}`,
        `/demo/tr:orig-true/${path}`,
        `/demo/none.jpg?tr=di-${path.replaceAll("/", "@@")}`,
      ]) {
        const { status, bytes } = await deliver(server.url + url);
        expect([400, 404], url).toContain(status);
        expect(bytes.toString(), url).not.toContain(secret);
      }
    }
    await replaceBlob(blobs, join(outside, "secret.txt"), secret.length);
  } finally {
    for (const folder of [server.dataDir, blobs]) await unlink(join(folder, "way"));
    await rm(outside, { recursive: true });
  }
});

/**
 * Expects a stored file to count as lost, and no other file to be served, when a link has replaced it. In a bucket no
 * file can be replaced like this.
 */
async function replaceBlob(blobs: string, target: string, length: number): Promise<void> {
  const url = await store("x".repeat(length), { fileName: "replaced.txt" });
  const entries = await readdir(blobs, { recursive: true });
  for (const entry of entries) {
    const path = join(blobs, entry);
    const found = await stat(path);
    if (!found.isFile() || found.size !== length || entry.startsWith("way")) continue;
    await unlink(path);
    await symlink(target, path);
    expect(await statusOf(original(url))).toBe(500);
    expect((await deliver(original(url))).bytes.toString()).toBe("Internal Server Error");
    return;
  }
  expect(onCluster).toBe(true);
}
