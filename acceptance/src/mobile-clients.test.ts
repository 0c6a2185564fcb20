import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobFiles, spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { androidForm, iosForm, type MobileForm, type MobileUpload } from "./harness/mobile-forms.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { alive, signRaw, unixTime } from "./harness/raw-token.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, mint, post } from "./harness/upload.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
let photo: Buffer;
beforeAll(async () => {
  server = await startServer();
  photo = await jpeg(320, 200);
});
afterAll(() => server?.stop());

async function send(form: MobileForm, upload: MobileUpload): Promise<Answer> {
  const { contentType, body } = form(upload);
  const headers = { "content-type": contentType };
  const answer = await fetch(`${server.url}/api/v2/files/upload`, { method: "POST", headers, body });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

type Options = NonNullable<MobileUpload["options"]>;

/** Uploads as the SDK does, with a token for exactly the fields that are sent. */
function upload(form: MobileForm, file: MobileUpload["file"], fileName: string, options: Options = {}) {
  return send(form, { file, fileName, options, token: mint({ fileName, ...options }, { expiresIn: 60 }) });
}

const platforms: [name: string, form: MobileForm][] = [
  ["Android", androidForm],
  ["iOS", iosForm],
];

describe.each(platforms)("%s", (platform, form) => {
  test("a photo with the sample's claims is stored as what it is", async () => {
    const options = { useUniqueFileName: "true", tags: "nice,copy,books", folder: "/dummy/folder/" };
    const answer = await upload(form, photo, "photo.jpg", { ...options, responseFields: "tags,isPrivateFile" });
    expectStored(answer);
    expect(answer.body).toMatchObject({
      filePath: expect.stringMatching(/^\/dummy\/folder\/photo_[\w-]+\.jpg$/),
      size: photo.length,
      width: 320,
      height: 200,
      fileType: "image",
      tags: ["nice", "copy", "books"],
      isPrivateFile: false,
    });
    for (const name of ["size", "width", "height"]) expect(Number.isInteger(answer.body[name]), name).toBe(true);
    expect(photo.equals(await fetchOriginal(server.url, answer.body.url))).toBe(true);
  });

  test("a file that is no picture is stored as what it is, though it says image/png", async () => {
    const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\n%%EOF\n");
    const answer = await upload(form, pdf, "paper.pdf");
    expectStored(answer);
    expect(answer.body).toMatchObject({ fileType: "non-image", size: pdf.length });
  });

  test("every option that the SDK can send is taken in its order", async () => {
    const options = {
      useUniqueFileName: "false",
      tags: "a,b",
      folder: "all",
      isPrivateFile: "true",
      customCoordinates: "1,2,30,40",
      responseFields: "tags,customCoordinates,isPrivateFile,isPublished",
      overwriteFile: "true",
      overwriteAITags: "false",
      overwriteTags: "false",
      overwriteCustomMetadata: "false",
    };
    const answer = await upload(form, photo, `all-${platform}.jpg`, options);
    expectStored(answer);
    expect(answer.body).toMatchObject({
      filePath: `/all/all-${platform}.jpg`,
      tags: ["a", "b"],
      customCoordinates: "1,2,30,40",
      isPrivateFile: true,
      isPublished: true,
    });
  });

  test("a name outside ASCII matches and keeps its letters", async () => {
    const answer = await upload(form, photo, "Überraschung 写真 ñandú.jpg", { useUniqueFileName: "false" });
    expectStored(answer);
    expect(answer.body.name).toBe("Überraschung_写真_ñandú.jpg");
  });

  test("the same token again is a replay, after a success and after a failure", async () => {
    const exact: Options = { useUniqueFileName: "false", overwriteFile: "false", folder: `/taken-${platform}` };
    const fileName = "same.jpg";
    const first = { file: photo, fileName, options: exact, token: mint({ fileName, ...exact }) };
    expectStored(await send(form, first));
    expectRefusal(await send(form, first), 400, "TOKEN_USED");
    const second = { ...first, token: mint({ fileName, ...exact }) };
    const failed = await send(form, second);
    expectRefusal(failed, 400, "FILE_ALREADY_EXISTS");
    expect(failed.headers.get("x-should-retry")).toBe("false");
    expectRefusal(await send(form, second), 400, "TOKEN_USED");
  });

  test("a retry with the same token, which drops the optional parameters, is told that the token is used", async () => {
    const fileName = "retry.jpg";
    const options = { tags: "a", folder: "/retry" };
    const token = mint({ fileName, ...options });
    expectStored(await send(form, { file: photo, fileName, options, token }));
    expectRefusal(await send(form, { file: photo, fileName, token }), 400, "TOKEN_USED");
  });

  test("lifetimes: expired on the way 400, 3600 s accepted, 3601 s and a missing iat refused", async () => {
    const fileName = "life.jpg";
    const attempt = (payload: Record<string, unknown>) =>
      send(form, { file: photo, fileName, token: signRaw({ payload: { fileName, ...payload } }) });
    const now = unixTime();
    expectRefusal(await attempt({ iat: now - 61, exp: now - 1 }), 400, "TOKEN_EXPIRED");
    expectStored(await attempt(alive({}, 3600)));
    expectRefusal(await attempt(alive({}, 3601)), 400, "TOKEN_INVALID");
    expectRefusal(await attempt({ exp: now + 60 }), 400, "TOKEN_INVALID");
  });

  const mismatches: [what: string, signed: Options, sent: Options][] = [
    ["a folder that differs by its last slash", { folder: "/a/b/" }, { folder: "/a/b" }],
    ["an extra field that is not signed", {}, { isPrivateFile: "true" }],
    ["a signed field that is not sent", { tags: "a" }, {}],
    ["JSON with other white space", { customMetadata: '{"a":1}' }, { customMetadata: '{"a": 1}' }],
    ["JSON in another order", { extensions: '[{"a":1,"b":2}]' }, { extensions: '[{"b":2,"a":1}]' }],
  ];
  test.each(mismatches)("%s is a mismatch", async (_what, signed, sent) => {
    const fileName = "mismatch.jpg";
    const token = mint({ fileName, ...signed });
    const answer = await send(form, { file: photo, fileName, options: sent, token });
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
  });

  test("20 MB before the token arrive whole", async () => {
    const large = randomBytes(20 * MiB);
    const answer = await upload(form, large, "large.bin");
    expectStored(answer);
    expect(large.equals(await fetchOriginal(server.url, answer.body.url))).toBe(true);
  });

  test("every refusal can be decoded: JSON with a string message", async () => {
    const refusals = [
      await upload(form, new Uint8Array(), "empty.jpg"),
      await upload(form, photo, ".."),
      await upload(form, photo, "a.jpg", { folder: "/../" }),
      await upload(form, photo, "a.jpg", { webhookUrl: "example.com" }),
      await send(form, { file: photo, fileName: "a.jpg", token: "" }),
      await send(form, { file: photo, fileName: "a.jpg", token: "no token" }),
      await upload(form, Buffer.alloc(26 * MiB), "too-large.bin"),
    ];
    for (const { status, headers, body } of refusals) {
      expect(status).toBe(400);
      expect(headers.get("content-type")).toMatch(/^application\/json\b/);
      expect(body).toMatchObject({ message: expect.stringMatching(/\S/), help: expect.any(String) });
    }
  });
});

test("Android sends base64 as a text part, which is decoded", async () => {
  const answer = await upload(androidForm, photo.toString("base64"), "text.jpg");
  expectStored(answer);
  expect(answer.body).toMatchObject({ size: photo.length, fileType: "image" });
});

test("iOS sends base64 as a file, which is kept as the file that it is", async () => {
  const text = photo.toString("base64");
  const answer = await upload(iosForm, text, "text.jpg");
  expectStored(answer);
  expect(answer.body).toMatchObject({ size: text.length, fileType: "non-image" });
});

test("V1's fields sent to V2 are refused as an invalid token", async () => {
  const v1 = {
    token: "6f1c2c7e-3f0a-4d8e-9a3b-0d7f5a1e2b4c",
    signature: "e71bcd6031016b060d349d212e23e85c791decdd",
    expire: String(unixTime() + 600),
    publicKey: keys.publicKey,
  };
  const parts = [filePart(photo), textPart("fileName", "v1.jpg"), ...textParts(v1)];
  expectRefusal(await post(server.url, parts), 400, "TOKEN_INVALID");
});

test("20 MB with the token last, given up on the way: nothing is stored, nothing is left", async () => {
  const fileName = "given-up.bin";
  const before = { files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) };
  const most = Buffer.concat([Buffer.alloc(19 * MiB, 1), Buffer.from("given up here"), Buffer.alloc(MiB, 1)]);
  const parts = [filePart(most), textPart("token", mint({ fileName })), textPart("fileName", fileName)];
  const abandoned = openUpload(server.url, parts);
  await abandoned.sendUntil("given up here");
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
  abandoned.abort();
  await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  expect({ files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) }).toEqual(before);
});
