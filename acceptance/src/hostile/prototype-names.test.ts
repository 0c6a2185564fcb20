import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { call } from "../harness/media-api.ts";
import { filePart, type RawPart, textPart, textParts } from "../harness/multipart.ts";
import { alive, header, signRaw } from "../harness/raw-token.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic, post, uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

/** Names that every JavaScript object inherits, or looks up when it is converted. */
const names = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "then",
  "toJSON",
  "length",
] as const;

let server: RunningServer;
let fileId: string;
beforeAll(async () => {
  server = await startServer();
  fileId = (await uploadBasic(server.url, "hello", { fileName: "victim.txt", tags: "first" })).body.fileId;
});
afterAll(() => server?.stop());

/** Expects that no object of the server has gained a property from a request. */
async function expectUnpolluted(): Promise<void> {
  const { body } = await call(server.url, "GET", `/v1/files/${fileId}/details`);
  expect(body).toMatchObject({ fileId, tags: ["first"], isPrivateFile: false, isPublished: true });
  expect(Object.keys(body)).not.toContain("polluted");
  expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ status: "ok" });
  expect(alarmsOf(server)).toEqual([]);
}

describe.each(names)("%s", (name) => {
  test("as a field is ignored beside Basic, and has to be signed beside a token", async () => {
    const fields = { fileName: "a.txt" };
    const parts: RawPart[] = [...textParts(fields), textPart(name, '{"polluted":true}'), filePart("hello")];
    expectStored(await post(server.url, parts, { authorization: basic }));
    const unsigned = signRaw({ header: header(), payload: alive(fields) });
    expectRefusal(await post(server.url, [...parts, textPart("token", unsigned)]), 400, "PAYLOAD_MISMATCH");
    // Written out as JSON, because an object literal would set its prototype.
    const { iat, exp } = alive({});
    const payload = `{"fileName":"a.txt","${name}":"{\\"polluted\\":true}","iat":${iat},"exp":${exp}}`;
    const signed = signRaw({ header: header(), payload });
    expectStored(await post(server.url, [...parts, textPart("token", signed)]));
    await expectUnpolluted();
  });

  test("as a claim that is an object brings nothing along", async () => {
    const { iat, exp } = alive({});
    const payload = `{"fileName":"a.txt","${name}":{"iat":${iat},"exp":${exp},"polluted":true}}`;
    const token = signRaw({ header: header(), payload });
    const parts = [textPart("fileName", "a.txt"), filePart("hello"), textPart("token", token)];
    expectRefusal(await post(server.url, parts), 400, "TOKEN_INVALID");
    const inHeader = signRaw({
      header: `{"${name}":{"alg":"HS256","typ":"JWT","kid":"public_test"}}`,
      payload: alive({ fileName: "a.txt" }),
    });
    expectRefusal(await post(server.url, [...parts.slice(0, 2), textPart("token", inHeader)]), 400, "TOKEN_INVALID");
    await expectUnpolluted();
  });

  test("as a member of a JSON body is named and refused", async () => {
    const path = `/v1/files/${fileId}/details`;
    for (const body of [`{"${name}":{"polluted":true}}`, `{"publish":{"isPublished":true,"${name}":{"a":1}}}`]) {
      const answer = await fetch(server.url + path, { method: "PATCH", headers: { authorization: basic }, body });
      expect([answer.status, (await answer.json()).reason]).toEqual([400, "PARAMETER_INVALID"]);
    }
    await expectUnpolluted();
  });

  test("as a name or a value in a query is refused", async () => {
    for (const query of [`${name}=x`, `${name}[polluted]=true`, `type=${name}`, `sort=${name}`, `fileType=${name}`]) {
      expect((await call(server.url, "GET", `/v1/files?${query}`)).status).toBe(400);
    }
    expect((await call(server.url, "GET", `/v1/files/${name}/details`)).status).toBe(400);
    await expectUnpolluted();
  });

  test("as a list's entry, a response field, a folder, a file's name or a transformation is text", async () => {
    const fields = { fileName: name, folder: name, tags: name, useUniqueFileName: "false" };
    const answer = await uploadBasic(server.url, "hello", { ...fields, responseFields: "tags" });
    expectStored(answer);
    expect(answer.body).toMatchObject({ name, filePath: `/${name}/${name}`, tags: [name] });
    expect(await (await fetch(answer.body.url)).text()).toBe("hello");
    expect((await fetch(`${answer.body.url}?tr=n-${name}`)).status).toBe(400);
    const asked = await uploadBasic(server.url, "hello", { fileName: "a.txt", responseFields: name });
    expectRefusal(asked, 400, "PARAMETER_INVALID");
    expect((await fetch(`${server.url}/${name}/${name}/${name}`)).status).toBe(404);
    expect((await fetch(`${server.url}/_sluice/demo/client/${name}`)).status).toBe(404);
    await expectUnpolluted();
  });
});
