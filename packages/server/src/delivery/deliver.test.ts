import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { signPath } from "../library/files/asset-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";

const key = "private_test";

async function picture(): Promise<Buffer> {
  const { r, g, b } = Object.fromEntries([..."rgb"].map((channel) => [channel, randomBytes(1)[0]]));
  return sharp({ create: { width: 600, height: 300, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer();
}

describeDelivery((suite) => {
  async function statusOf(target: string): Promise<number> {
    return (await suite().get(target)).status;
  }

  async function textOf(target: string): Promise<string> {
    const { status, body } = await suite().get(target);
    return status === 200 ? body.toString() : String(status);
  }

  describe("which file", () => {
    test("names are found however they are encoded and composed", async () => {
      const { store } = suite();
      await store({ path: "/names/café.txt", bytes: Buffer.from("coffee") });
      await store({ path: "/a.b/c_d.txt", bytes: Buffer.from("dots") });
      for (const spelling of ["caf%C3%A9", "caf%c3%a9", "cafe%CC%81", "%63afe%CC%81"]) {
        expect(await textOf(`/demo/names/${spelling}.txt`)).toBe("coffee");
        expect(await textOf(`/demo//names//${spelling}.txt?v=1&x`)).toBe("coffee");
      }
      expect(await textOf("/demo/a.b/c_d.txt")).toBe("dots");
    });

    test.each([
      "/demo",
      "/demo/",
      "/demo/names",
      "/demo/names/",
      "/demo/NAMES/cafe.txt",
      "/demo/names/caf%C3%A9.txt/",
      "/demo/names/caf%25C3%25A9.txt",
      "/demo/names%252Fcafe.txt",
      `/demo/${"a".repeat(12_000)}`,
      `/demo/${"a/".repeat(6000)}x`,
    ])("%s is not there", async (target) => {
      const { status, headers, body } = await suite().get(target);
      expect(status).toBe(404);
      expect(body.toString()).toBe("Not Found");
      expect(headers).toMatchObject({
        "ik-error": "ENOENT - Resource not found at any upstream origin",
        "cache-control": "public, max-age=0, s-maxage=60",
        "content-type": "text/plain; charset=utf-8",
      });
    });

    test.each([
      "/demo/../demo/names/x.txt",
      "/demo/names/../../etc/passwd",
      "/demo/names/..%2f..%2fetc%2fpasswd",
      "/demo/names/%2e%2e/x.txt",
      "/demo/names%2fx.txt",
      "/demo/names/..\\x.txt",
      "/demo/names/..%5cx.txt",
      "/demo/names/x.txt%00.jpg",
      "/demo/names/./x.txt",
    ])("%s is refused", async (target) => {
      const { status, headers } = await suite().get(target);
      expect(status).toBe(400);
      expect(headers["ik-error"]).toBe("EINVALID - Invalid path");
    });

    test("another account's file of the same name is another file", async () => {
      const { store, library } = suite();
      const other = await library.addAccount("other");
      await store({ path: "/shared/a.txt", bytes: Buffer.from("ours") });
      await library.store(other, { path: "/shared/a.txt", bytes: Buffer.from("theirs"), objectVersion: "theirs" });
      expect(await textOf("/demo/shared/a.txt")).toBe("ours");
      expect(await textOf("/other/shared/a.txt")).toBe("theirs");
      expect(await statusOf("/demo/shared/a.txt?ik-obj-version=theirs")).toBe(404);
    });

    test("a disabled account delivers nothing", async () => {
      const { library, get } = suite();
      const disabled = await library.addAccount("disabled", "disabled");
      await library.store(disabled, { path: "/a.txt", bytes: Buffer.from("x") });
      const { status, headers } = await get("/disabled/a.txt");
      expect([status, headers["ik-error"]]).toEqual([403, "EFORBIDDEN - The account is disabled"]);
    });

    test("behind ik-seo the last name is decoration, its extension is not", async () => {
      const { store } = suite();
      await store({ path: "/seo/DSC1234.jpg", bytes: Buffer.from("jpg"), mime: "image/jpeg" });
      await store({ path: "/seo/plain", bytes: Buffer.from("no extension") });
      expect(await textOf("/demo/ik-seo/seo/DSC1234/eiffel-tower.jpg")).toBe("jpg");
      expect(await textOf("/demo/ik-seo/tr:orig-true/seo/DSC1234/eiffel-tower.jpg")).toBe("jpg");
      expect(await textOf("/demo/tr:orig-true/ik-seo/seo/DSC1234/eiffel-tower.jpg")).toBe("jpg");
      expect(await textOf("/demo/ik-seo/seo/plain/what-it-is.pdf")).toBe("no extension");
      expect(await statusOf("/demo/ik-seo/seo/DSC1234/eiffel-tower.png")).toBe(404);
      expect(await statusOf("/demo/ik-seo/DSC1234.jpg")).toBe(404);
    });
  });

  describe("which version", () => {
    test("the plain URL is the current one, a token is its own, the current one's too", async () => {
      const { store, get } = suite();
      await store({ path: "/versions/a.txt", bytes: Buffer.from("one"), objectVersion: "token.1_A-" });
      await store({ path: "/versions/a.txt", bytes: Buffer.from("two"), objectVersion: "token-2" });
      expect(await textOf("/demo/versions/a.txt")).toBe("two");
      expect(await textOf("/demo/versions/a.txt?ik-obj-version=token.1_A-")).toBe("one");
      expect(await textOf("/demo/tr:orig-true/versions/a.txt?x=y&ik-obj-version=token-2")).toBe("two");
      const { headers } = await get("/demo/versions/a.txt?ik-obj-version=token.1_A-");
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    });

    test.each(["unknown", "", "a%20b", "a'--", "a%00", "x".repeat(257)])(
      "the token '%s' opens nothing",
      async (token) => {
        await suite().store({ path: "/versions/b.txt", bytes: Buffer.from("b") });
        expect(await statusOf(`/demo/versions/b.txt?ik-obj-version=${token}`)).toBe(404);
      },
    );

    test("one file's token opens no other file", async () => {
      const { store } = suite();
      await store({ path: "/versions/c.txt", bytes: Buffer.from("c"), objectVersion: "token-c" });
      await store({ path: "/versions/d.txt", bytes: Buffer.from("d"), objectVersion: "token-d" });
      expect(await statusOf("/demo/versions/c.txt?ik-obj-version=token-d")).toBe(404);
    });

    test("only the time of the current version makes a URL last", async () => {
      const { store, get } = suite();
      await store({ path: "/versions/e.txt", bytes: Buffer.from("1"), at: 1000 });
      await store({ path: "/versions/e.txt", bytes: Buffer.from("2"), at: 2000 });
      const policyAt = async (time: string) =>
        (await get(`/demo/versions/e.txt?updatedAt=${time}`)).headers["cache-control"];
      expect(await policyAt("2000")).toBe("public, max-age=31536000, immutable");
      for (const time of ["1000", "2000.0", "02000", "", "x"]) {
        expect(await policyAt(time)).toBe("public, max-age=0, s-maxage=60, must-revalidate");
      }
    });
  });

  describe("a draft", () => {
    test("is not there, signed or not, whatever is asked of it", async () => {
      const { store } = suite();
      const bytes = await picture();
      await store({ path: "/drafts/a.jpg", bytes, mime: "image/jpeg", isDraft: true, objectVersion: "draft" });
      for (const rest of [
        "drafts/a.jpg",
        "drafts/a.jpg?tr=orig-true",
        "tr:n-ik_ml_thumbnail/drafts/a.jpg",
        "tr:w-100/drafts/a.jpg",
        "drafts/a.jpg?ik-obj-version=draft",
        "ik-seo/drafts/a/b.jpg",
      ]) {
        expect(await statusOf(`/demo/${rest}`)).toBe(404);
        expect(await statusOf(`/demo/${signPath(key, rest)}`)).toBe(404);
      }
    });

    test("that is current hides the file, but no version that has its own token", async () => {
      const { store } = suite();
      await store({ path: "/drafts/b.txt", bytes: Buffer.from("old"), objectVersion: "old" });
      await store({ path: "/drafts/b.txt", bytes: Buffer.from("new"), objectVersion: "new", isDraft: true });
      expect(await statusOf("/demo/drafts/b.txt")).toBe(404);
      expect(await statusOf("/demo/drafts/b.txt?ik-obj-version=new")).toBe(404);
      expect(await textOf("/demo/drafts/b.txt?ik-obj-version=old")).toBe("old");
    });

    test("that isn't current stays hidden under its token", async () => {
      const { store } = suite();
      await store({ path: "/drafts/c.txt", bytes: Buffer.from("old"), objectVersion: "old", isDraft: true });
      await store({ path: "/drafts/c.txt", bytes: Buffer.from("new") });
      expect(await statusOf("/demo/drafts/c.txt?ik-obj-version=old")).toBe(404);
      expect(await textOf("/demo/drafts/c.txt")).toBe("new");
    });
  });

  describe("a private file", () => {
    test("needs a signature, apart from named transformations alone", async () => {
      const { store, get } = suite();
      await store({ path: "/private/a.jpg", bytes: await picture(), mime: "image/jpeg", isPrivate: true });
      const table: [rest: string, unsigned: number, signed: number][] = [
        ["private/a.jpg", 401, 200],
        ["private/a.jpg?tr=orig-true", 401, 200],
        ["tr:orig-true/private/a.jpg", 401, 200],
        ["tr:n-ik_ml_thumbnail/private/a.jpg", 200, 200],
        ["private/a.jpg?tr=n-media_library_thumbnail", 200, 200],
        ["tr:n-ik_ml_thumbnail,orig-true/private/a.jpg", 401, 200],
        ["tr:w-100/private/a.jpg", 401, 200],
        ["tr:n-ik_ml_thumbnail,w-1000/private/a.jpg", 401, 200],
        ["tr:n-ik_ml_thumbnail/private/a.jpg?tr=w-1000", 401, 200],
        ["tr:e-upscale/private/a.jpg", 401, 400],
      ];
      for (const [rest, unsigned, signed] of table) {
        expect(await statusOf(`/demo/${rest}`), rest).toBe(unsigned);
        expect(await statusOf(`/demo/${signPath(key, rest)}`), rest).toBe(signed);
      }
      const refused = await get("/demo/private/a.jpg");
      expect(refused.body.toString()).toBe("Unauthorised Image Access");
      expect(refused.headers["ik-error"]).toMatch(/^EAUTH - /);
    });

    test("is nothing for shared caches", async () => {
      const { store, get, now } = suite();
      await store({ path: "/private/b.jpg", bytes: await picture(), mime: "image/jpeg", isPrivate: true, at: 5000 });
      const policyOf = async (rest: string) => (await get(`/demo/${rest}`)).headers["cache-control"];
      expect(await policyOf(signPath(key, "private/b.jpg"))).toBe("private, max-age=0");
      expect(await policyOf(signPath(key, "private/b.jpg?updatedAt=5000"))).toBe("private, max-age=0");
      expect(await policyOf("tr:n-ik_ml_thumbnail/private/b.jpg")).toBe("private, max-age=0");
      expect(await policyOf(signPath(key, "private/b.jpg", now / 1000 + 90))).toBe("private, max-age=90");
    });

    test("is one by version", async () => {
      const { store } = suite();
      await store({ path: "/private/c.txt", bytes: Buffer.from("old"), objectVersion: "old", isPrivate: true });
      await store({ path: "/private/c.txt", bytes: Buffer.from("new"), objectVersion: "new" });
      expect(await textOf("/demo/private/c.txt")).toBe("new");
      expect(await statusOf("/demo/private/c.txt?ik-obj-version=old")).toBe(401);
      expect(await textOf(`/demo/${signPath(key, "private/c.txt?ik-obj-version=old")}`)).toBe("old");
    });

    test("stays shut for a condition or a range that would fit", async () => {
      const { store, get } = suite();
      await store({ path: "/private/d.txt", bytes: Buffer.from("secret"), isPrivate: true });
      for (const headers of [{ "if-none-match": "*" }, { range: "bytes=0-1" }, { range: "bytes=99-" }] as Record<
        string,
        string
      >[]) {
        const { status, headers: answered } = await get("/demo/private/d.txt", headers);
        expect(status).toBe(401);
        expect(answered).not.toHaveProperty("content-range");
        expect(answered).not.toHaveProperty("etag");
      }
    });
  });

  describe("a signature", () => {
    test("that is wrong or over is refused for a public file too, and before the file is looked for", async () => {
      const { store, get, now } = suite();
      await store({ path: "/signed/a.txt", bytes: Buffer.from("public") });
      expect(await textOf(`/demo/${signPath(key, "signed/a.txt", now / 1000)}`)).toBe("public");
      const wrong = "EAUTH - Invalid request signature";
      for (const [rest, error] of [
        [signPath("private_other", "signed/a.txt"), wrong],
        [
          signPath(key, "signed/a.txt", now / 1000 - 1),
          "EAUTH - The time of the signature, ik-t, is over: sign a new URL",
        ],
        ["signed/a.txt?ik-s=x", wrong],
        [signPath("private_other", "signed/nothing.txt"), wrong],
        [signPath("private_other", "tr:n-unknown/signed/a.txt"), wrong],
      ]) {
        const { status, headers, body } = await get(`/demo/${rest}`);
        expect([status, body.toString()]).toEqual([401, "invalid request signature"]);
        expect(headers).toMatchObject({
          "ik-error": error,
          "cache-control": "public, max-age=0, s-maxage=60",
        });
      }
    });

    test("that ends while the file is looked for is as good as when it was asked for", async () => {
      const { store, services, now } = suite();
      await store({ path: "/signatures/ends.txt", bytes: Buffer.from("text") });
      let reads = 0;
      services.now = () => now + 2000 * reads++;
      const { headers } = await suite().server.ask(`/demo/${signPath(key, "signatures/ends.txt", now / 1000)}`);
      services.now = () => now;
      expect(headers["cache-control"]).toBe("private, max-age=0");
    });

    test("is made with a key of the file's account that is still good", async () => {
      const { library, now } = suite();
      const account = await library.addAccount("rotating");
      await library.addKey(account, "private_old", now + 1);
      await library.addKey(account, "private_over", now);
      await library.addKey(account, "private_new");
      await library.store(account, { path: "/a.txt", bytes: Buffer.from("secret"), isPrivate: true });
      expect(await textOf(`/rotating/${signPath("private_new", "a.txt")}`)).toBe("secret");
      expect(await textOf(`/rotating/${signPath("private_old", "a.txt")}`)).toBe("secret");
      expect(await statusOf(`/rotating/${signPath("private_over", "a.txt")}`)).toBe(401);
      expect(await statusOf(`/rotating/${signPath(key, "a.txt")}`)).toBe(401);
    });

    test("counts the bytes that were sent", async () => {
      const { store } = suite();
      await store({ path: "/signed/café.txt", bytes: Buffer.from("secret"), isPrivate: true });
      const signed = signPath(key, "signed/caf%C3%A9.txt?b=2&a=1");
      expect(await textOf(`/demo/${signed}`)).toBe("secret");
      expect(await statusOf(`/demo/${signed.replace("b=2&a=1", "a=1&b=2")}`)).toBe(401);
      expect(await statusOf(`/demo/${signed.replace("caf%C3%A9", "cafe%CC%81")}`)).toBe(401);
    });
  });

  describe("a transformation", () => {
    test.each([
      ["tr:n-unknown/t/a.txt", "Unknown named transformation: unknown"],
      ["tr:w-0/t/a.txt", "Invalid value of transformation parameter w-0"],
      ["t/a.txt?tr=w-300%2Cnone-2", "Unsupported transformation parameter: none"],
    ])("%s can't be had", async (rest, message) => {
      const { store, get } = suite();
      await store({ path: "/t/a.txt", bytes: Buffer.from("t") });
      const { status, headers, body } = await get(`/demo/${rest}`);
      expect([status, body.toString()]).toEqual([400, `Bad URL Transformation Request\n${message}\n`]);
      expect(headers["ik-error"]).toBe(`EINVALID - ${message}`);
    });

    test.each(["", "tr:", ",", "%2C"])("'%s' is none: a URL with it is one without", async (text) => {
      const { store, get } = suite();
      await store({ path: "/t/public.txt", bytes: Buffer.from("public") });
      await store({ path: "/t/private.txt", bytes: Buffer.from("private"), isPrivate: true });
      for (const rest of [`tr:${text}/t/public.txt`, `t/public.txt?tr=${text}`]) {
        expect(await textOf(`/demo/${rest}`), rest).toBe("public");
      }
      expect(await statusOf(`/demo/t/private.txt?tr=${text}`)).toBe(401);
      expect(await textOf(`/demo/${signPath(key, `t/private.txt?tr=${text}`)}`)).toBe("private");
      expect((await get(`/demo/t/missing.txt?tr=${text}`)).status).toBe(404);
    });
  });
});
