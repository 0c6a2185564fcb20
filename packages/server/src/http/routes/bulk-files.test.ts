import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyExtension } from "../../extensions/end-transaction.ts";
import { changeFileDetails } from "../../extensions/file-patch/patch-file.ts";
import { describeEngines, sqliteEngine } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, unknownId } from "./files/testing/files-app.ts";

const deleteFiles = "/v1/files/batch/deleteByFileIds";
const tagCalls = ["/v1/files/addTags", "/v1/files/removeTags"];

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });
  afterAll(() => app.close());

  const post = (path: string, payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const details = async (fileId: string) => (await app.request("GET", `/v1/files/${fileId}/details`)).json();
  let count = 0;
  const upload = async (fields: Record<string, string> = {}, account: "demo" | "other" = "demo") => {
    count += 1;
    return (await app.upload({ account, fields: { fileName: `${count}.jpg`, ...fields } })).file_id;
  };

  test("several files are deleted with all their versions, each once", async () => {
    const ids = [await upload({ fileName: "two.jpg" }), await upload()];
    await upload({ fileName: "two.jpg" });
    const answer = await post(deleteFiles, { fileIds: [...ids, ids[0]] });
    expect([answer.statusCode, answer.json()]).toEqual([200, { successfullyDeletedFileIds: ids }]);
    for (const id of ids) expect((await app.request("GET", `/v1/files/${id}/details`)).statusCode).toBe(404);
    const { reader } = app.database;
    expect(await reader.selectFrom("versions").select("id").where("file_id", "in", ids).execute()).toEqual([]);
  });

  test("nothing is changed where one of the files is missing, malformed or another account's", async () => {
    const mine = await upload({ tags: "kept" });
    const theirs = await upload({}, "other");
    const fileIds = [mine, "no-id", theirs, unknownId, ""];
    const missingFileIds = ["no-id", theirs, unknownId, ""];
    for (const [path, others] of [
      [deleteFiles, {}],
      ["/v1/files/addTags", { tags: ["x"] }],
      ["/v1/files/removeTags", { tags: ["kept"] }],
      ["/v1/files/removeAITags", { AITags: ["x"] }],
    ] as const) {
      const answer = await post(path, { fileIds, ...others });
      expect(refusal(answer)).toEqual([404, "The requested file(s) does not exist.", "FILES_NOT_FOUND"]);
      expect(answer.json()).toMatchObject({ missingFileIds });
    }
    expect(await details(mine)).toMatchObject({ tags: ["kept"] });
    const [other] = (await app.request("GET", "/v1/files", { account: "other" })).json();
    expect(other.fileId).toBe(theirs);
  });

  test("tags are added as a set, and removing one that isn't there succeeds", async () => {
    const ids = [await upload({ tags: "a,b" }), await upload()];
    const added = await post("/v1/files/addTags", { fileIds: ids, tags: ["b", " c ", "c"] });
    expect([added.statusCode, added.json()]).toEqual([200, { successfullyUpdatedFileIds: ids }]);
    expect(await details(ids[0] ?? "")).toMatchObject({ tags: ["a", "b", "c"] });
    expect(await details(ids[1] ?? "")).toMatchObject({ tags: ["b", "c"] });
    const removed = await post("/v1/files/removeTags/", { fileIds: ids, tags: ["b", "c", "z"] });
    expect([removed.statusCode, removed.json()]).toEqual([200, { successfullyUpdatedFileIds: ids }]);
    expect(await details(ids[0] ?? "")).toMatchObject({ tags: ["a"] });
    expect(await details(ids[1] ?? "")).toMatchObject({ tags: null });
  });

  test("what changes nothing of a file leaves its time alone", async () => {
    const id = await upload({ tags: "a" });
    const before = await details(id);
    await post("/v1/files/addTags", { fileIds: [id], tags: ["a"] });
    await post("/v1/files/removeTags", { fileIds: [id], tags: ["z"] });
    await post("/v1/files/removeAITags", { fileIds: [id], AITags: ["z"] });
    expect(await details(id)).toEqual(before);
  });

  test("a file whose tags would be too long keeps its tags, while the others get theirs", async () => {
    const full = "f".repeat(490);
    const ids = [await upload({ tags: full }), await upload()];
    const answer = await post("/v1/files/addTags", { fileIds: ids, tags: ["eleven-char"] });
    expect([answer.statusCode, answer.json()]).toEqual([
      207,
      {
        successfullyUpdatedFileIds: [ids[1]],
        errors: [{ fileId: ids[0], error: "Error in adding tags" }],
      },
    ]);
    expect(await details(ids[0] ?? "")).toMatchObject({ tags: [full] });
    expect(await details(ids[1] ?? "")).toMatchObject({ tags: ["eleven-char"] });
  });

  test("AI tags are removed by their names, whoever found them", async () => {
    const id = await upload({ tags: "boat" });
    const found = ["boat", "sea", "sky"].map((name) => ({ name, confidence: 90, source: "aws-auto-tagging" }));
    await setAiTags(app, id, found);
    const answer = await post("/v1/files/removeAITags", { fileIds: [id], AITags: ["boat", "sky", "unknown"] });
    expect(answer.json()).toEqual({ successfullyUpdatedFileIds: [id] });
    expect(await details(id)).toMatchObject({ tags: ["boat"], AITags: [found[1]] });
    await post("/v1/files/removeAITags", { fileIds: [id], AITags: ["sea"] });
    expect(await details(id)).toMatchObject({ AITags: null });
  });

  test("a hundred files are deleted at once, and fifty edited", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 100; index++) ids.push(await upload({ folder: "/many" }));
    const edited = await post("/v1/files/addTags", { fileIds: ids.slice(0, 50), tags: ["x"] });
    expect(edited.json().successfullyUpdatedFileIds).toEqual(ids.slice(0, 50));
    expect((await post(deleteFiles, { fileIds: ids })).json().successfullyDeletedFileIds).toEqual(ids);
  });
});

async function setAiTags(app: FilesApp, fileId: string, tags: readonly object[]): Promise<void> {
  const { id: accountId } = await app.database.reader
    .selectFrom("accounts")
    .select("id")
    .where("imagekit_id", "=", "demo")
    .executeTakeFirstOrThrow();
  const run = { id: "a".repeat(24), extension: { name: "aws-auto-tagging", options: {} }, afterSeconds: 60 };
  const extensions = [{ ...run, webhookUrl: null, publicUrl: "https://media.example.com", imagekitId: "demo" }];
  await app.openQueue();
  await app.database.run(changeFileDetails, { accountId, fileId, now: app.now, details: {}, extensions });
  await app.database.run(applyExtension, {
    runId: run.id,
    name: "aws-auto-tagging",
    accountId,
    versionId: fileId,
    endpoint: { publicUrl: "https://media.example.com", imagekitId: "demo" },
    webhookUrl: null,
    changes: { aiTags: tags as never },
    storageLimit: 0,
    awaited: true,
    now: app.now,
  });
}

describe("a bulk request that can't be meant is refused:", () => {
  let app: FilesApp;
  let id: string;

  beforeAll(async () => {
    app = await createFilesApp(sqliteEngine);
    id = (await app.upload({ fields: { tags: "kept" } })).file_id;
  });
  afterAll(() => app.close());

  const all = [
    [deleteFiles, {}],
    ...tagCalls.map((path) => [path, { tags: ["x"] }] as const),
    ["/v1/files/removeAITags", { AITags: ["x"] }],
  ] as const;
  const many = (length: number) => Array.from({ length }, () => unknownId);

  test.each([
    [{}, "fileIds parameter is missing."],
    [{ fileIds: null }, "fileIds parameter is missing."],
    [{ fileIds: [] }, "fileIds is empty."],
    [{ fileIds: "598821f949c0a938d57563bd" }, "fileIds should be an Array."],
    [{ fileIds: [1] }, "fileIds should be an Array."],
  ])("%j", async (given, message) => {
    for (const [path, others] of all) {
      const answer = await app.request("POST", path, { payload: { ...others, ...given } });
      expect(refusal(answer).slice(0, 2)).toEqual([400, message]);
    }
  });

  test("too many files", async () => {
    const deleted = await app.request("POST", deleteFiles, { payload: { fileIds: many(101) } });
    expect(refusal(deleted).slice(0, 2)).toEqual([400, "fileIds cannot have more than 100 items."]);
    for (const [path, others] of all.slice(1)) {
      const answer = await app.request("POST", path, { payload: { fileIds: many(51), ...others } });
      expect(refusal(answer).slice(0, 2)).toEqual([400, "A maximum of 50 files can be edited at a time."]);
    }
  });

  test.each([
    [undefined, "tags parameter is missing."],
    [[], "tags array cannot be empty."],
    [[" "], "tags array cannot be empty."],
    ["a,b", "Your request contains invalid tags parameter."],
    [["100%"], "Your request contains invalid tags parameter."],
    [
      ["x".repeat(300), "y".repeat(201)],
      "Your request contains invalid value for tags parameter. Combined length of all tags should be less than or equal to 500.",
    ],
  ])("the tags %j", async (tags, message) => {
    for (const path of tagCalls) {
      const answer = await app.request("POST", path, { payload: { fileIds: [id], tags } });
      expect(refusal(answer).slice(0, 2)).toEqual([400, message]);
    }
    const file = await app.request("GET", `/v1/files/${id}/details`);
    expect(file.json()).toMatchObject({ tags: ["kept"] });
  });

  test.each([
    [undefined, "AITags parameter is missing."],
    [[], "AITags array cannot be empty."],
    [
      [{ name: "boat" }],
      "Your request contains invalid value for AITags. Please provide an array of strings. Example - ['t-shirt','summer-sale'].",
    ],
  ])("the AI tags %j", async (AITags, message) => {
    const answer = await app.request("POST", "/v1/files/removeAITags", { payload: { fileIds: [id], AITags } });
    expect(refusal(answer).slice(0, 2)).toEqual([400, message]);
  });

  test("a member that there isn't", async () => {
    for (const [path, others] of all) {
      const answer = await app.request("POST", path, { payload: { fileIds: [id], ...others, nonsense: 1 } });
      expect(refusal(answer).slice(0, 2)).toEqual([400, "Your request contains invalid nonsense parameter."]);
    }
  });
});
