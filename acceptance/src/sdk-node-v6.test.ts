import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ImageKit from "imagekit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original, textAt } from "./harness/deliver.ts";
import { jpeg, png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

let server: RunningServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "sluice-sdk-"));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const clientOf = (version: number) =>
  new ImageKit({
    ...keys,
    urlEndpoint: `${server.url}/demo`,
    uploadEndpoint: `${server.url}/api/v${version}/files/upload`,
  });

describe.each([1, 2])("uploadEndpoint on /api/v%i", (version) => {
  test("takes a buffer", async () => {
    const picture = await png(20, 10);
    const answer = await clientOf(version).upload({ file: picture, fileName: "b.png", tags: ["a", "b"] });
    expect(answer).toMatchObject({ fileType: "image", width: 20, height: 10, size: picture.length, AITags: null });
    expect((await deliver(original(answer.url))).bytes.equals(picture)).toBe(true);
    expect(answer.$ResponseMetadata).toMatchObject({
      statusCode: 200,
      headers: { "x-ik-requestid": expect.stringMatching(/\S/) },
    });
  });

  test("sends what is to be made of the file as an object", async () => {
    const transformation = { pre: "w-10", post: [{ type: "transformation" as const, value: "w-5" }] };
    const answer = await clientOf(version).upload({ file: await png(20, 10), fileName: "t.png", transformation });
    expect(answer).toMatchObject({ width: 10, height: 5 });
  });

  test("takes a stream, whose length it does not announce", async () => {
    const content = Buffer.alloc(300_000, "stream ");
    const path = join(folder, "stream.txt");
    await writeFile(path, content);
    const answer = await clientOf(version).upload({ file: createReadStream(path), fileName: "s.txt" });
    expect((await deliver(original(answer.url))).bytes.equals(content)).toBe(true);
  });

  test("takes base64 text", async () => {
    const file = Buffer.from("hello").toString("base64");
    const answer = await clientOf(version).upload({ file, fileName: "h.txt" });
    expect(await textAt(answer.url)).toBe("hello");
  });

  test("takes every parameter that the server knows, and undefined for those left out", async () => {
    const answer = await clientOf(version).upload({
      file: await png(),
      fileName: "all.png",
      folder: `/sdk/v6-${version}`,
      useUniqueFileName: false,
      tags: ["red", "blue"],
      isPrivateFile: false,
      customCoordinates: "1,1,2,2",
      overwriteFile: true,
      overwriteAITags: false,
      overwriteTags: true,
      overwriteCustomMetadata: false,
      isPublished: true,
      responseFields: ["tags", "customCoordinates", "isPrivateFile"],
      // Programs that pass their own options on send such undefined members.
      ...({ webhookUrl: undefined, extensions: undefined, customMetadata: undefined, checks: undefined } as object),
    });
    expect(answer).toMatchObject({
      filePath: `/sdk/v6-${version}/all.png`,
      tags: ["red", "blue"],
      customCoordinates: "1,1,2,2",
      isPrivateFile: false,
      versionInfo: { name: "Version 1" },
    });
  });

  test("hands on what the server refuses", async () => {
    const refused = clientOf(version).upload({ file: "aGVsbG8=", fileName: "a.txt", folder: "/../x" });
    await expect(refused).rejects.toMatchObject({
      message: "Your request contains invalid value for folder parameter.",
      help: expect.any(String),
      reason: "FOLDER_INVALID",
      $ResponseMetadata: { statusCode: 400 },
    });
    const stranger = new ImageKit({
      publicKey: "public_wrong",
      privateKey: "private_wrong",
      urlEndpoint: `${server.url}/demo`,
      uploadEndpoint: `${server.url}/api/v${version}/files/upload`,
    });
    await expect(stranger.upload({ file: "aGVsbG8=", fileName: "a.txt" })).rejects.toMatchObject({
      message: "Your account cannot be authenticated.",
      $ResponseMetadata: { statusCode: 403 },
    });
  });

  test("calls back, too", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    clientOf(version).upload({ file: "aGVsbG8=", fileName: "c.txt" }, (...results) => resolve(results));
    const [error, result] = await promise;
    expect(error).toBeNull();
    expect(result).toMatchObject({ size: 5 });
  });
});

describe("url", () => {
  test("signs URLs that open private files, with and without an end, in either form", async () => {
    const client = clientOf(2);
    const { filePath: path, url: src } = await client.upload({
      file: await jpeg(),
      fileName: "héllo wörld.jpg",
      folder: "/private",
      isPrivateFile: true,
    });
    expect((await deliver(src)).status).toBe(401);
    const transformation = [{ original: "true" }];
    for (const options of [
      { path, signed: true },
      { path, signed: true, expireSeconds: 300 },
      { path, signed: true, transformation },
      { path, signed: true, transformation, transformationPosition: "query" },
      { src, signed: true, expireSeconds: 300, queryParameters: { v: "1" } },
    ] as const) {
      const built = client.url({ ...options, ...("transformation" in options && { transformation }) });
      const { status, headers } = await deliver(built);
      expect([status, headers["content-type"]], built).toEqual([200, "image/jpeg"]);
    }
  });

  test("shows thumbnails of private files by the URL in the answer, and by those that it signs", async () => {
    const client = clientOf(1);
    const asked = { file: await jpeg(), fileName: "t.jpg", isPrivateFile: true };
    const { filePath: path, thumbnailUrl } = await client.upload(asked);
    const transformation = [{ named: "ik_ml_thumbnail" }];
    for (const url of [thumbnailUrl, client.url({ path, transformation, signed: true })]) {
      expect((await deliver(url)).status, url).toBe(200);
    }
    expect((await deliver(client.url({ path, transformation }))).status).toBe(401);
  });

  test("builds thumbnails", async () => {
    const client = clientOf(1);
    const { filePath: path } = await client.upload({ file: await jpeg(), fileName: "t.jpg" });
    const built = client.url({ path, transformation: [{ named: "ik_ml_thumbnail" }] });
    expect((await deliver(built)).status).toBe(200);
  });
});
