import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { alive, breakSignature, header, respellSignature, signRaw, unixTime } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

/** Uploads with these claims in the token, and this form beside it. */
function send(claims: Readonly<Record<string, unknown>>, form: Fields, token = mint(claims)) {
  return uploadWithToken(server.url, "hello", form, token);
}

describe("claims and form are the same set of names with the same strings", () => {
  const full = {
    fileName: "claims.txt",
    folder: "/claims",
    tags: "a,b",
    useUniqueFileName: "true",
    isPrivateFile: "false",
    responseFields: "tags,isPrivateFile",
    description: "as it is",
  } as const;

  test("every parameter signed and sent is accepted, in whatever order", async () => {
    expectStored(await send(full, full));
    expectStored(await send(Object.fromEntries(Object.entries(full).reverse()), full));
  });

  test("file and token are no claims, fileName is one", async () => {
    const answer = await send(without(full, "fileName"), full);
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toContain("in the form, but not in the token: fileName");
    for (const name of ["file", "token"]) {
      const claimed = await send({ ...full, [name]: "hello" }, full);
      expectRefusal(claimed, 400, "PAYLOAD_MISMATCH");
      expect(claimed.body.help).toContain(`in the token, but not in the form: ${name}`);
    }
  });

  test.each(Object.keys(full))("%s signed and not sent is refused, and named", async (name) => {
    const answer = await send(full, without(full, name));
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toContain(`in the token, but not in the form: ${name}`);
  });

  test.each(Object.keys(full))("%s sent and not signed is refused, and named", async (name) => {
    const answer = await send(without(full, name), full);
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toContain(`in the form, but not in the token: ${name}`);
  });

  test.each(Object.entries(full))(
    "%s with one character more is refused, and named without its value",
    async (name, value) => {
      const answer = await send(full, { ...full, [name]: `${value}#` });
      expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
      expect(answer.body.help).toContain(`with another value in the form than in the token: ${name}`);
      expect(answer.body.help).not.toContain(`${value}#`);
    },
  );

  test("a field under another name is extra; the one that might still have come is not called missing", async () => {
    const answer = await send({ ...full, Tags: "a,b" }, { ...full, TAGS: "a,b" });
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toMatch(/in the form, but not in the token: TAGS\b/);
    expect(answer.body.help).not.toContain("missing");
  });

  test("an unknown parameter has to be signed, and is ignored then", async () => {
    const form = { ...full, color: "blue" };
    expectRefusal(await send(full, form), 400, "PAYLOAD_MISMATCH");
    expectStored(await send(form, form));
  });

  test("a parameter left out on both sides, or empty on both, takes its default", async () => {
    const stored = await send(
      { fileName: "a.txt", folder: "", useUniqueFileName: "" },
      {
        fileName: "a.txt",
        folder: "",
        useUniqueFileName: "",
      },
    );
    expectStored(stored);
    expect(stored.body.filePath).toMatch(/^\/a_[\w-]+\.txt$/);
    expectRefusal(await send({ fileName: "a.txt" }, { fileName: "a.txt", folder: "" }), 400, "PAYLOAD_MISMATCH");
  });

  test("undefined and null are compared as they are and count as absent afterwards", async () => {
    const fields = { fileName: "a.txt", folder: "undefined", tags: "null" };
    expectRefusal(await send({ fileName: "a.txt" }, fields), 400, "PAYLOAD_MISMATCH");
    const stored = await send(fields, fields);
    expectStored(stored);
    expect(stored.body.filePath).toMatch(/^\/a_/);
  });
});

describe("strings are compared raw", () => {
  test("before they are cleaned up: a folder with a space matches and is stored without", async () => {
    const fields = { fileName: "my photo.jpg", folder: "a b//c d/" };
    const stored = await send(fields, fields);
    expectStored(stored);
    expect(stored.body.filePath).toMatch(/^\/a_b\/c_d\/my_photo_[\w-]+\.jpg$/);
    expectRefusal(await send(fields, { ...fields, folder: "/a_b/c_d" }), 400, "PAYLOAD_MISMATCH");
  });

  test("before Unicode is normalised: two spellings of one letter differ", async () => {
    expectRefusal(await send({ fileName: "\u00e9.txt" }, { fileName: "e\u0301.txt" }), 400, "PAYLOAD_MISMATCH");
  });

  test.each([
    ["a boolean", "overwriteFile", "true", "TRUE"],
    ["a list", "tags", "nice,copy", "nice, copy"],
    ["a list of response fields", "responseFields", "tags,isPublished", "isPublished,tags"],
    ["JSON, by its white space", "customMetadata", '{"a":1,"b":2}', '{"a": 1, "b": 2}'],
    ["JSON, by its order", "extensions", '[{"name":"x","y":1}]', '[{"y":1,"name":"x"}]'],
    ["a path", "folder", "/a/b", "/a/b/"],
    ["line ends", "description", "one\ntwo", "one\r\ntwo"],
    ["white space around text", "description", "text", " text\t"],
    ["upper and lower case", "description", "text", "Text"],
  ])("%s is never parsed for the comparison", async (_kind, name, signed, sent) => {
    const answer = await send({ fileName: "a.txt", [name]: signed }, { fileName: "a.txt", [name]: sent });
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toContain(`with another value in the form than in the token: ${name}`);
  });

  test("equal JSON passes the comparison and is judged as a parameter then", async () => {
    const fields = { fileName: "a.txt", customMetadata: '{"b":2, "a":1}' };
    expectRefusal(await send(fields, fields), 400, "CUSTOM_METADATA_INVALID");
  });
});

describe("what counts as used", () => {
  const fields = { fileName: "used.txt" } as const;

  test("a token that was accepted once is refused, without its text in the answer", async () => {
    const token = mint(fields);
    expectStored(await send(fields, fields, token));
    const answer = await send(fields, fields, token);
    expectRefusal(answer, 400, "TOKEN_USED");
    expect(JSON.stringify(answer.body)).not.toContain(token.slice(-20));
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  test("a token whose attempt failed is used up, whatever failed after its lifetime was found good", async () => {
    const fixed = { ...fields, folder: "/taken", useUniqueFileName: "false", overwriteFile: "false" };
    const inside = "http://0x7f.1/hook";
    expectStored(await send(fixed, fixed));
    const attempts: [reason: string, claims: Fields, form: Fields, file?: string][] = [
      ["PAYLOAD_MISMATCH", fields, { ...fields, tags: "extra" }],
      ["PAYLOAD_MISMATCH", { ...fields, tags: "missing" }, fields],
      ["PARAMETER_INVALID", { ...fields, isPublished: "perhaps" }, { ...fields, isPublished: "perhaps" }],
      ["PARAMETER_INVALID", { ...fields, webhookUrl: "x" }, { ...fields, webhookUrl: "x" }],
      ["PARAMETER_INVALID", { ...fields, webhookUrl: inside }, { ...fields, webhookUrl: inside }],
      ["CHECKS_INVALID", { ...fields, checks: "x" }, { ...fields, checks: "x" }],
      ["CHECKS_FAILED", { ...fields, checks: '"file.size" > 5' }, { ...fields, checks: '"file.size" > 5' }],
      ["FOLDER_INVALID", { ...fields, folder: "/../" }, { ...fields, folder: "/../" }],
      ["FILE_ALREADY_EXISTS", fixed, fixed],
      ["FILE_MISSING", fields, fields, ""],
    ];
    for (const [reason, claims, form, file = "hello"] of attempts) {
      const token = mint(claims);
      const failed = await uploadWithToken(server.url, file, form, token);
      expectRefusal(failed, 400, reason);
      expect(failed.headers.get("x-should-retry"), reason).toBe("false");
      expectRefusal(await uploadWithToken(server.url, "hello", claims, token), 400, "TOKEN_USED");
    }
  });

  test("the same token with its signature spelt otherwise is used as well", async () => {
    const token = mint(fields);
    expect(respellSignature(token)).not.toBe(token);
    expectStored(await send(fields, fields, respellSignature(token)));
    expectRefusal(await send(fields, fields, token), 400, "TOKEN_USED");
  });

  test("a token whose signature does not hold is not recorded: the right one still works", async () => {
    const token = mint(fields);
    expectRefusal(await send(fields, fields, breakSignature(token)), 400, "TOKEN_INVALID");
    expectStored(await send(fields, fields, token));
  });

  test("a token refused for its lifetime is not recorded either: it stays what it was", async () => {
    const now = unixTime();
    const expired = signRaw({ payload: { ...fields, iat: now - 120, exp: now - 60 } });
    expectRefusal(await send(fields, fields, expired), 400, "TOKEN_EXPIRED");
    expectRefusal(await send(fields, fields, expired), 400, "TOKEN_EXPIRED");
  });

  test("two tokens for the same claims in one second are one token, unless a jti in the header keeps them apart", async () => {
    const payload = alive(fields);
    const plain = () => signRaw({ header: header({ jti: undefined }), payload });
    expectStored(await send(fields, fields, plain()));
    const replay = await send(fields, fields, plain());
    expectRefusal(replay, 400, "TOKEN_USED");
    expect(replay.body.help).toContain("jti");
    for (const jti of ["one", "two"]) {
      const members = header({ jti, anything: { else: true } });
      expectStored(await send(fields, fields, signRaw({ header: members, payload })));
    }
  });
});

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}
