import { Buffer } from "node:buffer";
import type { ClientRequest } from "node:http";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { makePicture } from "../picture.ts";
import type { Protocol } from "./plan.ts";
import { fields, makeFiller, UploadBody } from "./upload-body.ts";
import { mintTokens } from "./upload-token.ts";

const mib = 1024 * 1024;
const keys = { publicKey: "public_test", privateKey: "private_test" };

async function build(protocol: Protocol, fileBytes: number) {
  const [first = "", second = ""] = mintTokens(2, fields, keys);
  const options = { protocol, fileBytes, picture: await makePicture(), sampleToken: first, filler: makeFiller() };
  return { body: new UploadBody(options), first, second };
}

/** The bytes that go over the wire. */
async function sent(body: UploadBody): Promise<Buffer> {
  const wire = new PassThrough();
  const [bytes] = await Promise.all([buffer(wire), body.send(wire as unknown as ClientRequest)]);
  return bytes;
}

test.each([10 * 1024, 5 * mib + 1])("a raw body of %d bytes is a JPEG of that size", async (fileBytes) => {
  const { body, first } = await build("raw", fileBytes);
  body.renew("1", first);
  const bytes = await sent(body);
  expect(bytes).toHaveLength(fileBytes);
  expect(body.headers).toMatchObject({ "content-length": fileBytes });
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
});

test.each([10 * 1024, 5 * mib])(
  "a form around %d bytes carries its token first, and the fields of its claims",
  async (fileBytes) => {
    const { body, first } = await build("form", fileBytes);
    body.renew("1", first);
    const bytes = await sent(body);
    expect(bytes).toHaveLength(body.length);
    const type = String(body.headers["content-type"]);
    const form = await new Response(Uint8Array.from(bytes), { headers: { "content-type": type } }).formData();
    const { file, token, ...texts } = Object.fromEntries(form);
    expect([...form.keys()][0]).toBe("token");
    expect(token).toBe(first);
    expect(texts).toEqual(fields);
    expect((file as File).size).toBe(fileBytes);
    const payload = JSON.parse(Buffer.from(first.split(".")[1] ?? "", "base64url").toString());
    expect(payload).toMatchObject(fields);
  },
);

test("renewing a body changes its token and the file's content, and neither's length", async () => {
  const { body, first, second } = await build("form", 10 * 1024);
  body.renew("1", first);
  const before = Buffer.from(await sent(body)).toString("latin1");
  body.renew("2", second);
  const after = Buffer.from(await sent(body)).toString("latin1");
  expect(after).toHaveLength(before.length);
  expect(after).toContain(second);
  expect(after).not.toContain(first);
  expect(after.replace(second, first)).not.toBe(before);
});
