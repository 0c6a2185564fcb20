import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { describeEngines } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, unknownId } from "./files/testing/files-app.ts";

interface Listed {
  readonly fileId: string;
  readonly type: string;
  readonly url: string;
  readonly updatedAt: string;
  readonly versionInfo: { readonly id: string; readonly name: string };
}

describeEngines((engine) => {
  let app: FilesApp;
  let count = 0;
  let id: string;
  /** The rows of versions 1 to 3. */
  let rows: AssetRow[];
  let fields: { fileName: string };

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  beforeEach(async () => {
    count += 1;
    fields = { fileName: `${count}.jpg` };
    rows = [];
    for (let number = 1; number <= 3; number++) rows.push(await app.upload({ fields, size: number }));
    id = rows[0]?.file_id ?? "";
  });

  const list = async () => (await app.request("GET", `/v1/files/${id}/versions`)).json<Listed[]>();
  const numbers = async () => (await list()).map(({ versionInfo }) => versionInfo.name);
  const pathOf = (number: number) => `/v1/files/${id}/versions/${rows[number - 1]?.id}`;
  const versionNotFound = [404, "The requested file version does not exist.", "FILE_VERSION_NOT_FOUND"];
  const assetNotFound = [404, "The requested asset does not exist.", "ASSET_NOT_FOUND"];

  test("versions come with the current one first, then from the newest to the oldest", async () => {
    const versions = await list();
    expect(versions).toMatchObject([
      { type: "file", versionInfo: { id: rows[2]?.id, name: "Version 3" } },
      { type: "file-version", versionInfo: { id: rows[1]?.id, name: "Version 2" } },
      { type: "file-version", versionInfo: { id, name: "Version 1" } },
    ]);
    expect(versions[0]?.url).not.toContain("ik-obj-version");
    expect(versions[1]?.url).toContain(`?ik-obj-version=${rows[1]?.object_version}&updatedAt=`);
  });

  test("one version, current or not", async () => {
    expect((await app.request("GET", pathOf(3))).json()).toMatchObject({ type: "file", size: 3 });
    expect((await app.request("GET", pathOf(1))).json()).toMatchObject({ type: "file-version", fileId: id, size: 1 });
  });

  describe("restoring", () => {
    test("moves the pointer: number, bytes and token stay, and the list shows it first", async () => {
      const response = await app.request("PUT", `${pathOf(1)}/restore`);
      expect(response.statusCode).toBe(200);
      expect(response.json()).toMatchObject({
        type: "file",
        fileId: id,
        size: 1,
        versionInfo: { id, name: "Version 1" },
      });
      expect(response.json()).toEqual((await app.request("GET", `/v1/files/${id}/details`)).json());
      expect(await numbers()).toEqual(["Version 1", "Version 3", "Version 2"]);
      expect((await list())[1]?.type).toBe("file-version");
      const row = await app.database.reader.selectFrom("versions").selectAll().where("id", "=", id).executeTakeFirst();
      expect(row).toMatchObject({ blob_id: rows[0]?.blob_id, object_version: rows[0]?.object_version });
    });

    test("a later upload goes on from the highest number", async () => {
      await app.request("PUT", `${pathOf(1)}/restore`);
      await app.upload({ fields });
      expect(await numbers()).toEqual(["Version 4", "Version 3", "Version 2", "Version 1"]);
    });

    test("the plain URL never shows other bytes under an updatedAt that it had before", async () => {
      const [current] = await list();
      const seen = [current?.url];
      const time = Date.parse(current?.updatedAt ?? "");
      for (const number of [1, 3, 1]) {
        // The clock stands still.
        app.now = time - 1000;
        seen.push((await app.request("PUT", `${pathOf(number)}/restore`)).json<Listed>().url);
      }
      expect(new Set(seen).size).toBe(4);
    });

    test("nor after changes in between, though the clock stands still or goes back", async () => {
      const [current] = await list();
      const time = Date.parse(current?.updatedAt ?? "");
      const seen = [current?.url];
      const changes = [{ description: "a" }, { publish: { isPublished: false } }, { publish: { isPublished: true } }];
      for (const change of changes) {
        app.now = time - 5000;
        const answer = await app.request("PATCH", `/v1/files/${current?.fileId}/details`, { payload: change });
        seen.push(answer.json<Listed>().url);
      }
      const times = seen.map((url) => Number(new URL(url ?? "").searchParams.get("updatedAt")));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    });

    test("the current version stays as it is", async () => {
      const [before] = await list();
      expect((await app.request("PUT", `${pathOf(3)}/restore`)).json()).toEqual(before);
    });

    test("takes a JSON content type without a body, and any body", async () => {
      const headers = { "content-type": "application/json" };
      expect((await app.request("PUT", `${pathOf(1)}/restore`, { headers })).statusCode).toBe(200);
      expect((await app.request("PUT", `${pathOf(2)}/restore/`, { payload: {} })).statusCode).toBe(200);
    });
  });

  describe("deleting a version", () => {
    test("takes that version alone, and its number is not given again", async () => {
      const response = await app.request("DELETE", pathOf(2));
      expect([response.statusCode, response.body]).toEqual([204, ""]);
      expect(await numbers()).toEqual(["Version 3", "Version 1"]);
      expect(refusal(await app.request("GET", pathOf(2)))).toEqual(versionNotFound);
      expect(refusal(await app.request("DELETE", pathOf(2)))).toEqual(assetNotFound);
      await app.upload({ fields });
      expect(await numbers()).toEqual(["Version 4", "Version 3", "Version 1"]);
    });

    test("the current one stays; once another is restored, it can go", async () => {
      expect(refusal(await app.request("DELETE", pathOf(3)))).toEqual([
        400,
        "You cannot delete current version of a file.",
        "CURRENT_VERSION_NOT_DELETABLE",
      ]);
      await app.request("PUT", `${pathOf(2)}/restore`);
      expect((await app.request("DELETE", pathOf(3))).statusCode).toBe(204);
      await app.upload({ fields });
      expect(await numbers()).toEqual(["Version 4", "Version 2", "Version 1"]);
    });

    test("the first version can go though it bears the file's id", async () => {
      expect((await app.request("DELETE", pathOf(1), { payload: { any: "body" } })).statusCode).toBe(204);
      expect((await app.request("GET", `/v1/files/${id}/details`)).json()).toMatchObject({ fileId: id });
    });

    test("a restore and a deletion of the same version at once never leave a file without its current version", async () => {
      const [restored, removed] = await Promise.all([
        app.request("PUT", `${pathOf(1)}/restore`),
        app.request("DELETE", pathOf(1)),
      ]);
      expect([
        [200, 400],
        [404, 204],
      ]).toContainEqual([restored.statusCode, removed.statusCode]);
      expect((await app.request("GET", `/v1/files/${id}/details`)).statusCode).toBe(200);
    });
  });

  describe("deleting a file", () => {
    test("takes every version; the name is free for a new file, the blobs are left for the sweep", async () => {
      const headers = { "content-type": "application/json", accept: "*/*" };
      const response = await app.request("DELETE", `/v1/files/${id}/`, { headers });
      expect([response.statusCode, response.body]).toEqual([204, ""]);
      const notFound = [404, "The requested file does not exist.", "FILE_NOT_FOUND"];
      expect(refusal(await app.request("GET", `/v1/files/${id}/details`))).toEqual(notFound);
      expect(refusal(await app.request("GET", `/v1/files/${id}/versions`))).toEqual(notFound);
      expect(refusal(await app.request("DELETE", `/v1/files/${id}`))).toEqual(notFound);
      expect(refusal(await app.request("GET", pathOf(2)))).toEqual(versionNotFound);
      const blobs = rows.map((row) => row.blob_id);
      expect(
        await app.database.reader.selectFrom("blobs").select("id").where("id", "in", blobs).execute(),
      ).toHaveLength(3);
      const again = await app.upload({ fields });
      expect(again.file_id).not.toBe(id);
      expect(again.number).toBe(1);
    });

    test("takes a body, malformed or not", async () => {
      const headers = { "content-type": "application/json" };
      expect((await app.request("DELETE", `/v1/files/${id}`, { payload: "{", headers })).statusCode).toBe(204);
    });

    test("malformed and unknown ids", async () => {
      expect(refusal(await app.request("DELETE", "/v1/files/x"))).toEqual([
        400,
        "Your request contains invalid fileId parameter.",
        "PARAMETER_INVALID",
      ]);
      expect(refusal(await app.request("DELETE", `/v1/files/${unknownId}`))).toEqual([
        404,
        "The requested file does not exist.",
        "FILE_NOT_FOUND",
      ]);
    });
  });

  describe("ids", () => {
    const calls = [
      ["GET", "", versionNotFound],
      ["DELETE", "", assetNotFound],
      ["PUT", "/restore", versionNotFound],
    ] as const;

    test("the first malformed one is named", async () => {
      for (const [method, suffix] of calls) {
        const message = (name: string) => [
          400,
          `Your request contains invalid ${name} parameter.`,
          "PARAMETER_INVALID",
        ];
        expect(refusal(await app.request(method, `/v1/files/${id}/versions/x${suffix}`))).toEqual(message("versionId"));
        expect(refusal(await app.request(method, `/v1/files/x/versions/x${suffix}`))).toEqual(message("fileId"));
      }
      expect(refusal(await app.request("GET", "/v1/files/x/versions"))[1]).toBe(
        "Your request contains invalid fileId parameter.",
      );
    });

    test("an unknown version, one of another file, and one of another account do not exist", async () => {
      const stranger = await app.upload({ fields: { fileName: `stranger-${count}.jpg` } });
      for (const [method, suffix, expected] of calls) {
        for (const path of [
          `/v1/files/${id}/versions/${unknownId}`,
          `/v1/files/${unknownId}/versions/${rows[0]?.id}`,
          `/v1/files/${id}/versions/${stranger.id}`,
          `/v1/files/${stranger.file_id}/versions/${rows[0]?.id}`,
        ]) {
          expect(refusal(await app.request(method, path + suffix)), `${method} ${path}`).toEqual(expected);
        }
        const asStranger = await app.request(method, pathOf(1) + suffix, { account: "other" });
        expect(refusal(asStranger)).toEqual(expected);
      }
      expect(refusal(await app.request("DELETE", `/v1/files/${id}`, { account: "other" }))[0]).toBe(404);
      expect(refusal(await app.request("GET", `/v1/files/${id}/versions`, { account: "other" }))[0]).toBe(404);
      expect(await numbers()).toEqual(["Version 3", "Version 2", "Version 1"]);
    });
  });
});
