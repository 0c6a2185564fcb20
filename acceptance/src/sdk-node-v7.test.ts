import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ImageKit, { toFile } from "@imagekit/nodejs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original, textAt } from "./harness/deliver.ts";
import { unknownId } from "./harness/media-api.ts";
import { jpeg, png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";

let server: RunningServer;
let client: ImageKit;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  folder = await mkdtemp(join(tmpdir(), "sluice-sdk-"));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Parameters = Omit<ImageKit.FileUploadParams, "token">;
type Upload = (parameters: Parameters) => Promise<ImageKit.FileUploadResponse>;

/** The three ways of uploading. A token is made for exactly the strings that the SDK sends. */
const ways: readonly (readonly [string, Upload])[] = [
  ["V1 with Basic", (parameters) => client.files.upload(parameters)],
  ["V2 with Basic", (parameters) => client.beta.v2.files.upload(parameters)],
  ["V2 with a token", (parameters) => uploadWithToken(parameters)],
];

function uploadWithToken({ file, ...fields }: Parameters, token = mint(stringsOf(fields))) {
  const options = { headers: { Authorization: null } };
  return client.beta.v2.files.upload({ file, ...fields, token }, options);
}

function stringsOf(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, stringOf(value)]));
}

const stringOf = (value: unknown): string =>
  typeof value === "object" && !Array.isArray(value) ? JSON.stringify(value) : String(value);

const bytesAt = async (url: string | undefined) => (await deliver(original(url ?? ""))).bytes;

async function refusalOf(call: Promise<unknown>): Promise<InstanceType<typeof ImageKit.APIError>> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ImageKit.APIError)) throw new Error("the SDK reported no refusal", { cause: error });
  return error;
}

describe.each(ways)("an upload through %s", (_, upload) => {
  test("sends what is to be made of the file as an object", async () => {
    const transformation: Parameters["transformation"] = {
      pre: "w-10",
      post: [{ type: "transformation", value: "w-5" }],
    };
    const answer = await upload({ file: await toFile(await png(20, 10)), fileName: "t.png", transformation });
    expect(answer).toMatchObject({ width: 10, height: 5 });
    const refused = upload({
      file: await toFile(await png(20, 10)),
      fileName: "t.png",
      transformation: { pre: "no-1" },
    });
    expect((await refusalOf(refused)).message).toContain("the transformation field is invalid");
  });

  test("takes a stream", async () => {
    const picture = await png(20, 10);
    const path = join(folder, "stream.png");
    await writeFile(path, picture);
    const answer = await upload({ file: createReadStream(path), fileName: "renamed.png" });
    expect(answer).toMatchObject({ fileType: "image", width: 20, height: 10, size: picture.length });
    // The file has the caller's name, not the stream's path.
    expect(answer.name).toMatch(/^renamed_/);
    expect((await bytesAt(answer.url)).equals(picture)).toBe(true);
  });

  test("takes a buffer", async () => {
    const content = Buffer.alloc(200_000, "buffer ");
    const answer = await upload({ file: await toFile(content, "ignored.bin"), fileName: "b.txt" });
    expect((await bytesAt(answer.url)).equals(content)).toBe(true);
  });

  test("takes base64 text and a data URI", async () => {
    const text = Buffer.from("hello").toString("base64");
    expect(await textAt((await upload({ file: text, fileName: "h.txt" })).url ?? "")).toBe("hello");
    const uri = `data:text/plain;base64,${text}`;
    expect(await textAt((await upload({ file: uri, fileName: "h.txt" })).url ?? "")).toBe("hello");
  });

  test("takes arrays and booleans", async () => {
    const answer = await upload({
      file: await toFile(await png(), "p.png"),
      fileName: "all.png",
      useUniqueFileName: false,
      folder: "/sdk/v7",
      tags: ["red", "blue"],
      isPrivateFile: true,
      isPublished: true,
      customCoordinates: "1,1,2,2",
      description: "From the SDK",
      overwriteFile: true,
      overwriteTags: true,
      overwriteAITags: true,
      overwriteCustomMetadata: true,
      responseFields: ["tags", "customCoordinates", "isPrivateFile", "isPublished"],
    });
    expect(answer).toMatchObject({
      filePath: "/sdk/v7/all.png",
      tags: ["red", "blue"],
      customCoordinates: "1,1,2,2",
      isPrivateFile: true,
      isPublished: true,
      description: "From the SDK",
      AITags: null,
    });
  });

  test("reports what the server refuses", async () => {
    const error = await refusalOf(upload({ file: "aGVsbG8=", fileName: "a.txt", folder: "/../x" }));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe("400 Your request contains invalid value for folder parameter.");
    expect(error.error).toMatchObject({ reason: "FOLDER_INVALID", help: expect.any(String) });
  });
});

describe("a token", () => {
  const file = "aGVsbG8=";

  test("beside Basic authentication is refused and not used up", async () => {
    const fields = { fileName: "both.txt" };
    const token = mint(fields);
    const error = await refusalOf(client.beta.v2.files.upload({ file, ...fields, token }));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe(
      "400 Your request contains both token and basic auth parameter. Use only one method, you might be exposing your private API key.",
    );
    expect(await uploadWithToken({ file, ...fields }, token)).toMatchObject({ size: 5 });
  });

  test("is good once", async () => {
    const fields = { fileName: "once.txt" };
    const token = mint(fields);
    await uploadWithToken({ file, ...fields }, token);
    const error = await refusalOf(uploadWithToken({ file, ...fields }, token));
    expect(error.message).toBe("400 The token has been used before.");
    expect(error.error).toMatchObject({ reason: "TOKEN_USED" });
  });
});

describe("customMetadataFields", () => {
  test("create, list, update and delete, and values of them in an upload and an update", async () => {
    const field = await client.customMetadataFields.create({
      name: "price",
      label: "Price",
      schema: { type: "Number", minValue: 1000, maxValue: 3000 },
    });
    const schema = { type: "Number", minValue: 1000, maxValue: 3000 };
    expect(field).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), name: "price", label: "Price", schema });
    expect(await client.customMetadataFields.list()).toEqual([field]);

    const answer = await client.files.upload({
      file: await toFile(Buffer.from("hello")),
      fileName: "priced.txt",
      customMetadata: { price: 1500 },
      responseFields: ["customMetadata", "selectedFieldsSchema"],
    });
    expect(answer).toMatchObject({ customMetadata: { price: 1500 }, selectedFieldsSchema: { price: schema } });
    const fileId = answer.fileId ?? "";
    expect(await client.files.update(fileId, { customMetadata: { price: 2000 } })).toMatchObject({
      customMetadata: { price: 2000 },
    });
    const error = await refusalOf(client.files.update(fileId, { customMetadata: { price: 1 } }));
    expect(error.error).toMatchObject({ errors: { price: "Value must be between 1000 and 3000." } });

    const update = { label: "Cost", schema: { minValue: 1, defaultValue: 2, isValueRequired: true } };
    const changed = await client.customMetadataFields.update(field.id, update);
    expect(changed).toEqual({ ...field, label: "Cost", schema: { ...field.schema, ...update.schema } });
    const description = "In cents";
    const described = await client.customMetadataFields.update(field.id, { description });
    expect(described).toEqual({ ...changed, description });
    expect(await client.customMetadataFields.delete(field.id)).toBeNull();
    expect(await client.customMetadataFields.list({ folderPath: "/" })).toEqual([]);
    expect(await client.customMetadataFields.list({ includeDeleted: true })).toEqual([described]);
    const gone = await refusalOf(client.customMetadataFields.delete(field.id));
    expect(gone.message).toBe("404 No such custom metadata field exists.");
    const taken = await refusalOf(
      client.customMetadataFields.create({ name: "price", label: "P", schema: { type: "Text" } }),
    );
    expect(taken.message).toBe("400 A custom metadata field with this name already exists.");
  });
});

describe("files", () => {
  const upload = async (fileName: string, content: string) =>
    client.files.upload({ file: await toFile(Buffer.from(content)), fileName, useUniqueFileName: false });

  test("get, update and delete", async () => {
    const { fileId = "" } = await client.files.upload({
      file: await toFile(await jpeg()),
      fileName: "f.jpg",
      tags: ["a"],
    });
    expect(await client.files.get(fileId)).toMatchObject({ fileId, type: "file", tags: ["a"], mime: "image/jpeg" });
    const changed = await client.files.update(fileId, { tags: ["b", "c"], description: "changed" });
    expect(changed).toMatchObject({ fileId, tags: ["b", "c"], description: "changed" });
    const draft = await client.files.update(fileId, { publish: { isPublished: false, includeFileVersions: true } });
    expect(draft).toMatchObject({ isPublished: false });
    expect((await deliver(draft.url ?? "")).status).toBe(404);
    await client.files.delete(fileId);
    const error = await refusalOf(client.files.get(fileId));
    expect(error).toBeInstanceOf(ImageKit.NotFoundError);
    expect(error.message).toBe("404 The requested file does not exist.");
  });

  test("versions list, get, restore and delete", async () => {
    const { fileId = "", versionInfo: first } = await upload("versions.txt", "one");
    await upload("versions.txt", "two");
    const versions = await client.files.versions.list(fileId);
    expect(versions.map(({ type, versionInfo }) => [type, versionInfo?.name])).toEqual([
      ["file", "Version 2"],
      ["file-version", "Version 1"],
    ]);
    const target = { fileId };
    const versionId = first?.id ?? "";
    const older = await client.files.versions.get(versionId, target);
    expect(older).toMatchObject({ type: "file-version", versionInfo: first });
    expect(await textAt(older.url ?? "")).toBe("one");
    const restored = await client.files.versions.restore(versionId, target);
    expect(restored).toMatchObject({ type: "file", versionInfo: first });
    expect(await textAt(restored.url ?? "")).toBe("one");
    const newer = versions[0]?.versionInfo?.id ?? "";
    await client.files.versions.delete(newer, target);
    expect(await client.files.versions.list(fileId)).toHaveLength(1);
    const current = await refusalOf(client.files.versions.delete(versionId, target));
    expect(current.message).toBe("400 You cannot delete current version of a file.");
    const unknown = await refusalOf(client.files.versions.get(newer, target));
    expect(unknown).toBeInstanceOf(ImageKit.NotFoundError);
  });

  test("assets.list", async () => {
    const place = "/list me";
    for (const name of ["b.txt", "a.txt", "c.png"]) {
      const file = await toFile(name.endsWith("png") ? await png() : Buffer.from(name));
      await client.files.upload({ file, fileName: name, useUniqueFileName: false, folder: place });
    }
    const path = "/list_me";
    const names = async (query: ImageKit.AssetListParams) =>
      (await client.assets.list({ path, ...query })).map((asset) => asset.name);
    expect(await names({})).toEqual(["b.txt", "a.txt", "c.png"]);
    expect(await names({ type: "file", sort: "DESC_NAME", limit: 2 })).toEqual(["c.png", "b.txt"]);
    expect(await names({ sort: "ASC_NAME", skip: 1, limit: 1 })).toEqual(["b.txt"]);
    expect(await names({ fileType: "image" })).toEqual(["c.png"]);
    expect(await names({ type: "file-version" })).toEqual([]);
    const error = await refusalOf(client.assets.list({ limit: 2000 }));
    expect(error.message).toBe("400 Maximum value of limit parameter is 1000. Value sent is 2000.");
  });
});

describe("errors", () => {
  test("are of the SDK's classes, and name the request", async () => {
    const stranger = new ImageKit({ privateKey: "private_wrong", baseURL: server.url });
    const anonymous = { headers: { Authorization: null } };
    const cases = [
      [() => client.files.get("malformed"), ImageKit.BadRequestError, 400],
      [() => client.files.get(unknownId, anonymous), ImageKit.AuthenticationError, 401],
      [() => stranger.files.get(unknownId), ImageKit.PermissionDeniedError, 403],
      [() => client.files.get(unknownId), ImageKit.NotFoundError, 404],
    ] as const;
    for (const [call, kind, status] of cases) {
      const error = await refusalOf(call());
      expect(error).toBeInstanceOf(kind);
      expect(error.status).toBe(status);
      expect(error.headers?.get("x-ik-requestid")).toMatch(/\S/);
    }
  });
});

describe("helper.buildSrc", () => {
  test("signs URLs that open private files, with and without an end, in either form", async () => {
    const urlEndpoint = `${server.url}/demo`;
    const { filePath: src = "", url = "" } = await client.files.upload({
      file: await toFile(Buffer.from("secret")),
      fileName: "héllo wörld.txt",
      folder: "/private files",
      isPrivateFile: true,
    });
    expect((await deliver(url)).status).toBe(401);
    const transformation = [{ raw: "orig-true" }];
    const cases: Omit<ImageKit.SrcOptions, "urlEndpoint">[] = [
      { src, signed: true },
      { src, signed: true, queryParameters: { v: "1" } },
      { src, expiresIn: 300 },
      { src, expiresIn: 300, transformation, transformationPosition: "path" },
      { src, signed: true, transformation, transformationPosition: "query" },
      { src: url, signed: true },
    ];
    for (const endpoint of [urlEndpoint, `${urlEndpoint}/`]) {
      for (const options of cases) {
        const built = client.helper.buildSrc({ urlEndpoint: endpoint, ...options });
        const { status, bytes } = await deliver(built);
        expect([status, bytes.toString()], built).toEqual([200, "secret"]);
        expect((await deliver(built.replace(/ik-s=./, "ik-s=g"))).status).toBe(401);
      }
    }
  });

  test("shows thumbnails of private files by the URLs in answers, and by those that it signs", async () => {
    const file = await toFile(await jpeg(), "t.jpg");
    const uploaded = await client.files.upload({ file, fileName: "t.jpg", isPrivateFile: true, folder: "/sdk/shy" });
    const [listed] = await client.assets.list({ path: "/sdk/shy" });
    const got = await client.files.get(uploaded.fileId ?? "");
    const carried = [
      uploaded.thumbnailUrl,
      listed !== undefined && "thumbnail" in listed && listed.thumbnail,
      got.thumbnail,
    ];
    const urlEndpoint = `${server.url}/demo`;
    const transformation = [{ named: "ik_ml_thumbnail" }];
    for (const transformationPosition of ["path", "query"] as const) {
      const asked = { urlEndpoint, src: uploaded.filePath ?? "", transformation, transformationPosition };
      expect((await deliver(client.helper.buildSrc(asked))).status).toBe(401);
      carried.push(
        client.helper.buildSrc({ ...asked, signed: true }),
        client.helper.buildSrc({ ...asked, expiresIn: 60 }),
      );
    }
    for (const url of carried) {
      const { status, headers } = await deliver(url || "none");
      expect([status, headers["content-type"]], `${url}`).toEqual([200, "image/jpeg"]);
    }
  });

  test("builds thumbnails", async () => {
    const { filePath: src = "" } = await client.files.upload({ file: await toFile(await jpeg()), fileName: "t.jpg" });
    for (const transformationPosition of ["path", "query"] as const) {
      const transformation = [{ named: "ik_ml_thumbnail" }];
      const urlEndpoint = `${server.url}/demo`;
      const built = client.helper.buildSrc({ urlEndpoint, src, transformation, transformationPosition });
      expect((await deliver(built)).headers["content-type"]).toBe("image/jpeg");
    }
  });
});
