import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Account, createAccount } from "./harness/account.ts";
import { deliver, textAt } from "./harness/deliver.ts";
import { call } from "./harness/media-api.ts";
import { jpeg, svg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type SignOptions, sign } from "./harness/sign.ts";
import { mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
let stranger: Account;
beforeAll(async () => {
  server = await startServer();
  stranger = await createAccount(server.dataDir, "stranger");
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

async function store(content: string | Uint8Array, fields: Fields) {
  const { status, body } = await uploadBasic(server.url, content, { useUniqueFileName: "false", ...fields });
  expect(status).toBe(200);
  return body;
}

const statusOf = async (url: string) => (await deliver(url)).status;
const endpoint = () => `${server.url}/demo`;
const signed = (url: string, options?: SignOptions) => sign(url, endpoint(), keys.privateKey, options);
const named = (url: string, transformation: string) => url.replace("/demo/", `/demo/tr:${transformation}/`);
const seconds = () => Math.floor(Date.now() / 1000);
const details = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

describe("a private file", () => {
  let url: string;
  let fileId: string;
  beforeEach(async () => {
    const picture = await jpeg(60, 40);
    ({ url, fileId } = await store(picture, { fileName: "private.jpg", isPrivateFile: "true" }));
  });

  test("is 401 unless its URL is signed", async () => {
    const plain = await deliver(url);
    expect([plain.status, plain.bytes.toString()]).toEqual([401, "Unauthorised Image Access"]);
    expect(plain.headers["ik-error"]).toMatch(/^EAUTH - /);
    const variants = [url, `${url}?tr=orig-true`, named(url, "orig-true"), (await details(fileId)).url];
    for (const address of variants) {
      expect(await statusOf(address), address).toBe(401);
      expect((await deliver(address, { method: "HEAD" })).status, address).toBe(401);
      expect((await deliver(address, { headers: { "if-none-match": "*" } })).status, address).toBe(401);
      expect(await statusOf(signed(address)), address).toBe(200);
    }
  });

  test("is shown through the account's own named transformations alone, signed or not", async () => {
    const body = { name: "small", transformation: "w-10" };
    const { id } = (await call(server.url, "POST", "/v1/named-transformations", { body })).body;
    for (const address of [named(url, "n-small"), `${url}?tr=n-small:n-small`]) {
      expect(await statusOf(address), address).toBe(200);
      expect(await statusOf(signed(address)), address).toBe(200);
    }
    for (const mixed of ["n-small,orig-true", "n-small,w-10", "w-10", "n-small:w-10"]) {
      expect(await statusOf(named(url, mixed)), mixed).toBe(401);
    }
    await call(server.url, "DELETE", `/v1/named-transformations/${id}`);
  });

  test("has thumbnails by signed URLs alone, which answers carry", async () => {
    const thumbnails = [
      named(url, "n-ik_ml_thumbnail"),
      `${url}?tr=n-media_library_thumbnail`,
      `${url}/ik-thumbnail.jpg`,
    ];
    for (const address of thumbnails) {
      expect(await statusOf(address), address).toBe(401);
      expect(await statusOf(signed(address)), address).toBe(200);
    }
    const { thumbnail } = await details(fileId);
    const { thumbnailUrl } = await store(await jpeg(60, 41), { fileName: "private.jpg", isPrivateFile: "true" });
    for (const carried of [thumbnail, thumbnailUrl]) {
      expect(await statusOf(carried), carried).toBe(200);
      expect(await statusOf(carried.replace("n-ik_ml_thumbnail", "n-media_library_thumbnail")), carried).toBe(401);
      expect(await statusOf(carried.replace("n-ik_ml_thumbnail", "orig-true")), carried).toBe(401);
    }
  });

  test("that is a drawing has a thumbnail by a signed URL as well, which is the drawing", async () => {
    const drawing = await store(svg, { fileName: "private.svg", isPrivateFile: "true" });
    const { headers } = await deliver(drawing.thumbnailUrl);
    expect(headers["content-type"]).toBe("image/svg+xml");
    expect(await statusOf(drawing.thumbnailUrl.replace(/\?.*/, ""))).toBe(401);
  });

  test("becomes public by being uploaded again without the flag", async () => {
    const fields = { fileName: "turns.txt" };
    const first = await store("secret", { ...fields, isPrivateFile: "true" });
    expect(await statusOf(first.url)).toBe(401);
    await store("open", fields);
    expect(await textAt(first.url)).toBe("open");
    const [, older] = (await call(server.url, "GET", `/v1/files/${first.fileId}/versions`)).body;
    expect(await statusOf(older.url)).toBe(401);
    expect((await deliver(signed(older.url))).bytes.toString()).toBe("secret");
  });
});

test("a draft is not there, whoever asks and however", async () => {
  const { url, fileId, thumbnailUrl } = await store(await jpeg(), { fileName: "draft.jpg", isPublished: "false" });
  const { url: dated, thumbnail } = await details(fileId);
  for (const address of [url, `${url}?tr=orig-true`, thumbnailUrl, dated, thumbnail]) {
    for (const asked of [address, signed(address)]) {
      const { status, headers, bytes } = await deliver(asked);
      expect([status, bytes.toString()], asked).toEqual([404, "Not Found"]);
      expect(headers["ik-error"]).toBe("ENOENT - Resource not found at any upstream origin");
    }
  }
  await store(await jpeg(), { fileName: "draft.jpg" });
  expect(await statusOf(url)).toBe(200);
  const [, older] = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
  expect([await statusOf(older.url), await statusOf(signed(older.url))]).toEqual([404, 404]);
});

describe("a version", () => {
  test("has a URL of its own, with which thumbnails and orig-true go together", async () => {
    const { fileId, url } = await store(await jpeg(500, 250), { fileName: "v.jpg" });
    await store(await jpeg(300, 300), { fileName: "v.jpg" });
    const [current, older] = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    expect(older.thumbnail).toBe(`${older.url}&tr=n-ik_ml_thumbnail`);
    expect(await statusOf(older.thumbnail)).toBe(200);
    const token = new URL(older.url).searchParams.get("ik-obj-version");
    const bytes = (await deliver(`${url}?tr=orig-true&ik-obj-version=${token}`)).bytes;
    expect(bytes.equals(await jpeg(500, 250))).toBe(true);
    expect((await deliver(`${current.url}&tr=orig-true`)).bytes.equals(await jpeg(300, 300))).toBe(true);
  });

  test("that is unknown, or another file's, is 404", async () => {
    const { fileId, url } = await store("one", { fileName: "known.txt" });
    await store("two", { fileName: "known.txt" });
    const other = await store("other", { fileName: "other.txt" });
    const [, older] = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    const token = new URL(older.url).searchParams.get("ik-obj-version");
    expect(await textAt(`${url}?ik-obj-version=${token}`)).toBe("one");
    for (const address of [
      `${url}?ik-obj-version=${"x".repeat(32)}`,
      `${url}?ik-obj-version=`,
      `${url}?ik-obj-version=%00`,
      `${other.url}?ik-obj-version=${token}`,
    ]) {
      expect(await statusOf(address), address).toBe(404);
    }
  });
});

describe("caches are told the truth", () => {
  const cacheOf = async (url: string) => (await deliver(url)).headers["cache-control"];
  const revalidate = "public, max-age=0, s-maxage=60, must-revalidate";
  const forever = "public, max-age=31536000, immutable";

  test("a plain URL can change, so it is asked for again; one that names its state is not", async () => {
    const { fileId, url } = await store("one", { fileName: "cached.txt" });
    const before = (await details(fileId)).url;
    expect(await cacheOf(url)).toBe(revalidate);
    expect(await cacheOf(`${url}?tr=orig-true`)).toBe(revalidate);
    expect(await cacheOf(before)).toBe(forever);
    await store("two", { fileName: "cached.txt" });
    expect(await cacheOf(before)).toBe(revalidate);
    expect(await cacheOf((await details(fileId)).url)).toBe(forever);
    const [, older] = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    expect(await cacheOf(older.url)).toBe(forever);
  });

  test("private files are for their reader alone, signed ones until their signature ends", async () => {
    const { url } = await store("one", { fileName: "kept.txt", isPrivateFile: "true" });
    expect(await cacheOf(signed(url))).toBe("private, max-age=0");
    const seconds300 = Number(
      /^private, max-age=(\d+)$/.exec((await cacheOf(signed(url, { until: seconds() + 300 }))) ?? "")?.[1],
    );
    expect(seconds300).toBeGreaterThan(200);
    expect(seconds300).toBeLessThanOrEqual(300);
  });

  test("refusals are kept for a minute by shared caches alone", async () => {
    expect(await cacheOf(`${endpoint()}/nothing.txt`)).toBe("public, max-age=0, s-maxage=60");
  });
});

describe("another account", () => {
  const asStranger = (content: string, fields: Fields) =>
    uploadBasic(server.url, content, fields, { authorization: stranger.authorization });

  test("has the same paths for files of its own", async () => {
    const fields = { fileName: "shared.txt", folder: "/both", useUniqueFileName: "false" };
    const mine = await store("mine", fields);
    const { body: theirs } = await asStranger("theirs", fields);
    expect(theirs).toMatchObject({ url: `${server.url}/stranger/both/shared.txt`, versionInfo: { name: "Version 1" } });
    expect(theirs.fileId).not.toBe(mine.fileId);
    expect([await textAt(mine.url), await textAt(theirs.url)]).toEqual(["mine", "theirs"]);
  });

  test("uploads with tokens of its own key", async () => {
    const fields = { fileName: "token.txt" };
    const token = mint(fields, { privateKey: stranger.privateKey, header: { kid: stranger.publicKey } });
    const { status, body } = await uploadWithToken(server.url, "theirs", fields, token);
    expect([status, body.url]).toEqual([200, `${server.url}/stranger${body.filePath}`]);
    const crossed = mint(fields, { privateKey: stranger.privateKey });
    expect((await uploadWithToken(server.url, "x", fields, crossed)).body.reason).toBe("TOKEN_INVALID");
  });

  test("can't be used to reach a file, a version or a private file", async () => {
    const { fileId, url } = await store("one", { fileName: "only-mine.txt", isPrivateFile: "true" });
    await store("two", { fileName: "only-mine.txt", isPrivateFile: "true" });
    const [, older] = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    const strange = (address: string) => address.replace("/demo/", "/stranger/");
    const theirEndpoint = `${server.url}/stranger`;
    for (const address of [strange(url), strange(older.url)]) {
      expect(await statusOf(address), address).toBe(404);
      expect(await statusOf(sign(address, theirEndpoint, stranger.privateKey)), address).toBe(404);
    }
    expect(await statusOf(sign(url, endpoint(), stranger.privateKey))).toBe(401);
  });

  test("does not lose what has the same bytes when this one deletes it", async () => {
    const mine = await store("the very same", { fileName: "same.txt" });
    const { body: theirs } = await asStranger("the very same", { fileName: "same.txt" });
    await call(server.url, "DELETE", `/v1/files/${mine.fileId}`);
    expect([await statusOf(mine.url), await textAt(theirs.url)]).toEqual([404, "the very same"]);
  });
});
