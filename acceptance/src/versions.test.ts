import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "./harness/deliver.ts";
import { call, refusal } from "./harness/media-api.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
let picture: Buffer;
beforeAll(async () => {
  server = await startServer();
  picture = await png();
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

let files = 0;
const newName = (extension = "txt") => `${++files}.${extension}`;

/** Stores a file under exactly this name. */
async function store(fileName: string, content: string | Buffer, fields: Fields = {}) {
  const { status, body } = await uploadBasic(server.url, content, { fileName, useUniqueFileName: "false", ...fields });
  expect(body).toHaveProperty("fileId");
  expect(status).toBe(200);
  return body;
}

const versionsOf = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;

const taken = [
  400,
  "A file with the same name already exists at the exact location. We could not overwrite it because both overwriteFile and useUniqueFileName are set to false.",
  "FILE_ALREADY_EXISTS",
];

describe("at the target path", () => {
  test("there is nothing: a new file at version 1, whose id is the file's", async () => {
    const { fileId, versionInfo } = await store(newName(), "one");
    expect(versionInfo).toEqual({ id: fileId, name: "Version 1" });
  });

  test("there is a file: the upload becomes its next version, and the one before is kept", async () => {
    const name = newName();
    const first = await store(name, "one");
    const second = await store(name, "two", { overwriteFile: "true" });
    const third = await store(name, "three");
    expect([second.fileId, third.fileId]).toEqual([first.fileId, first.fileId]);
    expect([second.versionInfo.name, third.versionInfo.name]).toEqual(["Version 2", "Version 3"]);
    expect(new Set([first, second, third].map(({ versionInfo }) => versionInfo.id)).size).toBe(3);
    expect(third.url).toBe(first.url);
    expect(await textAt(first.url)).toBe("three");
    const versions = await versionsOf(first.fileId);
    expect(versions.map(({ type }: { type: string }) => type)).toEqual(["file", "file-version", "file-version"]);
    const contents = await Promise.all(versions.map(({ url }: { url: string }) => textAt(url)));
    expect(contents).toEqual(["three", "two", "one"]);
  });

  test("there is a file that must not be overwritten: the upload is refused and nothing changes", async () => {
    const name = newName();
    const first = await store(name, "one", { tags: "kept", description: "kept" });
    const fields = { fileName: name, useUniqueFileName: "false", overwriteFile: "false", tags: "new" };
    expect(refusal(await uploadBasic(server.url, "two", fields))).toEqual(taken);
    expect(refusal(await uploadWithToken(server.url, "two", fields))).toEqual(taken);
    expect(await textAt(first.url)).toBe("one");
    expect(await versionsOf(first.fileId)).toMatchObject([{ tags: ["kept"], description: "kept" }]);
  });

  test("overwriteFile=false takes a free name", async () => {
    expect((await store(newName(), "one", { overwriteFile: "false" })).versionInfo.name).toBe("Version 1");
  });

  test("overwriteFile=false does not matter to unique names", async () => {
    const fields = { fileName: "unique.txt", overwriteFile: "false" };
    const answers = [await uploadBasic(server.url, "one", fields), await uploadBasic(server.url, "two", fields)];
    expect(answers.map(({ status, body }) => [status, body.versionInfo.name])).toEqual([
      [200, "Version 1"],
      [200, "Version 1"],
    ]);
  });

  test("the same name in another folder is another file", async () => {
    const name = newName();
    const [one, two] = [await store(name, "one", { folder: "/x" }), await store(name, "two", { folder: "/y" })];
    expect(two.versionInfo).toEqual({ id: two.fileId, name: "Version 1" });
    expect(two.fileId).not.toBe(one.fileId);
  });

  test("the name of a deleted file is free again", async () => {
    const name = newName();
    const { fileId } = await store(name, "one");
    await call(server.url, "DELETE", `/v1/files/${fileId}`);
    const again = await store(name, "two");
    expect(again.versionInfo).toEqual({ id: again.fileId, name: "Version 1" });
    expect(again.fileId).not.toBe(fileId);
  });

  test("the same bytes again are a version of their own", async () => {
    const name = newName();
    const { fileId } = await store(name, "same");
    expect((await store(name, "same")).versionInfo.name).toBe("Version 2");
    expect(await versionsOf(fileId)).toHaveLength(2);
  });

  test("a file may change its kind", async () => {
    const name = newName("png");
    const first = await store(name, picture);
    expect(first).toMatchObject({ fileType: "image", width: 6 });
    const second = await store(name, "no picture any more");
    expect(second).toMatchObject({ fileId: first.fileId, fileType: "non-image" });
    expect(second).not.toHaveProperty("width");
    expect(second).not.toHaveProperty("thumbnailUrl");
  });
});

test("a file has 100 versions at most, however fast they come", async () => {
  const name = newName();
  const { fileId } = await store(name, "version 1");
  for (let number = 2; number <= 100; number++) await store(name, `version ${number}`);
  const fields = { fileName: name, useUniqueFileName: "false" };
  const limit = [400, "The file already has 100 versions.", "VERSION_LIMIT_EXCEEDED"];
  expect(refusal(await uploadBasic(server.url, "version 101", fields))).toEqual(limit);
  expect(refusal(await uploadWithToken(server.url, "version 101", fields))).toEqual(limit);
  const versions = await versionsOf(fileId);
  expect(versions).toHaveLength(100);
  expect(await textAt(versions[0].url)).toBe("version 100");
  await call(server.url, "DELETE", `/v1/files/${fileId}/versions/${versions[99].versionInfo.id}`);
  expect((await store(name, "version 101")).versionInfo.name).toBe("Version 101");
});

describe("on overwrite", () => {
  const everything = {
    tags: "old,tags",
    customCoordinates: "1,2,3,4",
    description: "old",
    isPrivateFile: "true",
    isPublished: "false",
  };
  const everyField = "tags,customCoordinates,isPrivateFile,isPublished";

  async function overwritten(fields: Fields) {
    const name = newName("png");
    await store(name, picture, everything);
    const body = await store(name, picture, { responseFields: everyField, ...fields });
    const { body: details } = await call(server.url, "GET", `/v1/files/${body.fileId}/details`);
    // The stored values are those of the answer.
    expect(details).toMatchObject({ tags: body.tags, customCoordinates: body.customCoordinates });
    expect(details.description).toBe(body.description);
    return body;
  }

  test("what the request leaves out is cleared or goes back to its default", async () => {
    const body = await overwritten({});
    expect(body).toMatchObject({ tags: null, customCoordinates: null, isPrivateFile: false, isPublished: true });
    expect(body).not.toHaveProperty("description");
  });

  test("what the request has is set, whatever the overwrite parameters say", async () => {
    const request = {
      tags: "new",
      customCoordinates: "5,6,7,8",
      description: "new",
      isPrivateFile: "true",
      isPublished: "true",
    };
    for (const overwrite of ["true", "false"]) {
      const flags = { overwriteTags: overwrite, overwriteDescription: overwrite };
      expect(await overwritten({ ...request, ...flags })).toMatchObject({
        tags: ["new"],
        customCoordinates: "5,6,7,8",
        description: "new",
        isPrivateFile: true,
        isPublished: true,
      });
    }
  });

  test("tags are kept with overwriteTags=false alone", async () => {
    expect((await overwritten({ overwriteTags: "false" })).tags).toEqual(["old", "tags"]);
    expect((await overwritten({ overwriteTags: "true" })).tags).toBeNull();
    expect((await overwritten({ overwriteTags: "false", tags: "" })).tags).toEqual(["old", "tags"]);
    expect((await overwritten({ overwriteTags: "false" })).description).toBeUndefined();
  });

  test("the description is kept with overwriteDescription=false alone", async () => {
    expect((await overwritten({ overwriteDescription: "false" })).description).toBe("old");
    expect((await overwritten({ overwriteDescription: "true" })).description).toBeUndefined();
    expect((await overwritten({ overwriteDescription: "false" })).tags).toBeNull();
  });

  test("custom coordinates and the two states go, since no parameter keeps them", async () => {
    const keep = {
      overwriteTags: "false",
      overwriteDescription: "false",
      overwriteAITags: "false",
      overwriteCustomMetadata: "false",
    };
    expect(await overwritten(keep)).toMatchObject({
      tags: ["old", "tags"],
      description: "old",
      customCoordinates: null,
      isPrivateFile: false,
      isPublished: true,
    });
  });

  test("the version before keeps what it had", async () => {
    const { fileId } = await overwritten({ tags: "new" });
    const [, before] = await versionsOf(fileId);
    expect(before).toMatchObject({
      tags: ["old", "tags"],
      customCoordinates: "1,2,3,4",
      description: "old",
      isPrivateFile: true,
      isPublished: false,
    });
  });

  test("what counts is the current version, also when an older one was restored", async () => {
    const name = newName();
    const { fileId } = await store(name, "one", { tags: "first" });
    await store(name, "two", { tags: "second" });
    await call(server.url, "PUT", `/v1/files/${fileId}/versions/${fileId}/restore`);
    const third = await store(name, "three", { overwriteTags: "false", responseFields: "tags" });
    expect(third).toMatchObject({ tags: ["first"], versionInfo: { name: "Version 3" } });
  });
});
