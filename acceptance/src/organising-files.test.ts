import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, refusal, unknownId } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const post = (path: string, body: object) => call(server.url, "POST", path, { body });
const rename = (body: object) => call(server.url, "PUT", "/v1/files/rename", { body });
const details = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

async function store(folder: string, fileName: string, fields: Readonly<Record<string, string>> = {}) {
  const content = `${folder}/${fileName} ${Math.random()}`;
  const { body } = await uploadBasic(server.url, content, { folder, fileName, useUniqueFileName: "false", ...fields });
  return { ...body, content } as { fileId: string; url: string; content: string };
}

const textAt = async (url: string) => (await fetch(url)).text();

describe("a file", () => {
  test("that is copied has its bytes under both URLs, and a merge has both files' versions", async () => {
    const source = await store("/copy", "a.txt", { tags: "kept" });
    const there = await store("/copy/b", "a.txt");
    expect((await post("/v1/files/copy", { sourceFilePath: "/copy/a.txt", destinationPath: "/copy/c" })).status).toBe(
      204,
    );
    expect((await post("/v1/files/copy", { sourceFilePath: "/copy/a.txt", destinationPath: "/copy/b" })).status).toBe(
      204,
    );
    for (const folder of ["/copy", "/copy/b", "/copy/c"]) {
      expect(await textAt(`${server.url}/demo${folder}/a.txt`)).toBe(source.content);
    }
    expect(await details(there.fileId)).toMatchObject({ tags: ["kept"], versionInfo: { name: "Version 2" } });
  });

  test("that is moved keeps its id, and its old URL stops working", async () => {
    const { fileId, url, content } = await store("/move", "a.txt");
    await post("/v1/files/move/", { sourceFilePath: "/move/a.txt", destinationPath: "/move/on" });
    expect((await fetch(url)).status).toBe(404);
    const moved = await details(fileId);
    expect(moved.filePath).toBe("/move/on/a.txt");
    expect(await textAt(moved.url)).toBe(content);
  });

  test("that is renamed purges its old URL where that is asked for", async () => {
    const { fileId, url } = await store("/rename", "a.txt");
    const answer = await rename({ filePath: "/rename/a.txt", newFileName: "b c.txt", purgeCache: true });
    expect(answer).toMatchObject({ status: 200, body: { purgeRequestId: expect.stringMatching(/^[0-9a-f]{24}$/) } });
    const status = () => call(server.url, "GET", `/v1/files/purge/${answer.body.purgeRequestId}`);
    await expect.poll(async () => (await status()).body).toEqual({ status: "Completed" });
    expect((await fetch(url)).status).toBe(404);
    expect((await details(fileId)).filePath).toBe("/rename/b_c.txt");
  });

  test("that is renamed to a name that is taken stays: 409, and a retry is pointless", async () => {
    await store("/taken", "a.txt");
    await store("/taken", "b.txt");
    const answer = await rename({ filePath: "/taken/a.txt", newFileName: "b.txt" });
    const message = "File with name newFileName already exists at the same location.";
    expect(refusal(answer)).toEqual([409, message, "FILE_ALREADY_EXISTS"]);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  const missing = "Your request is missing parameters / contains invalid parameters.";
  test.each([
    ["copy", {}, [400, missing, "MISSING_PARAMETER"]],
    ["move", { sourceFilePath: "/a.txt" }, [400, missing, "MISSING_PARAMETER"]],
    [
      "copy",
      { sourceFilePath: "/nobody.txt", destinationPath: "/x" },
      [404, "No file found with filePath /nobody.txt", "SOURCE_FILE_MISSING"],
    ],
    [
      "move",
      { sourceFilePath: "/nobody.txt", destinationPath: "/x" },
      [404, "No file found with filePath /nobody.txt", "SOURCE_FILE_MISSING"],
    ],
  ])("is not touched by a %s of %j", async (what, body, expected) => {
    expect(refusal(await post(`/v1/files/${what}`, body))).toEqual(expected);
  });

  test.each([
    [{ filePath: "/a.txt" }, [400, missing, "MISSING_PARAMETER"]],
    [
      { filePath: "/a.txt", newFileName: "a.txt" },
      [400, "newFileName cannot be the same as its existing name.", "SAME_OLD_AND_NEW_NAME"],
    ],
    [
      { filePath: "/nobody.txt", newFileName: "b.txt" },
      [404, "No file found in media library at filePath /nobody.txt", "FILE_MISSING"],
    ],
  ])("is not renamed by %j", async (body, expected) => {
    expect(refusal(await rename(body))).toEqual(expected);
  });
});

describe("several files", () => {
  test("are tagged and deleted together", async () => {
    const fileIds = [(await store("/bulk", "a.txt")).fileId, (await store("/bulk", "b.txt")).fileId];
    const updated = { status: 200, body: { successfullyUpdatedFileIds: fileIds } };
    expect(await post("/v1/files/addTags", { fileIds, tags: ["x", "y"] })).toMatchObject(updated);
    expect(await post("/v1/files/removeTags", { fileIds, tags: ["y", "z"] })).toMatchObject(updated);
    expect(await post("/v1/files/removeAITags", { fileIds, AITags: ["z"] })).toMatchObject(updated);
    for (const id of fileIds) expect(await details(id)).toMatchObject({ tags: ["x"] });
    const deleted = await post("/v1/files/batch/deleteByFileIds", { fileIds });
    expect(deleted).toMatchObject({ status: 200, body: { successfullyDeletedFileIds: fileIds } });
    expect((await call(server.url, "GET", `/v1/files/${fileIds[0]}/details`)).status).toBe(404);
  });

  test("stay as they are where one of them is missing, and those that are missing are listed", async () => {
    const { fileId } = await store("/bulk", "c.txt");
    const fileIds = [fileId, unknownId, "malformed"];
    for (const [path, others] of [
      ["batch/deleteByFileIds", {}],
      ["addTags", { tags: ["x"] }],
    ] as const) {
      const answer = await post(`/v1/files/${path}`, { fileIds, ...others });
      expect(answer.status).toBe(404);
      const message = "The requested file(s) does not exist.";
      expect(answer.body).toMatchObject({ message, missingFileIds: [unknownId, "malformed"] });
    }
    expect(await details(fileId)).toMatchObject({ tags: null });
  });

  test("are tagged but for one whose tags would be too long: 207", async () => {
    const full = await store("/bulk", "full.txt", { tags: "f".repeat(500) });
    const free = await store("/bulk", "free.txt");
    const answer = await post("/v1/files/addTags", { fileIds: [full.fileId, free.fileId], tags: ["x"] });
    expect(answer).toMatchObject({
      status: 207,
      body: {
        successfullyUpdatedFileIds: [free.fileId],
        errors: [{ fileId: full.fileId, error: "Error in adding tags" }],
      },
    });
  });

  test.each([
    ["batch/deleteByFileIds", {}, "fileIds parameter is missing."],
    ["batch/deleteByFileIds", { fileIds: [] }, "fileIds is empty."],
    ["batch/deleteByFileIds", { fileIds: "x" }, "fileIds should be an Array."],
    ["batch/deleteByFileIds", { fileIds: Array(101).fill(unknownId) }, "fileIds cannot have more than 100 items."],
    ["addTags", { fileIds: Array(51).fill(unknownId), tags: ["x"] }, "A maximum of 50 files can be edited at a time."],
    ["addTags", { fileIds: [unknownId] }, "tags parameter is missing."],
    ["removeTags", { fileIds: [unknownId], tags: [] }, "tags array cannot be empty."],
    [
      "addTags",
      { fileIds: [unknownId], tags: ["x".repeat(501)] },
      "Your request contains invalid value for tags parameter. Combined length of all tags should be less than or equal to 500.",
    ],
    ["removeAITags", { fileIds: [unknownId] }, "AITags parameter is missing."],
    ["removeAITags", { fileIds: [unknownId], AITags: [] }, "AITags array cannot be empty."],
    [
      "removeAITags",
      { fileIds: [unknownId], AITags: "x" },
      "Your request contains invalid value for AITags. Please provide an array of strings. Example - ['t-shirt','summer-sale'].",
    ],
  ])("are refused by %s with %j", async (path, body, message) => {
    expect(await post(`/v1/files/${path}`, body)).toMatchObject({ status: 400, body: { message } });
  });
});
