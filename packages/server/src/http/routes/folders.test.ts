import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { finishFolderJob } from "../../library/folders/testing/finish-folder-job.ts";
import { describeEngines } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, unknownId } from "./files/testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;
  beforeEach(async () => {
    app = await createFilesApp(engine);
  });
  afterEach(() => app.close());

  const create = (folderName: unknown, parentFolderPath: unknown = "/", account?: "other") =>
    app.request("POST", "/v1/folder", { payload: { folderName, parentFolderPath }, ...(account && { account }) });
  const remove = (folderPath: unknown, account?: "other") =>
    app.request("DELETE", "/v1/folder/", { payload: { folderPath }, ...(account && { account }) });
  const copy = (sourceFolderPath: unknown, destinationPath: unknown, more: object = {}) =>
    app.request("POST", "/v1/bulkJobs/copyFolder", { payload: { sourceFolderPath, destinationPath, ...more } });
  const move = (sourceFolderPath: unknown, destinationPath: unknown, account?: "other") =>
    app.request("POST", "/v1/bulkJobs/moveFolder/", {
      payload: { sourceFolderPath, destinationPath },
      ...(account && { account }),
    });
  const rename = (folderPath: unknown, newFolderName: unknown, more: object = {}, account?: "other") =>
    app.request("POST", "/v1/bulkJobs/renameFolder", {
      payload: { folderPath, newFolderName, ...more },
      ...(account && { account }),
    });

  async function paths(imagekitId = "demo"): Promise<string[]> {
    const rows = await app.database.reader
      .selectFrom("folders")
      .innerJoin("accounts", "accounts.id", "folders.account_id")
      .select("folders.path")
      .where("accounts.imagekit_id", "=", imagekitId)
      .orderBy("folders.path")
      .execute();
    return rows.map(({ path }) => path);
  }

  test("a path with U+0000 is refused by name", async () => {
    const calls = [remove("/a\0"), copy("/a\0", "/b"), move("/a\0", "/b"), rename("/a\0", "b")];
    for (const [index, answer] of (await Promise.all(calls)).entries()) {
      const parameter = index === 0 || index === 3 ? "folderPath" : "sourceFolderPath";
      const message = `Your request contains invalid ${parameter} parameter.`;
      expect(refusal(answer)).toEqual([400, message, "INVALID_PARAMETER"]);
    }
  });

  describe("creating a folder", () => {
    test("answers 201 with an empty object, creates parents, and leaves a folder that is there", async () => {
      const first = await create("c", "/a/b/");
      expect([first.statusCode, first.json()]).toEqual([201, {}]);
      expect((await create("c", "a/b")).statusCode).toBe(201);
      expect(await paths()).toEqual(["/", "/a", "/a/b", "/a/b/c"]);
      expect(await paths("other")).toEqual(["/"]);
    });

    test("cleans the name as an upload does, slashes included", async () => {
      await create("Été & a/b-c_d.e", "/");
      expect(await paths()).toEqual(["/", "/Été___a_b-c_d_e"]);
    });

    test.each([".", ".."])("refuses the name %s", async (name) => {
      const answer = [400, "'.' & '..' can not be used as folder-name", "INVALID_FOLDER_PATH"];
      expect(refusal(await create(name))).toEqual(answer);
      expect(refusal(await create("a", `/x/${name}`))).toEqual(answer);
      expect(await paths()).toEqual(["/"]);
    });

    test("names what is missing or wrong", async () => {
      const missing = "Your request is missing parameters / contains invalid parameters.";
      expect(refusal(await create(undefined))).toEqual([400, missing, "MISSING_PARAMETER"]);
      expect(refusal(await create("a", ""))).toEqual([400, missing, "MISSING_PARAMETER"]);
      expect(refusal(await create(1))[2]).toBe("INVALID_PARAMETER");
      expect(refusal(await create("x".repeat(256)))[2]).toBe("INVALID_FOLDER_PATH");
      expect(refusal(await create("ik-seo"))[2]).toBe("INVALID_FOLDER_PATH");
      expect((await create("ik-seo", "/a")).statusCode).toBe(201);
      const unknown = await app.request("POST", "/v1/folder", { payload: { folderName: "a", parent: "/" } });
      expect(refusal(unknown)[1]).toBe("Your request contains invalid parent parameter.");
    });
  });

  describe("deleting a folder", () => {
    test("deletes all that is in it, and nothing else", async () => {
      for (const folder of ["/a", "/a/b", "/a/b/c", "/a-b", "/ab"]) await app.upload({ fields: { folder } });
      await app.upload({ account: "other", fields: { folder: "/a/b" } });
      const { statusCode, body } = await remove("/a/");
      expect([statusCode, body]).toEqual([204, ""]);
      expect(await paths()).toEqual(["/", "/a-b", "/ab"]);
      expect(await paths("other")).toEqual(["/", "/a", "/a/b"]);
      const files = await app.database.reader.selectFrom("files").select("id").execute();
      const versions = await app.database.reader.selectFrom("versions").select("id").execute();
      expect([files.length, versions.length]).toEqual([3, 3]);
    });

    test("refuses a folder that is not there, of another account, and the root", async () => {
      await app.upload({ account: "other", fields: { folder: "/a" } });
      expect(refusal(await remove("/a"))).toEqual([404, "No folder found with folderPath /a", "FOLDER_NOT_FOUND"]);
      const [status, message] = refusal(await remove(`/${"a".repeat(5000)}`));
      expect([status, message.length < 1200]).toEqual([404, true]);
      expect(refusal(await remove("/"))[0]).toBe(400);
      expect(refusal(await remove(undefined))[2]).toBe("MISSING_PARAMETER");
      expect(await paths("other")).toEqual(["/", "/a"]);
    });
  });

  describe("renaming a folder", () => {
    test("answers 202, and the files are at their new paths under their ids", async () => {
      const file = await app.upload({ fields: { folder: "/a/b", fileName: "x.jpg" } });
      const answer = await rename("/a", "n e");
      expect(answer.statusCode).toBe(202);
      const { jobId } = answer.json<{ jobId: string }>();
      const job = await app.request("GET", `/v1/bulkJobs/${jobId}/`);
      expect([job.statusCode, job.json()]).toEqual([
        200,
        { jobId, type: "RENAME_FOLDER", status: "Completed", done: 2, total: 2 },
      ]);
      expect(await paths()).toEqual(["/", "/n_e", "/n_e/b"]);
      const details = await app.request("GET", `/v1/files/${file.file_id}/details`);
      expect(details.json()).toMatchObject({ filePath: "/n_e/b/x.jpg", name: "x.jpg" });
    });

    test("gives the files another updatedAt, so that a cached URL never shows another folder's file", async () => {
      const one = await app.upload({ fields: { folder: "/a", fileName: "x.jpg" } });
      const urlOf = async (id: string) =>
        (await app.request("GET", `/v1/files/${id}/details`)).json<{ url: string }>().url;
      const before = await urlOf(one.file_id);
      const other = await app.upload({ fields: { folder: "/b", fileName: "x.jpg" }, now: one.updated_at });
      await rename("/a", "c");
      await rename("/b", "a");
      const after = await urlOf(other.file_id);
      expect(new URL(after).pathname).toBe(new URL(before).pathname);
      expect(after).not.toBe(before);
      const moved = await app.database.reader
        .selectFrom("folders")
        .select("moved_at")
        .where("path", "=", "/a")
        .execute();
      expect(new URL(after).searchParams.get("updatedAt")).toBe(String(moved[0]?.moved_at));
    });

    test("has a purge follow it when that is asked for", async () => {
      await app.openQueue();
      await app.upload({ fields: { folder: "/a" } });
      const { jobId } = (await rename("/a", "b", { purgeCache: true })).json<{ jobId: string }>();
      const { purgeRequestId } = (await app.request("GET", `/v1/bulkJobs/${jobId}`)).json<{ purgeRequestId: string }>();
      const purge = await app.request("GET", `/v1/files/purge/${purgeRequestId}`);
      expect(purge.json()).toEqual({ status: "Pending" });
    });

    test("is refused in the vendor's words", async () => {
      await app.upload({ fields: { folder: "/a" } });
      await app.upload({ fields: { folder: "/b" } });
      await app.upload({ account: "other", fields: { folder: "/c" } });
      expect(refusal(await rename("/", "b"))[1]).toBe("folderPath cannot be root.");
      expect(refusal(await rename(undefined, "b"))[1]).toBe("folderPath parameter is missing.");
      expect(refusal(await rename("/c", "d")).slice(0, 2)).toEqual([404, "Source folder not found."]);
      const taken = await rename("/a", "b");
      expect(refusal(taken).slice(0, 2)).toEqual([
        409,
        "Folder with name newFolderName already exists at the same location.",
      ]);
      expect(taken.headers["x-should-retry"]).toBe("false");
      expect(refusal(await rename("/a", "a"))[2]).toBe("SAME_OLD_AND_NEW_NAME");
      expect(refusal(await rename("/a", ".."))[2]).toBe("INVALID_FOLDER_PATH");
      expect(refusal(await rename("/a", "ik-seo"))[2]).toBe("INVALID_FOLDER_PATH");
      expect(refusal(await rename("/a", ""))[2]).toBe("MISSING_PARAMETER");
      expect(refusal(await rename("/a", "b", { purgeCache: "true" }))[2]).toBe("INVALID_PARAMETER");
      expect(await paths()).toEqual(["/", "/a", "/b"]);
    });
  });

  describe("moving and copying a folder", () => {
    test("a move puts it inside the destination, which is created", async () => {
      const file = await app.upload({ fields: { folder: "/a/b" } });
      const answer = await move("/a/b", "/x/y");
      expect(answer.statusCode).toBe(200);
      expect(await paths()).toEqual(["/", "/a", "/x", "/x/y", "/x/y/b"]);
      const details = await app.request("GET", `/v1/files/${file.file_id}/details`);
      expect(details.json()).toMatchObject({ filePath: "/x/y/b/a.jpg" });
      const { jobId } = answer.json<{ jobId: string }>();
      expect((await app.request("GET", `/v1/bulkJobs/${jobId}`)).json()).toMatchObject({
        type: "MOVE_FOLDER",
        status: "Completed",
      });
    });

    test.each([
      [{}, 1],
      [{ includeVersions: true }, 2],
      [{ includeFileVersions: true }, 2],
    ])("a copy with %j has files of its own with %i versions", async (more, count) => {
      await app.upload({ fields: { folder: "/a" } });
      const file = await app.upload({ fields: { folder: "/a" } });
      expect((await copy("/a", "/b", more)).statusCode).toBe(200);
      expect(await paths()).toEqual(["/", "/a", "/b", "/b/a"]);
      const list = (await app.request("GET", "/v1/files?path=/b/a")).json<{ fileId: string; filePath: string }[]>();
      expect(list).toMatchObject([{ filePath: "/b/a/a.jpg" }]);
      const copied = list[0]?.fileId ?? "";
      expect(copied).not.toBe(file.file_id);
      const versions = (await app.request("GET", `/v1/files/${copied}/versions`)).json<unknown[]>();
      expect(versions).toHaveLength(count);
    });

    test("files of the same name append their versions, and the destination's file stays", async () => {
      const there = await app.upload({ fields: { folder: "/b/a" } });
      const moved = await app.upload({ fields: { folder: "/a" } });
      await app.upload({ fields: { folder: "/a/deep", fileName: "y.jpg" } });
      await app.openQueue();
      const answer = await move("/a", "/b");
      expect(answer.statusCode).toBe(200);
      await finishFolderJob(app, answer.json<{ jobId: string }>().jobId);
      expect(await paths()).toEqual(["/", "/b", "/b/a", "/b/a/deep"]);
      const versions = (await app.request("GET", `/v1/files/${there.file_id}/versions`)).json<
        { versionInfo: object }[]
      >();
      expect(versions.map(({ versionInfo }) => versionInfo)).toEqual([
        { id: moved.id, name: "Version 2" },
        { id: there.id, name: "Version 1" },
      ]);
      expect((await app.request("GET", `/v1/files/${moved.file_id}/details`)).statusCode).toBe(404);
    });

    test.each([
      ["copy", copy],
      ["move", (source: unknown, destination: unknown) => move(source, destination)],
    ])("a %s is refused in the vendor's words", async (_what, send) => {
      await app.upload({ fields: { folder: "/a/b" } });
      await app.upload({ account: "other", fields: { folder: "/c" } });
      const missing = "Your request is missing parameters / contains invalid parameters.";
      expect(refusal(await send(undefined, "/b"))).toEqual([400, missing, "MISSING_PARAMETER"]);
      expect(refusal(await send("/a", undefined))).toEqual([400, missing, "MISSING_PARAMETER"]);
      expect(refusal(await send("/a", ["/b"]))[2]).toBe("INVALID_PARAMETER");
      expect(refusal(await send("/", "/b"))[2]).toBe("SOURCE_IS_ROOT");
      const none = "No files & folder found at sourceFolderPath /c";
      expect(refusal(await send("/c", "/b"))).toEqual([404, none, "NO_FILES_FOLDER"]);
      const same = [400, "sourceFolderPath and destinationPath is same", "SAME_SOURCE_AND_DESTINATION"];
      expect(refusal(await send("/a", "/a/"))).toEqual(same);
      expect(refusal(await send("/a/b", "/a"))).toEqual(same);
      expect(refusal(await send("/a", "/b/.."))[2]).toBe("INVALID_FOLDER_PATH");
      expect(await paths()).toEqual(["/", "/a", "/a/b"]);
    });

    test("a folder can't be moved into itself, nor onto one that contains it", async () => {
      await app.upload({ fields: { folder: "/a/b/a" } });
      const into = "This operation is not allowed because parent folder cannot be moved into child folder.";
      expect(refusal(await move("/a", "/a/b"))).toEqual([400, into, "INVALID_DESTINATION_PATH"]);
      expect(refusal(await move("/a", "/a/new"))).toEqual([400, into, "INVALID_DESTINATION_PATH"]);
      expect(refusal(await move("/a/b/a", "/"))[2]).toBe("INVALID_DESTINATION_PATH");
      expect(refusal(await copy("/a/b/a", "/"))[2]).toBe("INVALID_DESTINATION_PATH");
      expect(await paths()).toEqual(["/", "/a", "/a/b", "/a/b/a"]);
    });

    test("a copy into itself copies what was there before", async () => {
      await app.upload({ fields: { folder: "/a" } });
      await app.upload({ fields: { folder: "/a/b" } });
      expect((await copy("/a", "/a/b")).statusCode).toBe(200);
      expect(await paths()).toEqual(["/", "/a", "/a/b", "/a/b/a", "/a/b/a/b"]);
      expect((await app.request("GET", "/v1/files?path=/a/b/a/b")).json()).toHaveLength(1);
    });

    test("paths that would be too deep or too long are refused before anything moves", async () => {
      const deep = Array.from({ length: 30 }, (_, index) => `d${index}`).join("/");
      await app.upload({ fields: { folder: `/a/${deep}` } });
      expect(refusal(await move("/a", `/${deep}`))[2]).toBe("INVALID_FOLDER_PATH");
      const long = Array.from({ length: 3 }, () => "x".repeat(250)).join("/");
      await app.upload({ fields: { folder: "/b/b", fileName: `${"y".repeat(240)}.jpg` } });
      expect((await create("x".repeat(30), `/${long}`)).statusCode).toBe(201);
      expect(refusal(await move("/b", `/${long}/${"x".repeat(30)}`))[2]).toBe("INVALID_FOLDER_PATH");
      expect((await move("/b/b", `/${long}`)).statusCode).toBe(200);
    });
  });

  test("a job of another account is as unknown as one that never was", async () => {
    await app.upload({ fields: { folder: "/a" } });
    const { jobId } = (await rename("/a", "b")).json<{ jobId: string }>();
    const unknown = [404, "The requested job does not exist.", "BULK_JOB_NOT_FOUND"];
    expect(refusal(await app.request("GET", `/v1/bulkJobs/${jobId}`, { account: "other" }))).toEqual(unknown);
    expect(refusal(await app.request("GET", `/v1/bulkJobs/${unknownId}`))).toEqual(unknown);
    expect(refusal(await app.request("GET", "/v1/bulkJobs/x"))[0]).toBe(400);
    for (const send of [
      () => remove("/b", "other"),
      () => move("/b", "/c", "other"),
      () => rename("/b", "c", {}, "other"),
    ]) {
      expect((await send()).statusCode).toBe(404);
    }
    expect(await paths()).toEqual(["/", "/b"]);
  });
});
