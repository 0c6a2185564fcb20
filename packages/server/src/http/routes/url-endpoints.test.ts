import { afterAll, beforeAll, expect, test } from "vitest";
import { findAccount } from "../../database/repositories/accounts.ts";
import { UrlEndpoints } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { describeEngines } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal } from "./files/testing/files-app.ts";

const path = "/v1/accounts/url-endpoints";

describeEngines((engine) => {
  let app: FilesApp;
  let count = 0;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  const create = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const replace = (id: string, payload: object) => app.request("PUT", `${path}/${id}`, { payload });
  const list = async (account: "demo" | "other" = "demo") => (await app.request("GET", path, { account })).json();

  async function created(endpoint: object = {}) {
    count += 1;
    const response = await create({ description: "Shop", urlPrefix: `shop-${count}`, ...endpoint });
    expect(response.statusCode, response.body).toBe(201);
    return response.json();
  }

  test("one is made as it was described, got, listed, replaced as a whole and deleted", async () => {
    const endpoint = await created({ urlRewriter: { type: "CLOUDINARY" } });
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      description: "Shop",
      urlPrefix: `shop-${count}`,
      origins: [],
      urlRewriter: { type: "CLOUDINARY", preserveAssetDeliveryTypes: false },
    });
    expect((await app.request("GET", `${path}/${endpoint.id}`)).json()).toEqual(endpoint);
    expect(await list()).toContainEqual(endpoint);
    const replaced = (await replace(endpoint.id, { description: "Other", urlPrefix: "Other-1" })).json();
    expect(replaced).toEqual({ id: endpoint.id, description: "Other", urlPrefix: "Other-1", origins: [] });
    expect(await list()).toContainEqual(replaced);
    const removed = await app.request("DELETE", `${path}/${endpoint.id}`);
    expect([removed.statusCode, removed.body]).toEqual([204, ""]);
    expect(await list()).not.toContainEqual(replaced);
  });

  test("the default one comes first, keeps its empty prefix and can't be deleted", async () => {
    const [first] = await list();
    expect(first).toEqual({ id: "default", description: "Default URL-endpoint", urlPrefix: "", origins: [] });
    expect((await app.request("GET", `${path}/default`)).json()).toEqual(first);
    const changed = { description: "Mine", urlRewriter: { type: "IMGIX" } };
    for (let times = 0; times < 2; times += 1) {
      expect((await replace("default", { ...changed, urlPrefix: "" })).json()).toEqual({ ...first, ...changed });
    }
    expect((await list())[0]).toEqual({ ...first, ...changed });
    expect((await list("other"))[0]).toEqual(first);
    expect((await replace("default", { description: "Mine", urlPrefix: "a" })).statusCode).toBe(400);
    const kept = [400, "Default URL-endpoint cannot be deleted.", "URL_ENDPOINT_DEFAULT"];
    expect(refusal(await app.request("DELETE", `${path}/default`))).toEqual(kept);
    expect((await replace("default", { description: first.description })).json()).toEqual(first);
  });

  test("one without a prefix has its id as its prefix", async () => {
    const response = await create({ description: "d" });
    const { id } = response.json();
    expect([response.statusCode, response.json()]).toEqual([201, { id, description: "d", urlPrefix: id, origins: [] }]);
    const named = await replace(id, { description: "d", urlPrefix: "named" });
    expect(named.json()).toMatchObject({ id, urlPrefix: "named" });
    expect((await replace(id, { description: "d" })).json()).toMatchObject({ id, urlPrefix: id });
  });

  test("a prefix is unique in its account", async () => {
    const { urlPrefix } = await created();
    const other = await created();
    const taken = [400, "A URL-endpoint with this urlPrefix already exists.", "URL_PREFIX_TAKEN"];
    expect(refusal(await create({ description: "d", urlPrefix }))).toEqual(taken);
    expect(refusal(await replace(other.id, { description: "d", urlPrefix }))).toEqual(taken);
    expect((await replace(other.id, { description: "d", urlPrefix: other.urlPrefix })).statusCode).toBe(200);
    expect((await create({ description: "d", urlPrefix }, "other")).statusCode).toBe(201);
    const attempts = Array.from({ length: 6 }, () => create({ description: "d", urlPrefix: "at-once" }));
    const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, 400, 400, 400, 400, 400]);
  });

  test("another account's endpoint is as if it weren't there", async () => {
    const endpoint = await created();
    const missing = [404, "URL-endpoint not found.", "URL_ENDPOINT_NOT_FOUND"];
    const at = `${path}/${endpoint.id}`;
    const payload = { description: "d", urlPrefix: "theirs" };
    expect(refusal(await app.request("GET", at, { account: "other" }))).toEqual(missing);
    expect(refusal(await app.request("PUT", at, { account: "other", payload }))).toEqual(missing);
    expect(refusal(await app.request("DELETE", at, { account: "other" }))).toEqual(missing);
    expect(refusal(await app.request("GET", `${path}/nothing`))).toEqual(missing);
    expect(await list()).toContainEqual(endpoint);
  });

  test.each([
    [{}, "description is required"],
    [{ description: 1 }, "description must be a string"],
    [{ description: "" }, "description must have 1 to 1000 characters"],
    [{ description: "d", urlPrefix: 1 }, "urlPrefix must be a string"],
    [
      { description: "d", urlPrefix: "" },
      "urlPrefix cannot be empty string. This is reserved for the default URL-endpoint created by ImageKit.",
    ],
    [{ description: "d", urlPrefix: "a_b" }, /^urlPrefix must have 1 to 100 letters, digits and hyphens/],
    [{ description: "d", urlPrefix: "ik-seo" }, /^urlPrefix must have/],
    [{ description: "d", urlPrefix: "a".repeat(101) }, /^urlPrefix must have/],
    [{ description: "d", urlPrefix: "p", origins: "a" }, "origins must be an array of origin ids"],
    [{ description: "d", urlPrefix: "p", origins: [1] }, "origins must be an array of origin ids"],
    [{ description: "d", urlPrefix: "p", origins: Array.from("abcdefghijk") }, "origins must have at most 10 entries"],
    [{ description: "d", urlPrefix: "p", origins: ["a", "a"] }, "origins must not name an origin twice"],
    [
      { description: "d", urlPrefix: "p", origins: ["a"] },
      "Origin does not exists. Please create origin before using it in URL-endpoint.",
    ],
    [{ description: "d", urlPrefix: "p", urlRewriter: "IMGIX" }, "urlRewriter must be an object"],
    [
      { description: "d", urlPrefix: "p", urlRewriter: { type: "X" } },
      "urlRewriter.type must be one of CLOUDINARY, IMGIX, AKAMAI",
    ],
    [
      { description: "d", urlPrefix: "p", urlRewriter: { type: "CLOUDINARY", preserveAssetDeliveryTypes: 1 } },
      "urlRewriter.preserveAssetDeliveryTypes must be true or false",
    ],
    [
      { description: "d", urlPrefix: "p", urlRewriter: { type: "IMGIX", preserveAssetDeliveryTypes: true } },
      /urlRewriter.preserveAssetDeliveryTypes/,
    ],
    [{ description: "d", urlPrefix: "p", other: 1 }, /invalid other parameter/],
  ])("%j is refused: %s", async (body, message) => {
    const before = await list();
    const { statusCode, ...response } = await create(body);
    expect(statusCode).toBe(400);
    if (typeof message === "string") expect(response.json().message).toBe(message);
    else expect(response.json().message).toMatch(message);
    expect(await list()).toEqual(before);
  });

  test("a change holds for what asks next, in every process", async () => {
    const { reader } = app.database;
    const elsewhere = new UrlEndpoints(reader);
    const { id, urlPrefix } = await created();
    const account = await findAccount(reader, { imagekit_id: "demo" });
    const accountId = account?.id ?? "";
    expect((await elsewhere.of(accountId)).get(urlPrefix)?.id).toBe(id);
    await replace(id, { description: "d", urlPrefix: "moved" });
    expect((await elsewhere.of(accountId)).get(urlPrefix)).toBeUndefined();
    expect((await elsewhere.of(accountId)).get("moved")?.id).toBe(id);
    await app.request("DELETE", `${path}/${id}`);
    expect((await elsewhere.of(accountId)).get("moved")).toBeUndefined();
  });
});
