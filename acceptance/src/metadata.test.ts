import ImageKit from "@imagekit/nodejs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, refusal, unknownId } from "./harness/media-api.ts";
import { jpeg, mp4, svg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
let photograph: Buffer;
beforeAll(async () => {
  server = await startServer();
  photograph = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } })
    .withExif({
      IFD0: { Make: "Canon", Artist: "A. Photographer" },
      IFD2: { DateTimeOriginal: "2008:05:30 15:56:01", FNumber: "71/10" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 12/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "16/1 15/1 0/1" },
    })
    .withXmp(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>beetle</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF>`,
    )
    .jpeg({ quality: 80 })
    .toBuffer();
});
afterAll(() => server?.stop());

const embedded = {
  Make: "Canon",
  Artist: "A. Photographer",
  DateTimeOriginal: "2008-05-30T15:56:01.000Z",
  FNumber: 7.1,
  GPSLatitude: 48.2,
  GPSLongitude: 16.25,
  Subject: ["beetle"],
};
const metadata = () => ({
  height: 40,
  width: 60,
  size: photograph.length,
  format: "jpg",
  hasColorProfile: false,
  quality: 80,
  hasTransparency: false,
  pHash: expect.stringMatching(/^[0-9a-f]{16}$/),
  exif: {
    image: { Make: "Canon", Artist: "A. Photographer" },
    thumbnail: {},
    exif: { DateTimeOriginal: "2008:05:30 15:56:01", FNumber: 7.1 },
    gps: { GPSLatitudeRef: "N", GPSLatitude: [48, 12, 0] },
    interoperability: {},
    makernote: {},
  },
});

describe("what a photograph says of itself", () => {
  test("is in an upload's answer where responseFields lists it, and only there", async () => {
    const fields = { fileName: "photo.jpg", responseFields: "embeddedMetadata,metadata" };
    const { body } = await uploadWithToken(server.url, photograph, fields);
    expect(body.embeddedMetadata).toMatchObject(embedded);
    expect(body.metadata).toMatchObject(metadata());
    const plain = await uploadBasic(server.url, photograph, { fileName: "photo.jpg" });
    expect(plain.body).not.toHaveProperty("embeddedMetadata");
    expect(JSON.stringify(plain.body)).not.toContain("GPS");
  });

  test("is in the details and the list, and goes with its version", async () => {
    const fields = { fileName: "versions.jpg", useUniqueFileName: "false", folder: "/listed" };
    const { body } = await uploadBasic(server.url, photograph, fields);
    const path = `/v1/files/${body.fileId}`;
    expect((await call(server.url, "GET", `${path}/details`)).body.embeddedMetadata).toMatchObject(embedded);
    expect((await call(server.url, "GET", "/v1/files?path=/listed")).body[0].embeddedMetadata).toMatchObject(embedded);
    await uploadBasic(server.url, await jpeg(), fields);
    expect((await call(server.url, "GET", `${path}/details`)).body.embeddedMetadata).toBeNull();
    const version = await call(server.url, "GET", `${path}/versions/${body.versionInfo.id}`);
    expect(version.body.embeddedMetadata).toMatchObject(embedded);
  });

  test("is null for a file that says nothing, and metadata for one that is no image or of a type that isn't decoded", async () => {
    const fields = { fileName: "a", responseFields: "embeddedMetadata,metadata" };
    const bitmap = Buffer.from("BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x01\0\x01\0\x01\0\x18\0\xff\0\0\0", "latin1");
    for (const bytes of ["text", bitmap]) {
      const { body } = await uploadBasic(server.url, bytes, fields);
      expect(body).toMatchObject({ embeddedMetadata: null, metadata: null });
      expect(body.fileType).toBe(bytes === bitmap ? "image" : "non-image");
    }
    expect((await uploadBasic(server.url, await jpeg(), fields)).body.embeddedMetadata).toBeNull();
  });

  test("belongs to the bytes that are stored, not to those that were sent", async () => {
    const fields = { fileName: "pre.jpg", responseFields: "metadata", transformation: '{"pre":"w-30"}' };
    const { body } = await uploadBasic(server.url, photograph, fields);
    expect(body.metadata).toMatchObject({ width: 30, height: 20, size: body.size, exif: { gps: {} } });
  });
});

describe("the metadata of a stored file", () => {
  const byUrl = (url: string) => call(server.url, "GET", `/v1/metadata?url=${encodeURIComponent(url)}`);

  test("by its id, through the SDK", async () => {
    const client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
    const fields = { fileName: "draft.jpg", isPublished: "false", isPrivateFile: "true" };
    const { body } = await uploadBasic(server.url, photograph, fields);
    expect(await client.files.metadata.get(body.fileId)).toMatchObject(metadata());
  });

  test("by its URL: with a transformation of what that makes, else of the file", async () => {
    const client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
    const { body } = await uploadBasic(server.url, photograph, { fileName: "ä b.jpg", isPrivateFile: "true" });
    const stored = await client.files.metadata.getFromURL({ url: body.url });
    expect(stored).toMatchObject(metadata());
    const made = await client.files.metadata.getFromURL({ url: `${body.url}?tr=w-30,f-png&ik-s=0&ik-t=1` });
    expect(made).toMatchObject({ width: 30, height: 20, format: "png", exif: { gps: {} } });
    expect(await client.files.metadata.getFromURL({ url: body.thumbnailUrl })).toMatchObject({ width: 60, height: 40 });
  });

  test.each([20, 40])("behind %i segments of whatever else, as it was told at the upload", async (count) => {
    const segment = Buffer.alloc(2 + 65_535, "http://ns.adobe.com/xmp/extension/\0");
    segment.writeUInt32BE(0xffe1ffff);
    const bytes = Buffer.concat([photograph.subarray(0, 2), ...Array(count).fill(segment), photograph.subarray(2)]);
    const fields = { fileName: "deep.jpg", responseFields: "metadata" };
    const token = mint(fields);
    const { body } = await uploadWithToken(server.url, bytes, fields, token);
    expect(body.metadata).toMatchObject({ ...metadata(), size: bytes.length });
    expect((await call(server.url, "GET", `/v1/files/${body.fileId}/metadata`)).body).toEqual(body.metadata);
    expect((await byUrl(body.url)).body).toEqual(body.metadata);
    const { body: asked } = await call(server.url, "POST", "/_sluice/upload-outcome", { body: { token } });
    expect(asked.response.metadata).toEqual(body.metadata);
  });

  test("of a drawing that a URL transforms, which stays one", async () => {
    const { body } = await uploadBasic(server.url, Buffer.from(svg), { fileName: "drawing.svg" });
    const drawing = { format: "svg", width: body.width, height: body.height, hasTransparency: true };
    for (const url of [body.thumbnailUrl, `${body.url}?tr=w-20`]) {
      expect(await byUrl(url), url).toMatchObject({ status: 200, body: drawing });
    }
  });

  test("of a drawing and a HEIC-like picture as well", async () => {
    const avif = await sharp(photograph).keepExif().avif().toBuffer();
    for (const [bytes, format] of [
      [avif, "avif"],
      [Buffer.from(svg), "svg"],
    ] as const) {
      const { body } = await uploadBasic(server.url, bytes, { fileName: `a.${format}` });
      const { status, body: found } = await call(server.url, "GET", `/v1/files/${body.fileId}/metadata`);
      expect([status, found.format, found.width]).toEqual([200, format, body.width]);
    }
  });

  const inaccessible = [404, "The requested file does not exist or is inaccessible at this time.", "FILE_INACCESSIBLE"];
  const invalid = [400, "The requested file is corrupt or invalid.", "FILE_UNREADABLE"];
  const elsewhere = [400, "The url should be accessible using your ImageKit.io account.", "URL_NOT_OF_ACCOUNT"];
  test("of what isn't there, what can't be read, and what is another's there is none", async () => {
    expect(refusal(await call(server.url, "GET", `/v1/files/${unknownId}/metadata`))).toEqual(inaccessible);
    expect(refusal(await call(server.url, "GET", "/v1/files/x/metadata"))[2]).toBe("PARAMETER_INVALID");
    for (const bytes of ["text", mp4(), Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF", "latin1")]) {
      const { body } = await uploadBasic(server.url, bytes, { fileName: "a.bin" });
      expect(refusal(await call(server.url, "GET", `/v1/files/${body.fileId}/metadata`))).toEqual(invalid);
      expect(refusal(await byUrl(body.url))).toEqual(invalid);
    }
    const draft = await uploadBasic(server.url, photograph, { fileName: "draft.jpg", isPublished: "false" });
    expect(refusal(await byUrl(draft.body.url))).toEqual(inaccessible);
    expect(refusal(await byUrl(`${server.url}/demo/nothing.jpg?tr=w-5`))).toEqual(inaccessible);
    for (const url of [
      "https://ik.imagekit.io/demo/a.jpg",
      "http://127.0.0.1:1/demo/a.jpg",
      `${server.url}/other/a.jpg`,
      `${server.url}.evil.example/demo/a.jpg`,
      `file://${new URL(server.url).host}/demo/a.jpg`,
      "a.jpg",
    ]) {
      expect(refusal(await byUrl(url)), url).toEqual(elsewhere);
    }
    expect(refusal(await call(server.url, "GET", "/v1/metadata"))[2]).toBe("PARAMETER_INVALID");
    const cut = await call(server.url, "GET", `/v1/metadata?url=${server.url}/demo/a.jpg?v=1&tr=w-5`);
    expect([cut.status, cut.body.message]).toEqual([400, expect.stringContaining("tr")]);
    expect((await call(server.url, "GET", "/v1/metadata?url=x", { authorization: null })).status).toBe(401);
  });
});

test("whoever asks what became of an upload is told its metadata as well", async () => {
  const fields = { fileName: "asked.jpg", responseFields: "metadata,embeddedMetadata" };
  const token = mint(fields);
  const { body } = await uploadWithToken(server.url, photograph, fields, token);
  const { body: asked } = await call(server.url, "POST", "/_sluice/upload-outcome", { body: { token } });
  expect(asked.response).toEqual(body);
});
