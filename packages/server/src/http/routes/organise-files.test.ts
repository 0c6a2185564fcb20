import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPurge } from "../../database/repositories/purges.ts";
import { describeEngines, sqliteEngine } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal } from "./files/testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
    await app.openQueue();
  });
  afterAll(() => app.close());

  const copy = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", "/v1/files/copy", { payload, account });
  const move = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", "/v1/files/move", { payload, account });
  const rename = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("PUT", "/v1/files/rename", { payload, account });
  const upload = (folder: string, fileName: string, fields: Record<string, string> = {}) =>
    app.upload({ fields: { folder, fileName, ...fields } });

  async function pathsIn(path: string, account: "demo" | "other" = "demo"): Promise<string[]> {
    const { statusCode, body } = await app.request("GET", `/v1/files?sort=ASC_NAME&path=${path}`, { account });
    expect(statusCode).toBe(200);
    return JSON.parse(body).map(({ filePath }: { filePath: string }) => filePath);
  }
  const details = async (fileId: string) => (await app.request("GET", `/v1/files/${fileId}/details`)).json();

  test("a copy is a file of its own with all details of its source", async () => {
    const fields = { tags: "a,b", description: "A boat", isPrivateFile: "true", customCoordinates: "1,2,3,4" };
    const source = await upload("/copy", "a.jpg", { ...fields, isPublished: "false" });
    const answer = await copy({ sourceFilePath: "/copy/a.jpg", destinationPath: "/copy/into/" });
    expect([answer.statusCode, answer.body]).toEqual([204, ""]);
    const [copied] = (await app.request("GET", "/v1/files?path=/copy/into")).json();
    const original = await details(source.file_id);
    const { fileId, url, thumbnail, createdAt, updatedAt, ...others } = copied;
    expect(fileId).not.toBe(source.file_id);
    expect(others).toEqual({
      ...original,
      filePath: "/copy/into/a.jpg",
      versionInfo: { id: fileId, name: "Version 1" },
      ...{ fileId: undefined, url: undefined, thumbnail: undefined, createdAt: undefined, updatedAt: undefined },
    });
    expect(createdAt).toBe(updatedAt);
    expect(createdAt > original.createdAt).toBe(true);
    expect(url).toContain("/demo/copy/into/a.jpg?updatedAt=");
    expect(thumbnail.startsWith(`${url}&tr=n-ik_ml_thumbnail&ik-t=`)).toBe(true);
    expect(await pathsIn("/copy")).toEqual(["/copy/a.jpg"]);
  });

  test("a copy has all versions where they are asked for, and appends them to a file that is there", async () => {
    await upload("/versions", "a.jpg");
    await upload("/versions", "a.jpg");
    const there = await upload("/versions/into", "a.jpg");
    const payload = { sourceFilePath: "versions/a.jpg", destinationPath: "versions/into", includeFileVersions: true };
    expect((await copy(payload)).statusCode).toBe(204);
    const { body } = await app.request("GET", `/v1/files/${there.file_id}/versions`);
    const versions: { type: string; versionInfo: { name: string } }[] = JSON.parse(body);
    expect(versions.map(({ type, versionInfo }) => [type, versionInfo.name])).toEqual([
      ["file", "Version 3"],
      ["file-version", "Version 2"],
      ["file-version", "Version 1"],
    ]);
  });

  test("a moved file keeps its id, and its old URL's time never comes again", async () => {
    const source = await upload("/move", "a.jpg");
    const before = await details(source.file_id);
    expect((await move({ sourceFilePath: "/move/a.jpg", destinationPath: "/move/to" })).statusCode).toBe(204);
    const after = await details(source.file_id);
    expect(after).toMatchObject({ fileId: source.file_id, filePath: "/move/to/a.jpg", createdAt: before.createdAt });
    expect(after.updatedAt > before.updatedAt).toBe(true);
    expect(await pathsIn("/move")).toEqual([]);
  });

  test("a moved file that is merged is gone under its own id", async () => {
    const source = await upload("/merge", "a.jpg");
    const there = await upload("/merge/to", "a.jpg");
    expect((await move({ sourceFilePath: "/merge/a.jpg", destinationPath: "/merge/to" })).statusCode).toBe(204);
    expect(refusal(await app.request("GET", `/v1/files/${source.file_id}/details`))[0]).toBe(404);
    const after = await details(there.file_id);
    expect(after.versionInfo).toEqual({ id: source.id, name: "Version 2" });
  });

  test("a destination is cleaned and created as an upload's folder", async () => {
    await upload("/clean", "a.jpg");
    await copy({ sourceFilePath: "/clean/a.jpg", destinationPath: "clean me//now/" });
    expect(await pathsIn("/clean_me/now")).toEqual(["/clean_me/now/a.jpg"]);
  });

  test("a renamed file has a name as uploads clean it", async () => {
    const { file_id: fileId } = await upload("/rename", "a.jpg");
    const answer = await rename({ filePath: "/rename/a.jpg", newFileName: "a b?.jpg" });
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    expect(await details(fileId)).toMatchObject({ name: "a_b_.jpg", filePath: "/rename/a_b_.jpg" });
  });

  test("a rename purges everything below the old URL where that is asked for", async () => {
    const { file_id: fileId } = await upload("/rename/purge", "a.jpg");
    const answer = await rename({ filePath: "/rename/purge/a.jpg", newFileName: "b.jpg", purgeCache: true });
    expect(answer.statusCode).toBe(200);
    const { purgeRequestId } = answer.json();
    expect(await findPurge(app.database.reader, purgeRequestId)).toMatchObject({ path_prefix: "/rename/purge/a.jpg" });
    const versions = app.database.reader.selectFrom("versions").select("purges").where("file_id", "=", fileId);
    expect(await versions.execute()).toEqual([{ purges: 1 }]);
    const status = await app.request("GET", `/v1/files/purge/${purgeRequestId}`);
    expect(status.json()).toEqual({ status: "Pending" });
  });

  test("a rename whose old URL is too short for a wildcard is made, and says that nothing was purged", async () => {
    const { file_id: fileId } = await upload("/", "short");
    const answer = await rename({ filePath: "/short", newFileName: "renamed", purgeCache: true });
    expect(refusal(answer)).toEqual([
      207,
      "File renamed successfully but we could not purge the CDN cache for old URL because of rate limits on purge API.",
      "PURGE_FAILED",
    ]);
    expect(await details(fileId)).toMatchObject({ name: "renamed" });
  });

  test("a name that another file has is a conflict that no retry mends", async () => {
    await upload("/conflict", "a.jpg");
    await upload("/conflict", "b.jpg");
    const answer = await rename({ filePath: "/conflict/a.jpg", newFileName: "b.jpg", purgeCache: true });
    expect(refusal(answer)).toEqual([
      409,
      "File with name newFileName already exists at the same location.",
      "FILE_ALREADY_EXISTS",
    ]);
    expect(answer.headers["x-should-retry"]).toBe("false");
    expect(await pathsIn("/conflict")).toEqual(["/conflict/a.jpg", "/conflict/b.jpg"]);
  });

  test("no account reaches another one's files by their paths", async () => {
    await upload("/mine", "a.jpg");
    const asked = { sourceFilePath: "/mine/a.jpg", destinationPath: "/theirs" };
    for (const call of [copy, move]) {
      expect(refusal(await call(asked, "other"))).toEqual([
        404,
        "No file found with filePath /mine/a.jpg",
        "SOURCE_FILE_MISSING",
      ]);
    }
    expect(refusal(await rename({ filePath: "/mine/a.jpg", newFileName: "b.jpg" }, "other"))).toEqual([
      404,
      "No file found in media library at filePath /mine/a.jpg",
      "FILE_MISSING",
    ]);
    expect(await pathsIn("/theirs", "other")).toEqual([]);
    await app.upload({ account: "other", fields: { folder: "/mine", fileName: "a.jpg" } });
    expect((await move(asked, "other")).statusCode).toBe(204);
    expect(await pathsIn("/mine")).toEqual(["/mine/a.jpg"]);
  });

  test("a merge beyond the limit of versions is refused by its reason", async () => {
    for (let count = 0; count < 100; count++) await upload("/full", "a.jpg");
    await upload("/one", "a.jpg");
    for (const call of [copy, move]) {
      const answer = await call({ sourceFilePath: "/one/a.jpg", destinationPath: "/full" });
      const [status, , reason] = refusal(answer);
      expect([status, reason]).toEqual([400, "VERSION_LIMIT_EXCEEDED"]);
    }
    expect(await pathsIn("/one")).toEqual(["/one/a.jpg"]);
  });
});

describe("a body that can't be meant is refused:", () => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(sqliteEngine);
    await app.upload({ fields: { folder: "/a", fileName: "a.jpg" } });
  });
  afterAll(() => app.close());

  const missing = "Your request is missing parameters / contains invalid parameters.";
  const places = [
    [{}, missing, "MISSING_PARAMETER"],
    [{ sourceFilePath: "/a/a.jpg" }, missing, "MISSING_PARAMETER"],
    [{ destinationPath: "/b" }, missing, "MISSING_PARAMETER"],
    [{ sourceFilePath: "", destinationPath: "/b" }, missing, "MISSING_PARAMETER"],
    [{ sourceFilePath: ["/a/a.jpg"], destinationPath: "/b" }, missing, "MISSING_PARAMETER"],
    [{ sourceFilePath: "/a/a.jpg", destinationPath: 1 }, missing, "MISSING_PARAMETER"],
    [
      { sourceFilePath: "/a/a.jpg", destinationPath: "/b/../c" },
      "Your request contains invalid value for destinationPath parameter.",
      "INVALID_FOLDER_PATH",
    ],
    [{ sourceFilePath: "/a/\0.jpg", destinationPath: "/b" }, missing, "MISSING_PARAMETER"],
    [
      { sourceFilePath: "/a/a.jpg", destinationPath: `/${"x".repeat(255)}`.repeat(4) },
      "Your request contains invalid value for destinationPath parameter.",
      "INVALID_FOLDER_PATH",
    ],
    [
      { sourceFilePath: "/a/a.jpg", destinationPath: "a/" },
      "The file is in the folder of destinationPath already.",
      "SAME_SOURCE_AND_DESTINATION",
    ],
    [
      { sourceFilePath: "/a/a.jpg", destinationPath: "/b", includeVersion: true },
      "Your request contains invalid includeVersion parameter.",
      "PARAMETER_INVALID",
    ],
  ] as const;

  test.each(places)("a copy or a move with %j", async (payload, message, reason) => {
    for (const path of ["/v1/files/copy", "/v1/files/move/"]) {
      expect(refusal(await app.request("POST", path, { payload }))).toEqual([400, message, reason]);
    }
  });

  test("a copy whose includeFileVersions is no boolean", async () => {
    const payload = { sourceFilePath: "/a/a.jpg", destinationPath: "/b", includeFileVersions: "true" };
    const answer = await app.request("POST", "/v1/files/copy", { payload });
    expect(refusal(answer)).toEqual([400, missing, "MISSING_PARAMETER"]);
  });

  const deep = `/${"x".repeat(253)}`.repeat(4);
  const invalid = (parameter: string) => `Your request contains invalid ${parameter} parameter.`;
  test.each([
    [{ newFileName: "b.jpg" }, missing, "MISSING_PARAMETER"],
    [{ filePath: "/a/a.jpg" }, missing, "MISSING_PARAMETER"],
    [{ filePath: 1, newFileName: "b.jpg" }, invalid("filePath"), "INVALID_PARAMETER"],
    [{ filePath: "/a/a.jpg", newFileName: ".." }, invalid("newFileName"), "INVALID_PARAMETER"],
    [{ filePath: "/a/a.jpg", newFileName: "x".repeat(256) }, invalid("newFileName"), "INVALID_PARAMETER"],
    [{ filePath: "/a/\0.jpg", newFileName: "b.jpg" }, invalid("filePath"), "INVALID_PARAMETER"],
    [{ filePath: `${deep}/a.jpg`, newFileName: "b".repeat(9) }, invalid("newFileName"), "INVALID_PARAMETER"],
    [{ filePath: "/a/a.jpg", newFileName: "b.jpg", purgeCache: 1 }, invalid("purgeCache"), "INVALID_PARAMETER"],
    [{ filePath: "/a/a.jpg", newFileName: "b.jpg", purge: true }, invalid("purge"), "PARAMETER_INVALID"],
    [
      { filePath: "/a/a.jpg", newFileName: "a.jpg" },
      "newFileName cannot be the same as its existing name.",
      "SAME_OLD_AND_NEW_NAME",
    ],
  ])("a rename with %j", async (payload, message, reason) => {
    expect(refusal(await app.request("PUT", "/v1/files/rename/", { payload }))).toEqual([400, message, reason]);
  });

  test("a body that is no JSON object", async () => {
    for (const payload of ["[]", "null", "{", '"x"']) {
      expect(refusal(await app.request("POST", "/v1/files/copy", { payload }))[2]).toBe("BODY_INVALID");
    }
  });
});
