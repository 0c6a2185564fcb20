import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { basicFor } from "./harness/private-key.ts";
import { alive, header, signRaw, unixTime } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--max-file-size", String(MiB), "--max-video-size", String(MiB)] });
});
afterAll(() => server?.stop());

const fields = { fileName: "corner.txt" } as const;

function send(token: string, form: Readonly<Record<string, string>> = fields) {
  return uploadWithToken(server.url, "hello", form, token);
}

/** Expects the refused token to still work, because it was not burnt. */
async function expectUnused(token: string, form: Readonly<Record<string, string>> = fields): Promise<void> {
  expectStored(await send(token, form));
}

async function expectUsed(token: string): Promise<void> {
  expectRefusal(await send(token), 400, "TOKEN_USED");
}

describe("the header", () => {
  test("typ missing or other than JWT is refused; JWT in any case is not", async () => {
    for (const typ of [undefined, "", "JWS", "at+jwt", "application/jwt", 1, null]) {
      expectRefusal(await send(signRaw({ header: header({ typ }), payload: alive(fields) })), 400, "TOKEN_INVALID");
    }
    for (const typ of ["JWT", "jwt", "Jwt"]) {
      expectStored(await send(signRaw({ header: header({ typ }), payload: alive(fields) })));
    }
  });

  test("crit is refused, whatever it lists", async () => {
    for (const crit of [["exp"], [], "exp", null]) {
      const token = signRaw({ header: header({ crit }), payload: alive(fields) });
      expectRefusal(await send(token), 400, "TOKEN_INVALID");
    }
  });
});

describe("the times", () => {
  test("iat up to 60 s ahead is accepted, further ahead is not", async () => {
    const now = unixTime();
    const tooFar = signRaw({ payload: { ...fields, iat: now + 90, exp: now + 150 } });
    expectRefusal(await send(tooFar), 400, "TOKEN_INVALID");
    expectStored(await send(signRaw({ payload: { ...fields, iat: now + 50, exp: now + 110 } })));
  });

  test("exp at or before iat is refused as invalid, not as expired", async () => {
    const now = unixTime();
    for (const exp of [now, now - 1, now - 600]) {
      expectRefusal(await send(signRaw({ payload: { ...fields, iat: now, exp } })), 400, "TOKEN_INVALID");
    }
  });

  test("iat and exp that are no integers are refused", async () => {
    const now = unixTime();
    for (const wrong of [`"${now}"`, `${now}.5`, "null", "true", `[${now}]`, "1e400", "{}"]) {
      for (const [iat, exp] of [
        [wrong, String(now + 60)],
        [String(now), wrong],
      ]) {
        const payload = `{"fileName":"corner.txt","iat":${iat},"exp":${exp}}`;
        expectRefusal(await send(signRaw({ payload })), 400, "TOKEN_INVALID");
      }
    }
  });
});

describe("the claims", () => {
  test.each(["nbf", "jti", "iss", "aud", "sub"])(
    "the claim %s is a parameter that no form field matches",
    async (claim) => {
      const answer = await send(mint({ ...fields, [claim]: claim === "nbf" ? unixTime() - 60 : "anything" }));
      expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
      expect(answer.body.help).toContain(`in the token, but not in the form: ${claim}`);
    },
  );

  test.each(["iat", "exp"])("a form field named %s is a mismatch, even with the claim's own value", async (name) => {
    const payload = alive(fields);
    const form = { ...fields, [name]: String(payload[name]) };
    const answer = await send(signRaw({ payload }), form);
    expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
    expect(answer.body.help).toContain(`in the form, but not in the token: ${name}`);
  });

  test("claims that are no strings are a mismatch, never converted", async () => {
    const values: [claim: unknown, sent: string, type: string][] = [
      [true, "true", "boolean"],
      [1, "1", "number"],
      [null, "null", "null"],
      [["a"], "a", "array"],
      [{ a: 1 }, '{"a":1}', "object"],
    ];
    for (const [claim, sent, type] of values) {
      const answer = await send(mint({ ...fields, isPublished: claim }), { ...fields, isPublished: sent });
      expectRefusal(answer, 400, "PAYLOAD_MISMATCH");
      expect(answer.body.help).toContain(`not a string in the token, as every form field is: isPublished (${type})`);
    }
  });

  test("names from the language's own objects are parameters like any other", async () => {
    for (const name of ["__proto__", "constructor", "hasOwnProperty"]) {
      const { iat, exp } = alive({});
      const payload = `{"fileName":"corner.txt","${name}":"x","iat":${iat},"exp":${exp}}`;
      const token = signRaw({ payload });
      expectStored(await post(server.url, [...textParts(fields), textPart(name, "x"), textPart("token", token), file]));
      const extra = [...textParts(fields), textPart(name, "x"), textPart("token", mint(fields)), file];
      expectRefusal(await post(server.url, extra), 400, "PAYLOAD_MISMATCH");
    }
  });
});

const file = filePart("hello");
const overLimit = filePart(Buffer.alloc(MiB + 1, 0x61));

describe("the form", () => {
  test("a field given twice is a mismatch beside a token, and is named beside Basic", async () => {
    const twice = [...textParts({ ...fields, folder: "/a" }), textPart("folder", "/a"), file];
    const token = mint({ ...fields, folder: "/a" });
    expectRefusal(await post(server.url, [...twice, textPart("token", token)]), 400, "PAYLOAD_MISMATCH");
    await expectUsed(token);
    const answer = await post(server.url, twice, { authorization: basic });
    expectRefusal(answer, 400, "PARAMETER_REPEATED");
    expect(answer.body.message).toContain("folder");
    // A list may come entry by entry, and is then another list than the token's.
    const tags = [...textParts({ ...fields, tags: "a" }), textPart("tags", "a"), file];
    const other = await post(server.url, [...tags, textPart("token", mint({ ...fields, tags: "a" }))]);
    expectRefusal(other, 400, "PAYLOAD_MISMATCH");
  });

  test("tags[] and responseFields[] may be repeated beside Basic", async () => {
    const lists = [
      textPart("tags[]", "a"),
      textPart("tags[]", "b"),
      textPart("responseFields[]", "tags"),
      textPart("responseFields[]", "isPublished"),
    ];
    const answer = await post(server.url, [...textParts(fields), ...lists, file], { authorization: basic });
    expectStored(answer);
    expect(answer.body).toMatchObject({ tags: ["a", "b"], isPublished: true });
  });

  test("the token given twice is refused, whichever of the two is good", async () => {
    for (const tokens of [
      [mint(fields), mint(fields)],
      ["", mint(fields)],
    ]) {
      const answer = await post(server.url, [...textParts(fields), file, ...tokens.map((t) => textPart("token", t))]);
      expect(answer.status).toBe(400);
      expect(answer.body.reason).toMatch(/^(PAYLOAD_MISMATCH|TOKEN_INVALID)$/);
    }
  });

  const inBothModes: [mode: string, (parts: readonly RawPart[]) => ReturnType<typeof post>][] = [
    ["a token", (parts) => post(server.url, [textPart("token", mint(fields)), ...textParts(fields), ...parts])],
    ["Basic", (parts) => post(server.url, [...textParts(fields), ...parts], { authorization: basic })],
  ];

  test.each(inBothModes)("a second part named file is refused and named, beside %s", async (_mode, postParts) => {
    for (const second of [filePart("two"), textPart("file", "dHdv")]) {
      const answer = await postParts([file, second]);
      expectRefusal(answer, 400, "PARAMETER_REPEATED");
      expect(answer.body.message).toContain("file");
    }
  });

  test.each(inBothModes)(
    "a part with a filename under another name is refused and named, beside %s",
    async (_mode, postParts) => {
      const picture = { headers: ['Content-Disposition: form-data; name="picture"; filename="a.png"'], body: "x" };
      const answer = await postParts([picture, file]);
      expectRefusal(answer, 400, "PARAMETER_INVALID");
      expect(answer.body.message).toContain("picture");
    },
  );

  test.each(inBothModes)("a charset other than utf-8 is refused and named, beside %s", async (_mode, postParts) => {
    const part = (charset: string): RawPart => ({
      headers: ['Content-Disposition: form-data; name="description"', `Content-Type: text/plain; charset=${charset}`],
      body: "text",
    });
    for (const charset of ["iso-8859-1", "utf-16", '"windows-1252"']) {
      const answer = await postParts([part(charset), file]);
      expectRefusal(answer, 400, "PARAMETER_INVALID");
      expect(answer.body.message).toContain("description");
    }
  });

  test.each(inBothModes)("text that is not UTF-8 is refused and named, beside %s", async (_mode, postParts) => {
    const answer = await postParts([
      { headers: ['Content-Disposition: form-data; name="description"'], body: Buffer.from([0x61, 0xff, 0x62]) },
      file,
    ]);
    expectRefusal(answer, 400, "PARAMETER_INVALID");
    expect(answer.body.message).toContain("description");
  });

  test("a charset of utf-8 is accepted in every spelling", async () => {
    for (const charset of ["utf-8", "UTF-8", '"utf-8"']) {
      const headers = [
        'Content-Disposition: form-data; name="fileName"',
        `Content-Type: text/plain; charset=${charset}`,
      ];
      const parts = [{ headers, body: "corner.txt" }, textPart("token", mint(fields)), file];
      expectStored(await post(server.url, parts));
    }
  });
});

describe("more than one credential", () => {
  test("another scheme beside a token is ignored", async () => {
    for (const authorization of ["Bearer abc", "Digest username=x", "Negotiate", "x"]) {
      const parts = [file, ...textParts(fields), textPart("token", mint(fields))];
      expectStored(await post(server.url, parts, { authorization }));
    }
  });

  test("a token that is there but empty counts as present beside Basic, and as missing alone", async () => {
    const parts = [file, ...textParts(fields), textPart("token", "")];
    expectRefusal(await post(server.url, parts, { authorization: basic }), 400, "TOKEN_AND_BASIC_AUTH");
    expectRefusal(await post(server.url, parts), 400, "TOKEN_MISSING");
  });

  test("Basic and a token burn nothing, wherever the token stands", async () => {
    const token = mint(fields);
    for (const parts of [
      [textPart("token", token), ...textParts(fields), file],
      [file, ...textParts(fields), textPart("token", token)],
    ]) {
      expectRefusal(await post(server.url, parts, { authorization: basic }), 400, "TOKEN_AND_BASIC_AUTH");
    }
    await expectUnused(token);
  });

  test("a wrong key beside a good token is refused for the key, and burns nothing", async () => {
    const token = mint(fields);
    const parts = [textPart("token", token), ...textParts(fields), file];
    const answer = await post(server.url, parts, { authorization: basicFor("private_other") });
    expectRefusal(answer, 403, "ACCOUNT_NOT_AUTHENTICATED");
    await expectUnused(token);
  });
});

describe("a file over the limit", () => {
  test("with a good token behind it is refused for its size, and the token is burnt", async () => {
    const token = mint(fields);
    const answer = await post(server.url, [overLimit, ...textParts(fields), textPart("token", token)]);
    expectRefusal(answer, 400, "FILE_TOO_LARGE");
    expect(answer.body.message).toBe(
      `Your request contains invalid file parameter. The file size exceeds ${MiB} bytes limit.`,
    );
    expect(answer.body.help).toContain("--max-file-size");
    await expectUsed(token);
  });

  test("without a token, or with a bad one behind it, is refused for that", async () => {
    expectRefusal(await post(server.url, [overLimit, ...textParts(fields)]), 400, "TOKEN_MISSING");
    const foreign = mint(fields, { privateKey: "private_other" });
    const answer = await post(server.url, [overLimit, ...textParts(fields), textPart("token", foreign)]);
    expectRefusal(answer, 400, "TOKEN_INVALID");
    const mismatch = [overLimit, ...textParts({ ...fields, tags: "extra" }), textPart("token", mint(fields))];
    expectRefusal(await post(server.url, mismatch), 400, "PAYLOAD_MISMATCH");
  });

  test("after a good token is refused for its size, and the token is burnt", async () => {
    const token = mint(fields);
    const answer = await post(server.url, [textPart("token", token), ...textParts(fields), overLimit]);
    expectRefusal(answer, 400, "FILE_TOO_LARGE");
    await expectUsed(token);
  });

  test("beside Basic is refused for its size; one of exactly the limit is stored", async () => {
    const over = await uploadBasic(server.url, Buffer.alloc(MiB + 1), fields);
    expectRefusal(over, 400, "FILE_TOO_LARGE");
    expectStored(await uploadBasic(server.url, Buffer.alloc(MiB), fields));
  });
});

test("none of the refusals before the ledger burns anything", async () => {
  const token = mint(fields);
  const parts = [...textParts(fields), textPart("token", token)];
  const picture = { headers: ['Content-Disposition: form-data; name="picture"; filename="a.png"'], body: "x" };
  const foreign = {
    headers: ['Content-Disposition: form-data; name="x"', "Content-Type: text/plain; charset=iso-8859-1"],
    body: "x",
  };
  for (const first of [picture, foreign]) {
    expectRefusal(await post(server.url, [first, ...parts, file]), 400, "PARAMETER_INVALID");
  }
  expectRefusal(await post(server.url, [file, file, ...parts]), 400, "PARAMETER_REPEATED");
  expectRefusal(await post(server.url, [textPart("file", "no base64!"), ...parts]), 400, "PARAMETER_INVALID");
  await expectUnused(token);
});
