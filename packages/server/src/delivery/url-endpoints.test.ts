import sharp from "sharp";
import { afterEach, describe, expect, test } from "vitest";
import { deleteOwned } from "../database/repositories/owned-rows.ts";
import { insertUrlEndpoint } from "../database/repositories/url-endpoints.ts";
import type { UrlRewriter } from "../endpoints/url-endpoints/url-endpoints.ts";
import { signPath } from "../library/files/asset-url.ts";

import { describeDelivery } from "./testing/delivery-suite.ts";

const key = "private_test";

// docs/protocol/delivery.md §1
describeDelivery((suite) => {
  const added: string[] = [];

  async function addEndpoint(prefix: string, rewriter?: UrlRewriter): Promise<void> {
    const { library, accountId } = suite();
    added.push(prefix);
    await insertUrlEndpoint(library.writer, {
      ...{ account_id: accountId, id: prefix, description: prefix, url_prefix: prefix, origin_ids: "[]" },
      ...{ url_rewriter: rewriter === undefined ? null : JSON.stringify(rewriter), created_at: 0 },
    });
  }

  afterEach(async () => {
    const { library, accountId } = suite();
    for (const id of added.splice(0)) await deleteOwned(library.writer, "url_endpoints", { accountId, id });
  });

  const bodyOf = async (target: string) => (await suite().get(target)).body.toString();
  const statusOf = async (target: string) => (await suite().get(target)).status;
  const text = (path: string, isPrivate = false) =>
    suite().store({ path, bytes: Buffer.from(`at ${path}`), isPrivate });

  test("a prefix leads to the library, and wins over a folder of its name", async () => {
    await text("/a.txt");
    await text("/shop/a.txt");
    await text("/shop/b.txt");
    await text("/shop");
    expect(await bodyOf("/demo/shop/a.txt")).toBe("at /shop/a.txt");
    await addEndpoint("shop");
    expect(await bodyOf("/demo/shop/a.txt")).toBe("at /a.txt");
    expect(await bodyOf("/demo//shop//a.txt")).toBe("at /a.txt");
    expect(await bodyOf("/demo/a.txt")).toBe("at /a.txt");
    expect(await statusOf("/demo/shop/b.txt")).toBe(404);
    expect(await bodyOf("/demo/shop/shop/b.txt")).toBe("at /shop/b.txt");
    // Only the first segment is a prefix, and a prefix alone is none.
    expect(await bodyOf("/demo/shop")).toBe("at /shop");
    expect(await bodyOf("/demo/tr:w-1/shop/b.txt")).toBe("at /shop/b.txt");
    expect(await statusOf("/demo/Shop/a.txt")).toBe(404);
    expect(await statusOf("/demo/shop/")).toBe(404);
    expect(await statusOf("/demo/shop/../a.txt")).toBe(400);
  });

  test("an answer that is remembered from before an endpoint is not sent once the URL means another file", async () => {
    const picture = async (path: string, background: string) => {
      const bytes = await sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer();
      await suite().store({ path, bytes, mime: "image/png" });
    };
    await picture("/before/a.png", "red");
    await picture("/a.png", "blue");
    const target = "/demo/before/a.png?tr=w-10";
    const { body: folder } = await suite().get(target);
    expect((await suite().get(target)).body).toEqual(folder);
    await addEndpoint("before");
    const { body: endpoint } = await suite().get(target);
    expect(endpoint).not.toEqual(folder);
    expect((await suite().get(target)).body).toEqual(endpoint);
  });

  test("an account's prefixes are its own", async () => {
    const { library } = suite();
    const other = await library.addAccount("neighbour");
    await library.store(other, { path: "/a.txt", bytes: Buffer.from("theirs") });
    await addEndpoint("mine");
    expect(await statusOf("/neighbour/mine/a.txt")).toBe(404);
  });

  describe("a signature", () => {
    test("covers what stands behind the prefix, or behind the default endpoint", async () => {
      await text("/secret/a.txt", true);
      await text("/secret/b.txt", true);
      await addEndpoint("signed");
      const signed = (rest: string) => signPath(key, rest);
      expect(await statusOf("/demo/signed/secret/a.txt")).toBe(401);
      expect(await statusOf(`/demo/signed/${signed("secret/a.txt")}`)).toBe(200);
      expect(await statusOf(`/demo/${signed("signed/secret/a.txt")}`)).toBe(200);
      expect(await statusOf(`/demo/signed/${signed("secret/a.txt?v=1")}`)).toBe(200);
      expect(await statusOf(`/demo/signed/${signed("secret/a.txt").replace("/a.", "/b.")}`)).toBe(401);
      expect(await statusOf(`/demo/signed/signed/${signed("secret/a.txt")}`)).toBe(401);
      expect(await statusOf(`/demo/other/${signed("secret/a.txt")}`)).toBe(401);
    });

    test("covers the URL as it was sent, not as it was translated", async () => {
      await text("/secret/c.txt", true);
      await addEndpoint("cloud", { type: "CLOUDINARY", preserveAssetDeliveryTypes: false });
      expect(await statusOf(`/demo/cloud/${signPath(key, "raw/upload/v1/secret/c.txt")}`)).toBe(200);
      const moved = signPath(key, "secret/c.txt").replace("secret/", "raw/upload/v1/secret/");
      expect(await statusOf(`/demo/cloud/${moved}`)).toBe(401);
    });
  });

  test("another service's URLs are translated, and refused by the name of what isn't", async () => {
    const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    await suite().store({ path: "/rewritten/a.png", bytes, mime: "image/png" });
    await addEndpoint("cloud", { type: "CLOUDINARY", preserveAssetDeliveryTypes: false });
    await addEndpoint("imgix", { type: "IMGIX" });
    await addEndpoint("akamai", { type: "AKAMAI" });
    for (const [target, width, height] of [
      ["/demo/cloud/image/upload/w_30,h_30,c_fill/a_90/v17/rewritten/a.png", 30, 30],
      ["/demo/cloud/w_30/rewritten/a.png", 30, 20],
      ["/demo/imgix/rewritten/a.png?w=20&h=20&fit=fill", 20, 20],
      ["/demo/imgix/rewritten/a.png?w=20&tr=rt-90", 20, 30],
      ["/demo/akamai/rewritten/a.png?imwidth=15", 15, 10],
      ["/demo/rewritten/a.png?imwidth=15", 60, 40],
    ] as const) {
      const { status, body } = await suite().get(target);
      expect([target, status]).toEqual([target, 200]);
      expect(await sharp(body).metadata(), target).toMatchObject({ width, height });
    }
    for (const [target, message] of [
      ["/demo/cloud/l_logo/rewritten/a.png", "The Cloudinary parameter l_logo can't be translated"],
      ["/demo/imgix/rewritten/a.png?txt=a", "The imgix parameter txt can't be translated"],
      ["/demo/akamai/rewritten/a.png?im=Crop", "The Akamai parameter im can't be translated"],
    ] as const) {
      const { status, headers } = await suite().get(target);
      expect([status, headers["ik-error"]]).toEqual([400, `EINVALID - ${message}`]);
    }
  });
});
