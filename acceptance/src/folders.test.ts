import ImageKitV7 from "@imagekit/nodejs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "./harness/deliver.ts";
import { call, refusal, unknownId } from "./harness/media-api.ts";
import { clientV6 } from "./harness/sdk-v6-client.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let tests = 0;
/** A folder of the test's own at the top. */
let top: string;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const api = (method: string, path: string, body?: unknown) =>
  call(server.url, method, path, body === undefined ? {} : { body });

async function upload(path: string, content = path): Promise<{ readonly fileId: string; readonly url: string }> {
  const slash = path.lastIndexOf("/");
  const fields = { folder: path.slice(0, slash), fileName: path.slice(slash + 1), useUniqueFileName: "false" };
  return (await uploadBasic(server.url, content, fields)).body;
}

async function filesIn(folder: string): Promise<string[]> {
  const { body } = await api("GET", `/v1/files?path=${encodeURIComponent(folder)}&sort=ASC_NAME`);
  return (body as { filePath: string }[]).map(({ filePath }) => filePath);
}

const pathOf = async (fileId: string) => (await api("GET", `/v1/files/${fileId}/details`)).body.filePath;

async function ended(jobId: string) {
  let job = await api("GET", `/v1/bulkJobs/${jobId}`);
  await expect
    .poll(
      async () => {
        job = await api("GET", `/v1/bulkJobs/${jobId}`);
        return job.body.status;
      },
      { timeout: 20_000 },
    )
    .toBe("Completed");
  return job;
}

function newTop(): string {
  tests += 1;
  top = `/t${tests}`;
  return top;
}

describe("through the official SDK v7", () => {
  const client = () => new ImageKitV7({ privateKey: keys.privateKey, baseURL: server.url });

  test("a folder is created, renamed, moved, copied and deleted", async () => {
    newTop();
    const { folders } = client();
    await folders.create({ folderName: "a", parentFolderPath: top });
    const { fileId } = await upload(`${top}/a/b/x.txt`, "hello");
    const renamed = await folders.rename({ folderPath: `${top}/a`, newFolderName: "c", purgeCache: true });
    const job = await folders.job.get(renamed.jobId);
    expect(job).toMatchObject({ jobId: renamed.jobId, type: "RENAME_FOLDER", status: "Completed" });
    expect(job.purgeRequestId).toMatch(/^[0-9a-f]{24}$/);
    expect(await pathOf(fileId)).toBe(`${top}/c/b/x.txt`);
    const moved = await folders.move({ sourceFolderPath: `${top}/c/b`, destinationPath: `${top}/d` });
    expect(await folders.job.get(moved.jobId)).toMatchObject({ type: "MOVE_FOLDER", status: "Completed" });
    expect(await pathOf(fileId)).toBe(`${top}/d/b/x.txt`);
    const copied = await folders.copy({
      sourceFolderPath: `${top}/d`,
      destinationPath: `${top}/e`,
      includeVersions: true,
    });
    expect(await folders.job.get(copied.jobId)).toMatchObject({ type: "COPY_FOLDER", status: "Completed" });
    expect(await textAt(`${server.url}/demo${top}/e/d/b/x.txt`)).toBe("hello");
    await folders.delete({ folderPath: `${top}/d` });
    expect(await filesIn(`${top}/d/b`)).toEqual([]);
    expect(await filesIn(`${top}/e/d/b`)).toEqual([`${top}/e/d/b/x.txt`]);
  });

  test("what is refused is an error of its class, and a conflict is not tried again", async () => {
    newTop();
    await upload(`${top}/a/x.txt`);
    await upload(`${top}/b/x.txt`);
    let requests = 0;
    const counting = (...[url, options]: Parameters<typeof fetch>) => {
      requests += 1;
      return fetch(url, options);
    };
    const { folders } = new ImageKitV7({ privateKey: keys.privateKey, baseURL: server.url, fetch: counting });
    await expect(folders.rename({ folderPath: `${top}/a`, newFolderName: "b" })).rejects.toThrow(
      ImageKitV7.ConflictError,
    );
    expect(requests).toBe(1);
    await expect(folders.delete({ folderPath: `${top}/none` })).rejects.toThrow(ImageKitV7.NotFoundError);
    await expect(folders.job.get(unknownId)).rejects.toThrow(ImageKitV7.NotFoundError);
  });
});

describe("through the official SDK v6", () => {
  test("a folder is created, moved, copied and deleted", async () => {
    newTop();
    const { client, release } = clientV6(server.url);
    try {
      await client.createFolder({ folderName: "a", parentFolderPath: top });
      const { fileId } = await upload(`${top}/a/x.txt`);
      await upload(`${top}/a/x.txt`, "second");
      const moved = await client.moveFolder({ sourceFolderPath: `${top}/a`, destinationPath: `${top}/b` });
      expect(await client.getBulkJobStatus(moved.jobId)).toMatchObject({ type: "MOVE_FOLDER", status: "Completed" });
      expect(await pathOf(fileId)).toBe(`${top}/b/a/x.txt`);
      await client.copyFolder({ sourceFolderPath: `${top}/b/a`, destinationPath: top, includeFileVersions: true });
      expect(await filesIn(`${top}/a`)).toEqual([`${top}/a/x.txt`]);
      const none = { sourceFolderPath: `${top}/none`, destinationPath: `${top}/b` };
      const message = `No files & folder found at sourceFolderPath ${top}/none`;
      await expect(client.copyFolder(none)).rejects.toMatchObject({ message, reason: "NO_FILES_FOLDER" });
      await client.deleteFolder(top);
      expect(await filesIn(`${top}/a`)).toEqual([]);
    } finally {
      release();
    }
  });
});

describe("a rename", () => {
  test("answers 202, and old URLs stop working", async () => {
    newTop();
    const { url } = await upload(`${top}/a/x.txt`, "hello");
    const answer = await api("POST", "/v1/bulkJobs/renameFolder/", { folderPath: `${top}/a/`, newFolderName: "b c" });
    expect([answer.status, Object.keys(answer.body)]).toEqual([202, ["jobId"]]);
    const { status, body } = await ended(answer.body.jobId);
    expect([status, body]).toEqual([
      200,
      { jobId: answer.body.jobId, type: "RENAME_FOLDER", status: "Completed", done: 1, total: 1 },
    ]);
    expect((await fetch(url)).status).toBe(404);
    expect(await textAt(url.replace("/a/", "/b_c/"))).toBe("hello");
  });

  test("never lets a URL that is cached for a year show another folder's file", async () => {
    newTop();
    const [first, second] = [await upload(`${top}/a/x.txt`, "first"), await upload(`${top}/b/x.txt`, "second")];
    const urlOf = async (fileId: string): Promise<string> => (await api("GET", `/v1/files/${fileId}/details`)).body.url;
    const cacheOf = async (url: string) => (await fetch(url)).headers.get("cache-control");
    const before = await urlOf(first.fileId);
    expect(await cacheOf(before)).toContain("immutable");
    for (const [from, to] of [
      ["a", "c"],
      ["b", "a"],
    ]) {
      await api("POST", "/v1/bulkJobs/renameFolder", { folderPath: `${top}/${from}`, newFolderName: to });
    }
    const after = await urlOf(second.fileId);
    expect([await textAt(after), await cacheOf(after)]).toEqual(["second", expect.stringContaining("immutable")]);
    expect(after).not.toBe(before);
    expect(new URL(after).pathname).toBe(new URL(before).pathname);
    // The old URL leads to the file that is there now, but not for a year.
    expect(await cacheOf(before)).not.toContain("immutable");
  });
});

test("a merge appends versions with numbers continued, and the destination's file stays", async () => {
  newTop();
  const there = await upload(`${top}/b/a/x.txt`, "there");
  const moved = await upload(`${top}/a/x.txt`, "moved");
  const { body } = await api("POST", "/v1/bulkJobs/moveFolder", {
    sourceFolderPath: `${top}/a`,
    destinationPath: `${top}/b`,
  });
  await ended(body.jobId);
  const versions = (await api("GET", `/v1/files/${there.fileId}/versions`)).body as { versionInfo: { name: string } }[];
  expect(versions.map(({ versionInfo }) => versionInfo.name)).toEqual(["Version 2", "Version 1"]);
  expect(await textAt(there.url)).toBe("moved");
  expect((await api("GET", `/v1/files/${moved.fileId}/details`)).status).toBe(404);
});

describe("what is refused", () => {
  const missing = "Your request is missing parameters / contains invalid parameters.";
  const create = ["POST", "/v1/folder"] as const;
  const copy = ["POST", "/v1/bulkJobs/copyFolder"] as const;
  const move = ["POST", "/v1/bulkJobs/moveFolder"] as const;
  const rename = ["POST", "/v1/bulkJobs/renameFolder"] as const;
  const remove = ["DELETE", "/v1/folder"] as const;
  const source = (sourceFolderPath: string, destinationPath: string) => ({ sourceFolderPath, destinationPath });
  const into = "This operation is not allowed because parent folder cannot be moved into child folder.";
  const same = "sourceFolderPath and destinationPath is same";

  test.each([
    [create, {}, 400, missing, "MISSING_PARAMETER"],
    [
      create,
      { folderName: "..", parentFolderPath: "/" },
      400,
      "'.' & '..' can not be used as folder-name",
      "INVALID_FOLDER_PATH",
    ],
    [remove, { folderPath: "/none" }, 404, "No folder found with folderPath /none", "FOLDER_NOT_FOUND"],
    [copy, source("/none", "/a"), 404, "No files & folder found at sourceFolderPath /none", "NO_FILES_FOLDER"],
    [move, source("/none", "/a"), 404, "No files & folder found at sourceFolderPath /none", "NO_FILES_FOLDER"],
    [copy, source("/same", "/same"), 400, same, "SAME_SOURCE_AND_DESTINATION"],
    [move, source("/same", "/"), 400, same, "SAME_SOURCE_AND_DESTINATION"],
    [move, source("/refused/a", "/refused/a/b"), 400, into, "INVALID_DESTINATION_PATH"],
    [rename, { newFolderName: "a" }, 400, "folderPath parameter is missing.", "MISSING_PARAMETER"],
    [rename, { folderPath: "/", newFolderName: "a" }, 400, "folderPath cannot be root.", "INVALID_FOLDER_PATH"],
    [rename, { folderPath: "/none", newFolderName: "a" }, 404, "Source folder not found.", "FOLDER_NOT_FOUND"],
  ])("%j with %j", async ([method, path], body, status, message, reason) => {
    await upload("/refused/a/x.txt");
    expect(refusal(await api(method, path, body))).toEqual([status, message, reason]);
  });

  test("a rename to a name that is taken is 409, and a retry is pointless", async () => {
    newTop();
    await upload(`${top}/a/x.txt`);
    await upload(`${top}/b/x.txt`);
    const answer = await api(...rename, { folderPath: `${top}/a`, newFolderName: "b" });
    expect([answer.status, answer.body.message]).toEqual([
      409,
      "Folder with name newFolderName already exists at the same location.",
    ]);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  test("a folder with too many files and folders", async () => {
    const bounded = await startServer({ flags: ["--limit", "folder-objects=1"] });
    try {
      await uploadBasic(bounded.url, "x", { folder: "/a/b", fileName: "x.txt" });
      for (const [method, path, body] of [
        [...copy, source("/a", "/c")],
        [...move, source("/a", "/c")],
        [...remove, { folderPath: "/a" }],
      ] as const) {
        const answer = await call(bounded.url, method, path, { body });
        expect([answer.status, answer.body.reason]).toEqual([400, "TOO_MANY_OBJECTS"]);
      }
    } finally {
      await bounded.stop();
    }
  });

  test("a job that is malformed or unknown", async () => {
    expect((await api("GET", "/v1/bulkJobs/malformed")).status).toBe(400);
    const answer = await api("GET", `/v1/bulkJobs/${unknownId}`);
    expect(refusal(answer)).toEqual([404, "The requested job does not exist.", "BULK_JOB_NOT_FOUND"]);
  });
});

test("while a job is under way, its paths are locked with 423, and the job tells how far it is", async () => {
  newTop();
  const names = Array.from({ length: 105 }, (_, index) => `${top}/a/${index}.txt`);
  for (let start = 0; start < names.length; start += 21) {
    await Promise.all(names.slice(start, start + 21).map((name) => upload(name)));
  }
  for (const target of ["b", "c", "d", "e"]) {
    const { body } = await api("POST", "/v1/bulkJobs/copyFolder", {
      sourceFolderPath: `${top}/a`,
      destinationPath: `${top}/all/${target}`,
    });
    await ended(body.jobId);
  }
  const copy = { sourceFolderPath: `${top}/all`, destinationPath: `${top}/again` };
  const { body: job } = await api("POST", "/v1/bulkJobs/copyFolder", copy);
  const during = await api("POST", "/v1/bulkJobs/renameFolder", { folderPath: `${top}/all/b`, newFolderName: "f" });
  if (during.status !== 202) {
    const text = "A bulk job is running on given folder path, please try after sometime.";
    expect([during.status, during.body.message]).toEqual([423, text]);
    expect((await api("GET", `/v1/bulkJobs/${job.jobId}`)).body).toMatchObject({ total: 4 * 106 + 5 });
  }
  const { status, body } = await ended(job.jobId);
  expect([status, body.done]).toEqual([200, body.total]);
});
