import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAccountIds } from "../../database/repositories/accounts.ts";
import { listOrigins } from "../../database/repositories/origins.ts";
import { describeEngines } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal } from "./files/testing/files-app.ts";

const path = "/v1/accounts/origins";
const secret = "sehr geheim";
const keys = { accessKey: secret, secretKey: secret };

/** A body of each type, and what is answered besides `id`, `name`, `type` and `includeCanonicalHeader`. */
const types = {
  S3: [
    { bucket: "b", ...keys },
    { bucket: "b", prefix: "", useIAMRole: false },
  ],
  S3_COMPATIBLE: [
    { bucket: "b", prefix: "p/q", endpoint: "https://s3.example.com", ...keys },
    { bucket: "b", prefix: "p/q", endpoint: "https://s3.example.com", s3ForcePathStyle: false },
  ],
  CLOUDINARY_BACKUP: [
    { bucket: "b", useIAMRole: true, accessKey: "", secretKey: "" },
    { bucket: "b", prefix: "", useIAMRole: true },
  ],
  WEB_FOLDER: [
    { baseUrl: "https://www.example.com/images", baseUrlForCanonicalHeader: "https://example.com" },
    {
      baseUrl: "https://www.example.com/images",
      baseUrlForCanonicalHeader: "https://example.com",
      forwardHostHeaderToOrigin: false,
    },
  ],
  WEB_PROXY: [{ allowedHosts: ["a.example", "b.example:8080"] }, { allowedHosts: ["a.example", "b.example:8080"] }],
  GCS: [
    { bucket: "b", clientEmail: "a@b.example", privateKey: secret },
    { bucket: "b", prefix: "", clientEmail: "a@b.example" },
  ],
  AZURE_BLOB: [
    { container: "c", accountName: "a", sasToken: secret },
    { container: "c", prefix: "", accountName: "a" },
  ],
  AKENEO_PIM: [
    { baseUrl: "https://pim.example.com", clientId: secret, clientSecret: secret, username: secret, password: secret },
    { baseUrl: "https://pim.example.com" },
  ],
} as const;

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  const create = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const list = async (account: "demo" | "other" = "demo") => (await app.request("GET", path, { account })).json();
  const folder = { type: "WEB_FOLDER", name: "Web", baseUrl: "https://www.example.com/" };

  async function created(origin: object = folder) {
    const response = await create(origin);
    expect(response.statusCode, response.body).toBe(201);
    return response.json();
  }

  test.each(Object.entries(types))(
    "%s is made, got, listed, replaced and deleted, without its secrets",
    async (type, [body, shown]) => {
      const response = await create({ type, name: "My Origin", ...body });
      const origin = response.json();
      const id = expect.stringMatching(/^[0-9a-f]{24}$/);
      expect(origin).toEqual({ id, name: "My Origin", type, includeCanonicalHeader: false, ...shown });
      const at = `${path}/${origin.id}`;
      const replaced = await app.request("PUT", at, {
        payload: { type, name: "Other", includeCanonicalHeader: true, ...body },
      });
      const got = await app.request("GET", at);
      expect(got.json()).toEqual({ ...origin, name: "Other", includeCanonicalHeader: true });
      expect(replaced.json()).toEqual(got.json());
      expect(await list()).toContainEqual(got.json());
      for (const answer of [response, replaced, got, await app.request("GET", path)]) {
        expect(answer.body).not.toContain(secret);
      }
      const accounts = await listAccountIds(app.database.reader);
      const rows = await Promise.all(accounts.map((accountId) => listOrigins(app.database.reader, accountId)));
      const row = rows.flat().find((one) => one.id === origin.id);
      expect(JSON.stringify(row)).not.toContain(secret);
      expect(row?.secrets === null).toBe(!JSON.stringify(body).includes(secret));
      expect((await app.request("DELETE", at)).statusCode).toBe(204);
      expect(refusal(await app.request("GET", at))).toEqual([404, "Origin not found.", "ORIGIN_NOT_FOUND"]);
    },
  );

  test("one that an endpoint uses stays", async () => {
    const { id } = await created();
    const endpoints = "/v1/accounts/url-endpoints";
    const payload = { description: "d", urlPrefix: "used", origins: [id] };
    const endpoint = (await app.request("POST", endpoints, { payload })).json();
    expect(endpoint.origins).toEqual([id]);
    const used = [400, "The origin is used by a URL-endpoint.", "ORIGIN_IN_USE"];
    expect(refusal(await app.request("DELETE", `${path}/${id}`))).toEqual(used);
    expect(refusal(await app.request("POST", endpoints, { payload, account: "other" }))[2]).toBe(
      "URL_ENDPOINT_ORIGIN_UNKNOWN",
    );
    await app.request("DELETE", `${endpoints}/${endpoint.id}`);
    expect((await app.request("DELETE", `${path}/${id}`)).statusCode).toBe(204);
  });

  test("another account's origin is as if it weren't there", async () => {
    const origin = await created();
    const at = `${path}/${origin.id}`;
    const missing = [404, "Origin not found.", "ORIGIN_NOT_FOUND"];
    expect(refusal(await app.request("GET", at, { account: "other" }))).toEqual(missing);
    expect(refusal(await app.request("PUT", at, { account: "other", payload: folder }))).toEqual(missing);
    expect(refusal(await app.request("DELETE", at, { account: "other" }))).toEqual(missing);
    expect(await list("other")).toEqual([]);
    expect(await list()).toContainEqual(origin);
  });

  test.each([
    [{}, /^Invalid origin type. Must be one of S3, S3_COMPATIBLE, /],
    [{ type: "FTP" }, /^Invalid origin type/],
    [{ type: "toString" }, /^Invalid origin type/],
    [{ type: "S3" }, /^name is required and must be a string$/],
    [{ type: "S3", name: 1 }, /^name is required and must be a string$/],
    [{ type: "S3", name: "a_b" }, /^name must have letters, digits and spaces alone$/],
    [{ type: "S3", name: "n", ...keys }, /^bucket is required and must be a string$/],
    [{ type: "S3", name: "n", bucket: "b" }, /^accessKey is required and must be a string$/],
    [{ type: "S3", name: "n", bucket: "b", accessKey: "", secretKey: "" }, /^accessKey must not be empty/],
    [{ type: "S3", name: "n", bucket: "evil.example/", ...keys }, /^bucket must have letters/],
    [{ type: "S3", name: "n", bucket: "a@b", ...keys }, /^bucket must have letters/],
    [{ type: "S3", name: "n", bucket: "b", prefix: "a/../b", ...keys }, /^prefix must be a path/],
    [{ type: "S3", name: "n", bucket: "b", prefix: "a\r\nb", ...keys }, /^prefix must be a path/],
    [{ type: "S3", name: "n", bucket: "b", prefix: "a\u2028/../b", ...keys }, /^prefix must be a path/],
    [{ type: "S3", name: "n", bucket: "b", prefix: "a\ud800", ...keys }, /^prefix must be a path/],
    [{ type: "S3", name: "n", bucket: "b", useIAMRole: "true", ...keys }, /^useIAMRole must be true or false$/],
    [{ ...folder, baseUrl: "ftp://example.com" }, /^baseUrl must be an http or https URL/],
    [{ ...folder, baseUrl: "https://user:pass@example.com" }, /^baseUrl must be an http or https URL/],
    [{ ...folder, baseUrl: "https://example.com/?a=1" }, /^baseUrl must have no query/],
    [{ ...folder, baseUrl: "http://127.0.0.1/" }, /^baseUrl leads to an address that is not public$/],
    [{ ...folder, baseUrl: "http://0x7f.1/" }, /^baseUrl leads to an address that is not public$/],
    [{ ...folder, baseUrl: "http://[::ffff:169.254.169.254]/" }, /^baseUrl leads to an address that is not public$/],
    [{ ...folder, baseUrl: "http://localhost/" }, /^baseUrl leads to an address that is not public$/],
    [{ ...folder, secretKey: secret }, /invalid secretKey parameter/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: "a.example" }, /^allowedHosts must be an array/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: ["*.example"] }, /^allowedHosts must have hosts alone/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: ["a.example/b"] }, /^allowedHosts must have hosts alone/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: ["A.example"] }, /^allowedHosts must have hosts alone/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: ["a.".repeat(130)] }, /^allowedHosts must have hosts alone/],
    [{ type: "WEB_PROXY", name: "n", allowedHosts: ["0x7f.1"] }, /^allowedHosts must have hosts alone/],
    [{ type: "GCS", name: "n", bucket: "b", clientEmail: "x", privateKey: secret }, /^clientEmail must/],
  ])("%j is refused, and nothing is kept", async (body, message) => {
    const before = await list();
    const response = await create(body);
    expect([response.statusCode, response.json().message]).toEqual([400, expect.stringMatching(message)]);
    expect(response.body).not.toContain(secret);
    expect(await list()).toEqual(before);
  });

  describe("without a secrets key", () => {
    test("types with secrets are refused with what to set, and the others are stored", async () => {
      const bare = await createFilesApp(engine, { secretsKey: [] });
      try {
        for (const [type, [body]] of Object.entries(types)) {
          const response = await bare.request("POST", path, { payload: { type, name: "n", ...body } });
          const hasSecrets = JSON.stringify(body).includes(secret);
          expect([type, response.statusCode]).toEqual([type, hasSecrets ? 400 : 201]);
          if (!hasSecrets) continue;
          expect(response.json()).toMatchObject({
            reason: "SECRETS_KEY_MISSING",
            help: expect.stringContaining("--secrets-key"),
          });
        }
      } finally {
        await bare.close();
      }
    });
  });
});
