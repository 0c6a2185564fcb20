import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Account, createAccount } from "./harness/account.ts";
import { nextMillisecond } from "./harness/clock.ts";
import { deliver, original, textAt } from "./harness/deliver.ts";
import { type CallOptions, call, refusal, unknownId } from "./harness/media-api.ts";
import { png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let stranger: Account;
beforeAll(async () => {
  server = await startServer();
  stranger = await createAccount(server.dataDir, "stranger");
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

const api = (method: string, path: string, options?: CallOptions) => call(server.url, method, path, options);
const details = (fileId: string) => `/v1/files/${fileId}/details`;
const patch = (fileId: string, body: unknown) => api("PATCH", details(fileId), { body });
const notFound = [404, "The requested file does not exist.", "FILE_NOT_FOUND"];
const invalid = (name: string) => [400, `Your request contains invalid ${name} parameter.`, "PARAMETER_INVALID"];

async function newFile(content: string | Buffer = "text", fields: Fields = {}) {
  return (await uploadBasic(server.url, content, { fileName: "a.txt", ...fields })).body;
}

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe("every call", () => {
  test("needs the private key, by Basic authentication", async () => {
    const encoded = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    const status = async (authorization: string | null) => refusal(await api("GET", "/v1/files", { authorization }));
    const missing = [401, "Your request does not contain private API key.", "PRIVATE_KEY_MISSING"];
    const unknown = [403, "Your account cannot be authenticated.", "ACCOUNT_NOT_AUTHENTICATED"];
    for (const header of [null, "Basic", encoded(":"), "Bearer x"]) expect(await status(header)).toEqual(missing);
    for (const header of [encoded("private_wrong:"), encoded(`${keys.publicKey}:`)]) {
      expect(await status(header)).toEqual(unknown);
    }
    for (const header of [encoded(`${keys.privateKey}:`), encoded(`${keys.privateKey}:do_not_set`)]) {
      expect((await api("GET", "/v1/files", { authorization: header })).status).toBe(200);
    }
  });

  test("takes a slash at the end of its path", async () => {
    const { fileId } = await newFile();
    for (const path of ["/v1/files/", `${details(fileId)}/`, `/v1/files/${fileId}/versions/`]) {
      expect((await api("GET", path)).status, path).toBe(200);
    }
    expect((await api("DELETE", `/v1/files/${fileId}/`)).status).toBe(204);
  });

  test("tells malformed ids, which are 400, from unknown ones, which are 404", async () => {
    for (const id of ["x", unknownId.toUpperCase(), `${unknownId}0`, "a%2Fb", "'"]) {
      for (const [method, path] of [
        ["GET", details(id)],
        ["PATCH", details(id)],
        ["DELETE", `/v1/files/${id}`],
        ["GET", `/v1/files/${id}/versions`],
      ] as const) {
        const options = method === "PATCH" ? { body: { tags: null } } : {};
        expect(refusal(await api(method, path, options)), `${method} ${path}`).toEqual(invalid("fileId"));
      }
    }
    expect(refusal(await api("GET", details(unknownId)))).toEqual(notFound);
    expect(refusal(await patch(unknownId, { tags: ["a"] }))).toEqual(notFound);
    expect(refusal(await patch(unknownId, { publish: { isPublished: true } }))).toEqual(notFound);
    expect(refusal(await api("DELETE", `/v1/files/${unknownId}`))).toEqual(notFound);
    expect(refusal(await api("GET", `/v1/files/${unknownId}/versions`))).toEqual(notFound);
  });

  test("knows nothing of another account's files", async () => {
    const { fileId, url } = await newFile();
    const { authorization } = stranger;
    const version = `/v1/files/${fileId}/versions/${fileId}`;
    for (const [method, path, body] of [
      ["GET", details(fileId)],
      ["PATCH", details(fileId), { tags: ["mine"] }],
      ["DELETE", `/v1/files/${fileId}`],
      ["GET", `/v1/files/${fileId}/versions`],
      ["GET", version],
      ["DELETE", version],
      ["PUT", `${version}/restore`],
    ] as const) {
      expect((await api(method, path, { authorization, body })).status, `${method} ${path}`).toBe(404);
    }
    expect((await api("GET", "/v1/files", { authorization })).body).toEqual([]);
    expect(await textAt(url)).toBe("text");
    expect((await api("GET", details(fileId))).body.tags).toBeNull();
  });
});

describe("a file's details", () => {
  test("are the whole of it", async () => {
    const fields = {
      fileName: "p.png",
      folder: "/d",
      useUniqueFileName: "false",
      tags: "a,b",
      customCoordinates: "1,2,3,4",
      description: "d",
    };
    const bytes = await png(20, 10, { alpha: true });
    const { fileId, url } = await newFile(bytes, fields);
    const { status, headers, body } = await api("GET", details(fileId));
    expect([status, headers.get("content-type")]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(headers.get("x-ik-requestid")).toMatch(/\S/);
    const time = Date.parse(body.updatedAt);
    expect(body).toEqual({
      fileId,
      type: "file",
      name: "p.png",
      filePath: "/d/p.png",
      tags: ["a", "b"],
      AITags: null,
      versionInfo: { id: fileId, name: "Version 1" },
      isPrivateFile: false,
      isPublished: true,
      customCoordinates: "1,2,3,4",
      url: `${url}?updatedAt=${time}`,
      thumbnail: `${url}?updatedAt=${time}&tr=n-ik_ml_thumbnail`,
      fileType: "image",
      mime: "image/png",
      width: 20,
      height: 10,
      size: bytes.length,
      hasAlpha: true,
      customMetadata: {},
      embeddedMetadata: null,
      description: "d",
      createdAt: timestamp,
      updatedAt: timestamp,
    });
    expect((await deliver(original(body.url))).bytes).toEqual(bytes);
    expect((await deliver(body.thumbnail)).status).toBe(200);
  });

  test("of what is no image lack what only images have", async () => {
    const { body } = await api("GET", details((await newFile()).fileId));
    expect(body).toMatchObject({ tags: null, customCoordinates: null, fileType: "non-image", mime: "text/plain" });
    for (const name of ["thumbnail", "width", "height", "hasAlpha", "description"]) {
      expect(body).not.toHaveProperty(name);
    }
  });
});

describe("changing details", () => {
  test("sets, keeps and unsets, and answers with the file", async () => {
    const { fileId } = await newFile(await png(), { fileName: "a.png" });
    const before = (await api("GET", details(fileId))).body;
    await nextMillisecond();
    const set = await patch(fileId, { tags: ["x", "y"], customCoordinates: "0,0,2,2", description: "d" });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({
      tags: ["x", "y"],
      customCoordinates: "0,0,2,2",
      description: "d",
      versionInfo: before.versionInfo,
      createdAt: before.createdAt,
    });
    expect(Date.parse(set.body.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await api("GET", details(fileId))).body).toEqual(set.body);
    const kept = await patch(fileId, { tags: null });
    expect(kept.body).toMatchObject({ tags: null, customCoordinates: "0,0,2,2", description: "d" });
    const unset = await patch(fileId, { customCoordinates: null, description: "" });
    expect(unset.body.customCoordinates).toBeNull();
    expect(unset.body).not.toHaveProperty("description");
  });

  test("with nothing changes nothing", async () => {
    const { fileId } = await newFile();
    const before = (await api("GET", details(fileId))).body;
    expect((await patch(fileId, {})).body).toEqual(before);
  });

  test("publishes and unpublishes", async () => {
    const { fileId, url } = await newFile();
    const unpublished = await patch(fileId, { publish: { isPublished: false } });
    expect([unpublished.status, unpublished.body.isPublished]).toEqual([200, false]);
    expect(await textAt(url)).toBe("status 404");
    expect((await patch(fileId, { publish: { isPublished: true } })).body.isPublished).toBe(true);
    expect(await textAt(url)).toBe("text");
  });

  test("publishes the other versions on request alone, under new URLs", async () => {
    const fields = { fileName: "versions.txt", useUniqueFileName: "false" };
    const { fileId } = await newFile("one", fields);
    await newFile("two", fields);
    const older = async () => (await api("GET", `/v1/files/${fileId}/versions`)).body[1];
    const published = await older();
    expect(await textAt(published.url)).toBe("one");
    await patch(fileId, { publish: { isPublished: false } });
    expect((await older()).isPublished).toBe(true);
    expect(await textAt(published.url)).toBe("one");
    await patch(fileId, { publish: { isPublished: false, includeFileVersions: true } });
    expect((await older()).isPublished).toBe(false);
    await patch(fileId, { publish: { isPublished: true, includeFileVersions: true } });
    const again = await older();
    expect(again.isPublished).toBe(true);
    expect(await textAt(again.url)).toBe("one");
    expect(await textAt(published.url)).toBe("status 404");
  });

  test.each([
    [{ tags: "a,b" }, "tags"],
    [{ tags: [1] }, "tags"],
    [{ tags: ["50%"] }, "tags"],
    [{ customCoordinates: "1,2,3" }, "customCoordinates"],
    [{ customCoordinates: [1, 2, 3, 4] }, "customCoordinates"],
    [{ description: 5 }, "description"],
    [{ publish: true }, "publish"],
    [{ publish: {} }, "publish"],
    [{ publish: { isPublished: "true" } }, "publish"],
    [{ colour: "blue" }, "colour"],
  ])("refuses %j, which it names", async (body, name) => {
    const { fileId } = await newFile(await png(), { fileName: "a.png" });
    expect(refusal(await patch(fileId, body))).toEqual(invalid(name));
  });

  test("refuses more than 500 characters of tags", async () => {
    const { fileId } = await newFile();
    expect((await patch(fileId, { tags: ["x".repeat(250), "y".repeat(250)] })).status).toBe(200);
    expect(refusal(await patch(fileId, { tags: ["x".repeat(250), "y".repeat(251)] }))).toEqual([
      400,
      "Your request contains invalid value for tags parameter. Combined length of all tags should be less than or equal to 500.",
      "TAGS_TOO_LONG",
    ]);
  });

  test("refuses coordinates for what is no image", async () => {
    const { fileId } = await newFile();
    expect(refusal(await patch(fileId, { customCoordinates: "1,2,3,4" }))).toEqual(invalid("customCoordinates"));
  });

  test.each([
    ["removeAITags", "some"],
    ["extensions", [{ name: "remove-bg", options: { bg_color: "fff", bg_image_url: "https://example.com/" } }]],
    ["webhookUrl", "no URL"],
    ["webhookUrl", "http://[::ffff:169.254.169.254]/"],
  ])("refuses a bad %s and changes nothing", async (name, value) => {
    const { fileId } = await newFile();
    expect(refusal(await patch(fileId, { tags: ["a"], [name]: value }))).toEqual(invalid(name));
    expect((await api("GET", details(fileId))).body.tags).toBeNull();
  });
});

describe("deleting a file", () => {
  test("answers 204 with nothing, and every version is gone", async () => {
    const fields = { fileName: "gone.txt", useUniqueFileName: "false" };
    const { fileId, url } = await newFile("one", fields);
    await newFile("two", fields);
    const [, older] = (await api("GET", `/v1/files/${fileId}/versions`)).body;
    const answer = await api("DELETE", `/v1/files/${fileId}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    for (const gone of [url, older.url]) expect(await textAt(gone)).toBe("status 404");
    expect(refusal(await api("GET", details(fileId)))).toEqual(notFound);
    expect(refusal(await api("DELETE", `/v1/files/${fileId}`))).toEqual(notFound);
  });

  test("takes a body, and does not care", async () => {
    const { fileId } = await newFile();
    expect((await api("DELETE", `/v1/files/${fileId}`, { body: { any: "thing" } })).status).toBe(204);
  });
});
