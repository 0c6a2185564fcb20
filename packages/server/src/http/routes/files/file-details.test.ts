import { afterAll, beforeAll, expect, test } from "vitest";
import { viewerOfServer } from "../../../access/viewer.ts";
import { findCurrentAsset } from "../../../database/repositories/assets.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, text, unknownId } from "./testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  test("a picture with everything that an upload can say of it", async () => {
    const asset = await app.upload({
      media: { mime: "image/png", kind: "picture", width: 640, height: 480, orientation: 1, hasAlpha: true },
      size: 12_345,
      fields: {
        fileName: "100 % हिन्दी.png",
        folder: "/a b/c",
        tags: "x,y",
        customCoordinates: "1,2,30,40",
        description: "A boat",
        isPrivateFile: "true",
      },
    });
    const response = await app.request("GET", `/v1/files/${asset.file_id}/details`);
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("application/json; charset=utf-8");
    const url = `https://media.example.com/demo/a_b/c/100___${encodeURIComponent("हिन्दी")}.png?updatedAt=${asset.created_at}`;
    expect(response.json()).toEqual({
      fileId: asset.file_id,
      type: "file",
      name: "100___हिन्दी.png",
      filePath: "/a_b/c/100___हिन्दी.png",
      tags: ["x", "y"],
      AITags: null,
      versionInfo: { id: asset.file_id, name: "Version 1" },
      isPrivateFile: true,
      isPublished: true,
      customCoordinates: "1,2,30,40",
      url,
      thumbnail: expect.stringMatching(/^[^?]+\?updatedAt=\d+&tr=n-ik_ml_thumbnail&ik-t=\d+&ik-s=[0-9a-f]{40}$/),
      fileType: "image",
      mime: "image/png",
      width: 640,
      height: 480,
      size: 12_345,
      hasAlpha: true,
      customMetadata: {},
      embeddedMetadata: null,
      description: "A boat",
      createdAt: new Date(asset.created_at).toISOString(),
      updatedAt: new Date(asset.created_at).toISOString(),
    });
  });

  test("what is no picture has neither dimensions nor a thumbnail", async () => {
    const asset = await app.upload({ media: text, fields: { fileName: "a.txt", isPublished: "false" } });
    const body = (await app.request("GET", `/v1/files/${asset.file_id}/details`)).json();
    expect(body).toMatchObject({ tags: null, customCoordinates: null, isPublished: false, mime: "text/plain" });
    for (const name of ["width", "height", "hasAlpha", "thumbnail", "description"])
      expect(body).not.toHaveProperty(name);
  });

  test("a picture whose bytes could not be read has no dimensions", async () => {
    const asset = await app.upload({
      media: { mime: "image/jpeg", kind: "picture" },
      fields: { fileName: "bad.jpg" },
    });
    const body = (await app.request("GET", `/v1/files/${asset.file_id}/details`)).json();
    expect(body).toMatchObject({ fileType: "image", thumbnail: expect.any(String) });
    for (const name of ["width", "height", "hasAlpha"]) expect(body).not.toHaveProperty(name);
  });

  test("how many frames a picture has is remembered with its version", async () => {
    const media = { mime: "image/gif", kind: "picture", width: 4, height: 4, pages: 12 } as const;
    const { account_id, file_id } = await app.upload({ media, fields: { fileName: "frames.gif" } });
    expect(await findCurrentAsset(app.database.reader, viewerOfServer(account_id), file_id)).toMatchObject({
      pages: 12,
    });
  });

  test("a file with several versions keeps the time of its first", async () => {
    const first = await app.upload({ fields: { fileName: "twice.jpg" } });
    const second = await app.upload({ fields: { fileName: "twice.jpg" } });
    expect((await app.request("GET", `/v1/files/${first.file_id}/details`)).json()).toMatchObject({
      fileId: first.file_id,
      versionInfo: { id: second.id, name: "Version 2" },
      createdAt: new Date(first.created_at).toISOString(),
      updatedAt: new Date(second.created_at).toISOString(),
    });
  });

  test.each(["fileId", "ABCDEFABCDEFABCDEFABCDEF", "0123456789abcdef0123456", "0123456789abcdef01234567%20"])(
    "%s is no id",
    async (id) => {
      expect(refusal(await app.request("GET", `/v1/files/${id}/details`))).toEqual([
        400,
        "Your request contains invalid fileId parameter.",
        "PARAMETER_INVALID",
      ]);
    },
  );

  test("an unknown file, and one of another account, do not exist", async () => {
    const asset = await app.upload({ account: "other" });
    for (const id of [unknownId, asset.file_id]) {
      expect(refusal(await app.request("GET", `/v1/files/${id}/details`))).toEqual([
        404,
        "The requested file does not exist.",
        "FILE_NOT_FOUND",
      ]);
    }
    expect((await app.request("GET", `/v1/files/${asset.file_id}/details`, { account: "other" })).json()).toMatchObject(
      {
        url: expect.stringMatching(/^https:\/\/media\.example\.com\/other\//),
      },
    );
  });

  test("a trailing slash and a JSON content type without a body change nothing", async () => {
    const { file_id: id } = await app.upload({ fields: { fileName: "slash.jpg" } });
    const headers = { "content-type": "application/json" };
    expect((await app.request("GET", `/v1/files/${id}/details/`, { headers })).statusCode).toBe(200);
    expect((await app.request("HEAD", `/v1/files/${id}/details`)).statusCode).toBe(200);
  });

  test("every route asks for the private key before anything else, and names its request", async () => {
    const headers = { authorization: "" };
    for (const [method, url] of [
      ["GET", "/v1/files?limit=0"],
      ["GET", "/v1/files/x/details"],
      ["PATCH", "/v1/files/x/details"],
      ["DELETE", "/v1/files/x"],
      ["GET", "/v1/files/x/versions"],
      ["GET", "/v1/files/x/versions/x"],
      ["DELETE", "/v1/files/x/versions/x"],
      ["PUT", "/v1/files/x/versions/x/restore"],
    ] as const) {
      const response = await app.request(method, url, { headers });
      expect(refusal(response), url).toEqual([
        401,
        "Your request does not contain private API key.",
        "PRIVATE_KEY_MISSING",
      ]);
      expect(response.headers["x-ik-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
