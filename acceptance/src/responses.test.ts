import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "./harness/deliver.ts";
import { call } from "./harness/media-api.ts";
import { photograph, png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const always = ["AITags", "filePath", "fileId", "fileType", "name", "size", "url", "versionInfo"];
const id = expect.stringMatching(/^[0-9a-f]{24}$/);
const membersOf = (body: object) => Object.keys(body).sort();

describe("the answer to an upload", () => {
  test("of any file has what every answer has, and nothing else", async () => {
    const fields = { fileName: "a.txt", folder: "/docs", useUniqueFileName: "false" };
    const { status, headers, body } = await uploadWithToken(server.url, "text", fields);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^application\/json\b/);
    expect(membersOf(body)).toEqual([...always].sort());
    expect(body).toEqual({
      fileId: id,
      name: "a.txt",
      filePath: "/docs/a.txt",
      url: `${server.url}/demo/docs/a.txt`,
      size: 4,
      fileType: "non-image",
      versionInfo: { id, name: "Version 1" },
      AITags: null,
    });
    expect(body.versionInfo.id).toBe(body.fileId);
  });

  test("of a picture has its size in whole numbers and its thumbnail as well", async () => {
    const { body } = await uploadBasic(server.url, await png(), { fileName: "a b.png", folder: "p/q" });
    expect(membersOf(body)).toEqual([...always, "height", "width", "thumbnailUrl"].sort());
    expect(body).toMatchObject({ fileType: "image", width: 6, height: 4 });
    expect(body.url).toBe(`${server.url}/demo${body.filePath}`);
    expect(body.thumbnailUrl).toBe(`${server.url}/demo/tr:n-ik_ml_thumbnail${body.filePath}`);
    for (const name of ["size", "width", "height"]) expect(Number.isInteger(body[name])).toBe(true);
  });

  test("has the orientation of a picture that has one", async () => {
    const { body } = await uploadBasic(server.url, await photograph(6), { fileName: "a.jpg" });
    expect(membersOf(body)).toEqual([...always, "height", "width", "thumbnailUrl", "orientation"].sort());
    expect(body.orientation).toBe(6);
  });

  test("has the description when there is one", async () => {
    const { body } = await uploadBasic(server.url, "text", { fileName: "a.txt", description: "A “text”" });
    expect(body.description).toBe("A “text”");
    expect(membersOf(body)).toEqual([...always, "description"].sort());
  });

  test.each([
    ["tags", ["a", "b"]],
    ["customCoordinates", "1,2,3,4"],
    ["isPrivateFile", true],
    ["isPublished", true],
  ])("has %s when responseFields lists it, and only then", async (field, value) => {
    const fields = { fileName: "a.png", tags: "a,b", customCoordinates: "1,2,3,4", isPrivateFile: "true" };
    const picture = await png();
    expect((await uploadBasic(server.url, picture, fields)).body).not.toHaveProperty(field);
    const { body } = await uploadBasic(server.url, picture, { ...fields, responseFields: field });
    expect(body[field]).toEqual(value);
    expect(membersOf(body)).toEqual([...always, "height", "width", "thumbnailUrl", field].sort());
  });

  test("has null for tags and coordinates that there are none of", async () => {
    const fields = { fileName: "a.txt", responseFields: "tags,customCoordinates,isPrivateFile,isPublished" };
    const { body } = await uploadBasic(server.url, "text", fields);
    expect(body).toMatchObject({ tags: null, customCoordinates: null, isPrivateFile: false, isPublished: true });
  });

  test("comes when the file can be had", async () => {
    const { body } = await uploadBasic(server.url, "there", { fileName: "a.txt" });
    const [delivered, details] = await Promise.all([
      deliver(original(body.url)),
      call(server.url, "GET", `/v1/files/${body.fileId}/details`),
    ]);
    expect(delivered.bytes.toString()).toBe("there");
    expect(details.body).toMatchObject({ fileId: body.fileId, size: 5 });
  });
});

describe("a refusal", () => {
  test("leaves no file, no folder and no version", async () => {
    const folder = "/refused";
    for (const bad of [{ tags: "%" }, { isPublished: "?" }, { customCoordinates: "1,2,3,4" }, { checks: "x" }]) {
      const wanted = { fileName: "r.txt", folder, ...bad };
      expect((await uploadBasic(server.url, "a", wanted)).status).toBe(400);
      expect((await uploadWithToken(server.url, "a", wanted)).status).toBe(400);
    }
    expect((await call(server.url, "GET", `/v1/files?path=${folder}`)).body).toEqual([]);
  });

  test("of a used-up attempt asks for no retry, one before that does not mind", async () => {
    const fields = { fileName: "r.txt", tags: "%" };
    const burnt = await uploadWithToken(server.url, "a", fields);
    expect([burnt.status, burnt.headers.get("x-should-retry")]).toEqual([400, "false"]);
    const unburnt = await uploadBasic(server.url, "a", fields);
    expect([unburnt.status, unburnt.headers.get("x-should-retry")]).toEqual([400, null]);
  });
});
