import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPurge } from "../../database/repositories/purges.ts";
import { filesBelow, purgeMany } from "../../delivery/purge/purge.ts";
import type { ReportProgress } from "../../jobs/progress/report-progress.ts";
import { recordJobProgress } from "../../jobs/progress/report-progress.ts";
import { describeEngines, sqliteEngine } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, publicUrl, refusal, unknownId } from "./files/testing/files-app.ts";

const path = "/v1/files/purge";
const forever = new AbortController().signal;

const purge = (app: FilesApp, url: unknown, account: "demo" | "other" = "demo") =>
  app.request("POST", path, { payload: { url }, account });

async function purgesOf(app: FilesApp, fileId: string): Promise<number[]> {
  const { reader } = app.database;
  const rows = await reader.selectFrom("versions").select("purges").where("file_id", "=", fileId).execute();
  return rows.map(({ purges }) => Number(purges));
}

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  test("a file's URL purges all of its versions, at once, and no other file's", async () => {
    const first = await app.upload({ fields: { fileName: "one.jpg", folder: "/exact" } });
    await app.upload({ fields: { fileName: "one.jpg", folder: "/exact" } });
    const neighbour = await app.upload({ fields: { fileName: "two.jpg", folder: "/exact" } });
    for (const query of ["", "?tr=w-100", "?updatedAt=1"]) {
      const answer = await purge(app, `${publicUrl}/demo/exact/one.jpg${query}`);
      expect(answer.statusCode).toBe(201);
      const { requestId } = answer.json();
      expect(answer.json()).toEqual({ requestId: expect.stringMatching(/^[0-9a-f]{24}$/) });
      const status = await app.request("GET", `${path}/${requestId}`);
      expect([status.statusCode, status.json()]).toEqual([200, { status: "Completed" }]);
    }
    expect(await purgesOf(app, first.file_id)).toEqual([3, 3]);
    expect(await purgesOf(app, neighbour.file_id)).toEqual([0]);
  });

  test("what is made of a file is purged by its virtual suffix, and so is a file of that name", async () => {
    const file = await app.upload({ fields: { fileName: "three.gif", folder: "/exact" } });
    const named = await app.upload({ fields: { fileName: "ik-thumbnail.jpg", folder: "/exact" } });
    for (const url of ["three.gif/ik-thumbnail.jpg?tr=w-9", "ik-thumbnail.jpg"]) {
      expect((await purge(app, `${publicUrl}/demo/exact/${url}`)).statusCode).toBe(201);
    }
    expect([await purgesOf(app, file.file_id), await purgesOf(app, named.file_id)]).toEqual([[1], [1]]);
  });

  test("a URL of no file is purged of nothing", async () => {
    const { requestId } = (await purge(app, `${publicUrl}/demo/exact/nobody.jpg`)).json();
    expect((await app.request("GET", `${path}/${requestId}`)).json()).toEqual({ status: "Completed" });
  });

  test("what can't be purged is refused", async () => {
    for (const url of [undefined, "", `${publicUrl}/other/a.jpg`, `${publicUrl}/demo/a/*`]) {
      expect(refusal(await purge(app, url)).slice(0, 2)).toEqual([400, "The URL is not valid for cache purging."]);
    }
  });

  test("what doesn't exist in the body is refused", async () => {
    const payload = { url: `${publicUrl}/demo/exact/one.jpg`, recursive: true };
    const answer = await app.request("POST", path, { payload });
    expect([answer.statusCode, answer.json().message]).toEqual([400, expect.stringContaining("recursive")]);
  });

  test("files are found by how their paths begin, a few at a time", async () => {
    const inside = ["/many/b/1", "/many/b/2", "/many/b/3", "/many/b/c/1", "/many/b/c/d/1", "/many/bc/1", "/many/bb"];
    const outside = ["/many/a/1", "/many/c/1", "/many/a", "/many/c", "/manyb/1"];
    const ids = new Map<string, string>();
    for (const path of [...inside, ...outside]) {
      const [, folder, fileName] = /^(.*)\/(.*)$/.exec(path) ?? [];
      const file = await app.upload({ fields: { fileName: fileName ?? "", folder: folder ?? "" } });
      ids.set(file.file_id, path);
    }
    const { account_id: accountId } = await app.database.reader
      .selectFrom("files")
      .select("account_id")
      .where("id", "=", [...ids.keys()][0] ?? "")
      .executeTakeFirstOrThrow();
    const find = async (prefix: string, limit: number) => {
      const pages: string[][] = [];
      const scope = { accountId, prefix };
      for await (const found of filesBelow(app.database.reader, scope, forever, limit)) pages.push(found);
      return {
        found: pages.flat().map((id) => ids.get(id)),
        longest: Math.max(0, ...pages.map(({ length }) => length)),
      };
    };
    for (const limit of [1, 2, 3, 100]) {
      const { found, longest } = await find("/many/b", limit);
      expect(found.toSorted()).toEqual(inside.toSorted());
      expect(longest).toBeLessThan(2 * limit);
    }
    expect((await find("/many/b/", 2)).found.toSorted()).toEqual(inside.slice(0, 5));
    expect((await find("/many/none/", 2)).found).toEqual([]);
  });

  test("a request is known to its own account alone", async () => {
    const { requestId } = (await purge(app, `${publicUrl}/other/a.jpg`, "other")).json();
    for (const id of [requestId, unknownId, "x", "%00"]) {
      const answer = await app.request("GET", `${path}/${id}`);
      expect(refusal(answer).slice(0, 2)).toEqual([400, "No request found for this requestId."]);
    }
    expect(await findPurge(app.database.reader, requestId)).toBeDefined();
  });

  test("whoever isn't known may not ask", async () => {
    const headers = { authorization: "" };
    expect((await app.request("POST", path, { payload: {}, headers })).statusCode).toBe(401);
    expect((await app.request("GET", `${path}/${unknownId}`, { headers })).statusCode).toBe(401);
  });
});

/** On PostgreSQL the queue needs the whole server, so the acceptance tests cover it there. */
describe("many files", () => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(sqliteEngine);
  });

  afterAll(() => app.close());

  test("a wildcard is pending until every file whose path begins so is purged", async () => {
    const inside = ["/shop/shoes", "/shop/shoes/red", "/shop/shoes2"];
    const outside = ["/shop/shoe", "/shop", "/shops/shoes"];
    const files = new Map<string, string>();
    for (const folder of [...inside, ...outside]) {
      files.set(folder, (await app.upload({ fields: { fileName: "a.jpg", folder } })).file_id);
    }
    const other = await app.upload({ account: "other", fields: { fileName: "a.jpg", folder: "/shop/shoes" } });
    const id = (await purge(app, `${publicUrl}/demo/shop/shoes*`)).json().requestId;
    expect((await app.request("GET", `${path}/${id}`)).json()).toEqual({ status: "Pending" });
    const services = { database: app.database, now: () => app.now };
    const reports: unknown[] = [];
    const report: ReportProgress = (_accountId, progress) => reports.push(progress);
    await expect(purgeMany(services, id, report, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect((await app.request("GET", `${path}/${id}`)).json()).toEqual({ status: "Pending" });
    const progress = { fraction: 0.5, message: "Half of them." };
    const account_id = (await findPurge(app.database.reader, id))?.account_id ?? "";
    const row = { job: "purge-files", key: id, account_id, ...progress, updated_at: app.now };
    await app.database.run(recordJobProgress, { row, isFirst: true });
    expect((await app.request("GET", `${path}/${id}`)).json()).toEqual({ status: "Pending", progress });
    await purgeMany(services, id, report, forever);
    await purgeMany(services, id, report, forever);
    expect(reports).toEqual([{ fraction: 1, message: "3 of 3 files are purged." }]);
    expect((await app.request("GET", `${path}/${id}`)).json()).toEqual({ status: "Completed" });
    for (const folder of inside) expect(await purgesOf(app, files.get(folder) ?? "")).toEqual([1]);
    for (const folder of outside) expect(await purgesOf(app, files.get(folder) ?? "")).toEqual([0]);
    expect(await purgesOf(app, other.file_id)).toEqual([0]);
  });
});
