import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findAccount } from "../../database/repositories/accounts.ts";
import { findEventContext } from "../../events/event-context.ts";
import { pruneEvents } from "../../events/event-transactions.ts";
import { addWebhook } from "../../events/webhook-transactions.ts";
import { describeEngines, sqliteEngine } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, unknownId } from "./files/testing/files-app.ts";

const day = 24 * 3600 * 1000;
const restorePath = "/_sluice/trash/restore";
const emptyPath = "/_sluice/trash/empty";

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine, { trashDays: 7 });
    await app.openQueue();
  });
  afterAll(() => app.close());

  const post = (path: string, payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const upload = (fields: Record<string, string>, account: "demo" | "other" = "demo") =>
    app.upload({ account, fields });
  const list = async (query = "", account: "demo" | "other" = "demo") =>
    (await app.request("GET", `/_sluice/trash${query}`, { account })).json();
  const paths = async (account: "demo" | "other" = "demo") =>
    (await list("", account)).files.map(({ filePath }: { filePath: string }) => filePath);

  test("a deleted file is listed with what it takes and until when it is kept, and is nowhere else", async () => {
    await upload({ fileName: "one.jpg", folder: "/listed", tags: "kept" });
    const { file_id: fileId, created_at: createdAt } = await upload({ fileName: "one.jpg", folder: "/listed" });
    const answer = await app.request("DELETE", `/v1/files/${fileId}`);
    expect([answer.statusCode, answer.body]).toEqual([204, ""]);
    const trashedAt = app.now;
    expect(await list()).toEqual({
      files: [
        {
          fileId,
          name: "one.jpg",
          filePath: "/listed/one.jpg",
          trashedAt: new Date(trashedAt).toISOString(),
          purgeAt: new Date(trashedAt + 7 * day).toISOString(),
          fileType: "image",
          mime: "image/jpeg",
          width: 40,
          height: 30,
          size: 100,
          versions: 2,
          totalSize: 200,
          createdAt: new Date(createdAt - 1000).toISOString(),
        },
      ],
      nextCursor: null,
    });
    for (const path of ["/details", "/versions", "/metadata", `/versions/${fileId}`]) {
      expect((await app.request("GET", `/v1/files/${fileId}${path}`)).statusCode, path).toBe(404);
    }
    expect((await app.request("DELETE", `/v1/files/${fileId}`)).statusCode).toBe(404);
    expect((await app.request("DELETE", `/v1/files/${fileId}?permanent=true`)).statusCode).toBe(404);
    expect((await app.request("GET", "/v1/files?path=/listed")).json()).toEqual([]);
    expect(
      (await app.request("GET", `/v1/files?searchQuery=${encodeURIComponent('tags IN ["kept"]')}`)).json(),
    ).toEqual([]);
    expect((await post(restorePath, { fileIds: [fileId] })).json()).toEqual({
      restored: [{ fileId, restoredFileId: fileId }],
    });
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).json()).toMatchObject({ fileId, name: "one.jpg" });
    await app.request("DELETE", `/v1/files/${fileId}?permanent=true`);
    expect(await list()).toMatchObject({ files: [] });
  });

  test("permanent=true deletes past the trash, alone, in bulk and with a folder", async () => {
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push((await upload({ fileName: `${name}.jpg`, folder: "/gone" })).file_id);
    expect((await app.request("DELETE", `/v1/files/${ids[0]}?permanent=true`)).statusCode).toBe(204);
    const bulk = await post("/v1/files/batch/deleteByFileIds?permanent=true", { fileIds: [ids[1]] });
    expect(bulk.json()).toEqual({ successfullyDeletedFileIds: [ids[1]] });
    const folder = { payload: { folderPath: "/gone" } };
    expect((await app.request("DELETE", "/v1/folder?permanent=true", folder)).statusCode).toBe(204);
    expect(await paths()).toEqual([]);
  });

  test("a folder's files go into the trash, and each comes back to its path", async () => {
    const { file_id: fileId } = await upload({ fileName: "x.jpg", folder: "/folder/inner" });
    await upload({ fileName: "y.jpg", folder: "/folder" });
    expect((await app.request("DELETE", "/v1/folder", { payload: { folderPath: "/folder" } })).statusCode).toBe(204);
    expect((await paths()).toSorted()).toEqual(["/folder/inner/x.jpg", "/folder/y.jpg"]);
    const restored = await post(restorePath, { fileIds: [fileId, unknownId, "no id"] });
    expect(restored.statusCode).toBe(207);
    expect(restored.json()).toMatchObject({
      restored: [{ fileId, restoredFileId: fileId }],
      errors: [
        { fileId: unknownId, reason: "FILE_NOT_IN_TRASH" },
        { fileId: "no id", reason: "FILE_NOT_IN_TRASH" },
      ],
    });
    const [file] = (await app.request("GET", "/v1/files?path=/folder/inner")).json();
    expect(file).toMatchObject({ filePath: "/folder/inner/x.jpg" });
    await post(emptyPath, { all: true });
    expect(await paths()).toEqual([]);
  });

  test("an occupied path gets the versions, and the answer names the file that has them", async () => {
    const { file_id: fileId } = await upload({ fileName: "m.jpg" });
    await post("/v1/files/batch/deleteByFileIds", { fileIds: [fileId] });
    const { file_id: other } = await upload({ fileName: "m.jpg" });
    const answer = await post(restorePath, { fileIds: [fileId, fileId] });
    expect(answer.json()).toEqual({ restored: [{ fileId, restoredFileId: other }] });
    const versions = (await app.request("GET", `/v1/files/${other}/versions`)).json();
    expect(versions.map(({ versionInfo }: { versionInfo: object }) => versionInfo)).toEqual([
      { id: fileId, name: "Version 2" },
      { id: other, name: "Version 1" },
    ]);
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).statusCode).toBe(404);
  });

  test("pages follow each other, whatever goes meanwhile", async () => {
    for (let number = 0; number < 5; number++) {
      const { file_id } = await upload({ fileName: `page-${number}.jpg` });
      await app.request("DELETE", `/v1/files/${file_id}`);
    }
    const names = (page: { files: { name: string }[] }) => page.files.map(({ name }) => name);
    const first = await list("?limit=2");
    expect(names(first)).toEqual(["page-4.jpg", "page-3.jpg"]);
    await post(restorePath, { fileIds: [first.files[1].fileId] });
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(names(second)).toEqual(["page-2.jpg", "page-1.jpg"]);
    const third = await list(`?limit=2&cursor=${second.nextCursor}`);
    expect([names(third), third.nextCursor]).toEqual([["page-0.jpg"], null]);
    await post(emptyPath, { fileIds: third.files.map(({ fileId }: { fileId: string }) => fileId) });
    expect(names(await list())).toEqual(["page-4.jpg", "page-2.jpg", "page-1.jpg"]);
    await post(emptyPath, { all: true });
  });

  test("a search finds a part of a name in any case, page by page", async () => {
    for (const fileName of ["Übersicht.jpg", "sicht_50.jpg", "other.jpg", "SICHT.jpg"]) {
      const { file_id } = await upload({ fileName, folder: "/sicht" });
      await app.request("DELETE", `/v1/files/${file_id}`);
    }
    const search = async (text: string, rest = "") => {
      const { files, nextCursor } = await list(`?nameContains=${encodeURIComponent(text)}${rest}`);
      return { names: files.map(({ name }: { name: string }) => name), nextCursor };
    };
    expect(await search("sicht")).toEqual({
      names: ["SICHT.jpg", "sicht_50.jpg", "Übersicht.jpg"],
      nextCursor: null,
    });
    const decomposed = "U\u0308BER";
    for (const text of ["über", "ÜBER", decomposed]) {
      expect((await search(text)).names, text).toEqual(["Übersicht.jpg"]);
    }
    expect((await search("t_5")).names).toEqual(["sicht_50.jpg"]);
    for (const text of ["%", "sicht*", "\\", "'", "\0"]) expect((await search(text)).names, text).toEqual([]);
    const first = await search("sicht", "&limit=2");
    expect(first.names).toEqual(["SICHT.jpg", "sicht_50.jpg"]);
    expect(await search("sicht", `&limit=2&cursor=${first.nextCursor}`)).toEqual({
      names: ["Übersicht.jpg"],
      nextCursor: null,
    });
    expect(await list("?nameContains=sicht", "other")).toEqual({ files: [], nextCursor: null });
    await post(emptyPath, { all: true });
  });

  test.each([
    ["ΟΔΟΣ.jpg", ["ΟΔΟΣ", "οδος", "οδοσ"]],
    ["Straße.jpg", ["straße", "STRASSE", "strasse"]],
  ])("a search finds %s, whose letters change with their place or have no capital", async (fileName, texts) => {
    const { file_id } = await upload({ fileName, folder: "/letters" });
    await app.request("DELETE", `/v1/files/${file_id}`);
    for (const text of texts) {
      const { files } = await list(`?nameContains=${encodeURIComponent(text)}`);
      expect(files, text).toMatchObject([{ name: fileName }]);
    }
    await post(emptyPath, { all: true });
  });

  test("a search through a very large trash goes on where a request ends", async () => {
    const { file_id: first } = await upload({ fileName: "needle.jpg" });
    await app.request("DELETE", `/v1/files/${first}`);
    const [trashed] = (await list()).files;
    const { account_id } = await app.database.reader
      .selectFrom("trashed_files")
      .select("account_id")
      .executeTakeFirstOrThrow();
    const time = Date.parse(trashed.trashedAt) + 1;
    const row = (number: number) => ({
      id: number.toString(16).padStart(24, "0"),
      account_id,
      folder_path: "/",
      name: `hay-${number}.jpg`,
      current_version_id: first,
      last_version_number: 1,
      created_at: time,
      updated_at: time,
      trashed_at: time + number,
      purge_at: time,
    });
    await app.byOtherConnection(async (other) => {
      for (let begin = 0; begin < 20_500; begin += 500) {
        const rows = Array.from({ length: 500 }, (_, index) => row(begin + index));
        await other.insertInto("trashed_files").values(rows).execute();
      }
    });
    const part = await list("?nameContains=NEEDLE");
    expect(part).toEqual({ files: [], nextCursor: expect.stringMatching(/^\d+-[0-9a-f]{24}$/) });
    const rest = await list(`?nameContains=NEEDLE&cursor=${part.nextCursor}`);
    expect([rest.files.map(({ name }: { name: string }) => name), rest.nextCursor]).toEqual([["needle.jpg"], null]);
    await app.byOtherConnection((other) => other.deleteFrom("trashed_files").where("name", "like", "hay-%").execute());
    await post(emptyPath, { all: true });
  });

  test("another account sees, restores and empties nothing of it", async () => {
    const { file_id: fileId } = await upload({ fileName: "mine.jpg" });
    await app.request("DELETE", `/v1/files/${fileId}`);
    expect(await list("", "other")).toEqual({ files: [], nextCursor: null });
    for (const path of [restorePath, emptyPath]) {
      const answer = await post(path, { fileIds: [fileId] }, "other");
      expect(refusal(answer)).toEqual([404, "The requested file(s) are not in the trash.", "FILES_NOT_IN_TRASH"]);
      expect(answer.json().missingFileIds).toEqual([fileId]);
    }
    expect((await post(emptyPath, { all: true }, "other")).json()).toEqual({ completed: true });
    expect(await paths()).toEqual(["/mine.jpg"]);
    await post(emptyPath, { all: true });
  });

  test("each step is told of: as the vendor's events for those who know no trash, and as our own", async () => {
    const input = { imagekitId: "demo", url: "https://example.com/hook", secret: "whsec_x", types: null, now: app.now };
    await app.database.run(addWebhook, input);
    const account = await findAccount(app.database.reader, { imagekit_id: "demo" });
    const events = await findEventContext(app.database.reader, account?.id ?? "", "https://media.example.com");
    const told = async () => {
      const rows = await app.database.reader.selectFrom("events").select(["type", "payload"]).orderBy("id").execute();
      await forgetEvents();
      const order = ["file", "file-version", "sluice"];
      return rows
        .map(({ type, payload }) => [type, JSON.parse(payload).data] as const)
        .toSorted(
          ([one], [other]) => order.indexOf(one.split(".")[0] ?? "") - order.indexOf(other.split(".")[0] ?? ""),
        );
    };
    const forgetEvents = () => app.database.run(pruneEvents, { before: Date.now() + 1e12, limit: 1000 });
    const { file_id: fileId } = await app.upload({ fields: { fileName: "told.jpg" }, ...(events && { events }) });
    await forgetEvents();
    const filePath = "/told.jpg";
    await app.request("DELETE", `/v1/files/${fileId}`);
    const added = { fileId, name: "told.jpg", filePath, trashedAt: new Date(app.now).toISOString() };
    expect(await told()).toEqual([
      ["file.deleted", { fileId }],
      ["sluice.trash.added", { ...added, purgeAt: new Date(app.now + 7 * day).toISOString() }],
    ]);
    await post(restorePath, { fileIds: [fileId] });
    expect(await told()).toMatchObject([
      ["file.created", { fileId, filePath }],
      ["sluice.trash.restored", { fileId, restoredFileId: fileId, filePath }],
    ]);
    await app.request("DELETE", `/v1/files/${fileId}`);
    const { file_id: other } = await upload({ fileName: "told.jpg" });
    await told();
    await post(restorePath, { fileIds: [fileId] });
    expect(await told()).toMatchObject([
      ["file.updated", { fileId: other, filePath }],
      ["file-version.created", { fileId: other, filePath }],
      ["sluice.trash.restored", { fileId, restoredFileId: other, filePath }],
    ]);
    await app.request("DELETE", `/v1/files/${other}`);
    await told();
    await post(emptyPath, { fileIds: [other] });
    expect(await told()).toEqual([["sluice.trash.deleted", { fileId: other, filePath }]]);
    const { file_id: last } = await upload({ fileName: "last.jpg" });
    await told();
    await app.request("DELETE", `/v1/files/${last}?permanent=true`);
    expect(await told()).toEqual([["file.deleted", { fileId: last }]]);
  });
});

describe("a request that asks for the trash", () => {
  const opened: FilesApp[] = [];
  const open = async (settings: Parameters<typeof createFilesApp>[1]) => {
    const app = await createFilesApp(sqliteEngine, settings);
    opened.push(app);
    const { file_id: fileId } = await app.upload({});
    return { app, fileId, remove: (query: string) => app.request("DELETE", `/v1/files/${fileId}${query}`) };
  };
  const trashOf = async (app: FilesApp) => (await app.request("GET", "/_sluice/trash")).json().files;
  afterEach(() => Promise.all(opened.splice(0).map((app) => app.close())));

  test("has it for a week where the API deletes for good", async () => {
    const { app, fileId, remove } = await open({});
    expect((await remove("?permanent=false")).statusCode).toBe(204);
    const [trashed, ...others] = await trashOf(app);
    expect([trashed.fileId, others]).toEqual([fileId, []]);
    expect(Date.parse(trashed.purgeAt) - Date.parse(trashed.trashedAt)).toBe(7 * 24 * 3600 * 1000);
    const restored = await app.request("POST", restorePath, { payload: JSON.stringify({ fileIds: [fileId] }) });
    expect(restored.statusCode).toBe(200);
    expect((await remove("")).statusCode).toBe(204);
    expect(await trashOf(app)).toEqual([]);
  });

  test("is refused where the trash is switched off", async () => {
    const { app, fileId, remove } = await open({ trashDays: 0 });
    const { statusCode, body } = await remove("?permanent=false");
    expect([statusCode, body]).toEqual([400, expect.stringContaining("switched off")]);
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).statusCode).toBe(200);
  });
});

describe("what can't be meant is refused:", () => {
  let app: FilesApp;
  let fileId: string;

  beforeAll(async () => {
    app = await createFilesApp(sqliteEngine, { trashDays: 1 });
    ({ file_id: fileId } = await app.upload({}));
  });
  afterAll(() => app.close());

  test.each([
    ["DELETE", "/v1/files/ID?permanent=yes", undefined, /invalid permanent parameter/],
    ["DELETE", "/v1/files/ID?permanent=true&permanent=false", undefined, /invalid permanent parameter/],
    ["DELETE", "/v1/files/ID?permanant=true", undefined, /invalid permanant parameter/],
    ["DELETE", "/v1/folder?permanent=1", { folderPath: "/x" }, /invalid permanent parameter/],
    ["POST", "/v1/files/batch/deleteByFileIds?permanent=", { fileIds: ["ID"] }, /invalid permanent parameter/],
    ["GET", "/_sluice/trash?limit=0", undefined, /invalid limit parameter/],
    ["GET", "/_sluice/trash?limit=1001", undefined, /invalid limit parameter/],
    ["GET", "/_sluice/trash?skip=1", undefined, /invalid skip parameter/],
    ["GET", "/_sluice/trash?cursor=x", undefined, /invalid cursor parameter/],
    ["GET", "/_sluice/trash?nameContains=", undefined, /invalid nameContains parameter/],
    ["GET", "/_sluice/trash?nameContains=a&nameContains=b", undefined, /invalid nameContains parameter/],
    ["GET", `/_sluice/trash?nameContains=${"a".repeat(256)}`, undefined, /invalid nameContains parameter/],
    ["POST", restorePath, {}, /fileIds parameter is missing/],
    ["POST", restorePath, { fileIds: [] }, /fileIds is empty/],
    ["POST", restorePath, { fileIds: Array(101).fill(unknownId) }, /more than 100 items/],
    ["POST", restorePath, { fileIds: ["ID"], all: true }, /invalid all parameter/],
    ["POST", emptyPath, {}, /does not say which files/],
    ["POST", emptyPath, { all: false }, /does not say which files/],
    ["POST", emptyPath, { all: "true" }, /invalid all parameter/],
    ["POST", emptyPath, { all: true, fileIds: ["ID"] }, /does not say which files/],
    ["POST", emptyPath, { everything: true }, /invalid everything parameter/],
  ] as const)("%s %s %j", async (method, path, payload, message) => {
    const sent = JSON.stringify(payload)?.replaceAll("ID", fileId);
    const answer = await app.request(method, path.replaceAll("ID", fileId), { ...(sent && { payload: sent }) });
    expect([answer.statusCode, answer.json().message]).toEqual([400, expect.stringMatching(message)]);
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).statusCode).toBe(200);
  });

  test("without credentials, nothing is answered", async () => {
    for (const [method, path] of [
      ["GET", "/_sluice/trash"],
      ["POST", restorePath],
      ["POST", emptyPath],
    ] as const) {
      const answer = await app.request(method, path, { headers: { authorization: "" } });
      expect(answer.json().reason, path).toBe("PRIVATE_KEY_MISSING");
    }
  });
});
