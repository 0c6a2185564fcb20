import jsonwebtoken from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spoolFiles, withTemporaryFolder } from "./harness/data-dir.ts";
import { changeDatabase } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { listFiles } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { answerOf, askOutcome, postOutcome } from "./harness/outcome.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";

const fields = { fileName: "asked.txt" } as const;
const nothing = { status: 200, body: { outcome: "nothing" } };

let server: ServerProcess;
beforeAll(async () => {
  // On the second pair of engines another node might be storing the upload. The server would wait this long for it.
  server = await startServerProcess({ flags: ["--limit", "outcome-seconds=1"] });
});
afterAll(() => server?.stop());

/** Opens an upload whose token has been burnt and whose file is on its way. The test sends the rest later. */
async function openWith(token: string, attempt?: string) {
  const parts = [textPart("token", token), ...textParts(fields), filePart(content)];
  const upload = openUpload(
    server.url,
    parts,
    attempt === undefined ? {} : { headers: { "x-sluice-attempt": attempt } },
  );
  await upload.sendUntil("the end");
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
  return upload;
}

/** Long enough that its beginning is spooled. */
const content = `${"x".repeat(1_000_000)} the end`;

const countFiles = async () => (await listFiles(server.url)).length;

describe("an upload that was stored", () => {
  test("is answered as the upload was, the fields that its token asks for included", async () => {
    const asking = {
      ...fields,
      fileName: "photo.jpg",
      tags: "a,b",
      description: "what it shows",
      customCoordinates: "1,2,3,4",
      responseFields: "tags,customCoordinates,isPrivateFile,isPublished",
    };
    const token = mint(asking);
    const stored = await uploadWithToken(server.url, await jpeg(), asking, token);
    expectStored(stored);
    expect(stored.body).toMatchObject({ tags: ["a", "b"], isPublished: true, fileType: "image" });
    for (let time = 0; time < 2; time++) {
      const answer = await askOutcome(server.url, token);
      expect(answer).toMatchObject({ status: 200, body: { outcome: "stored", response: stored.body } });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    // An old token shows none of the changes that others have made to the file.
    const path = `/v1/files/${stored.body.fileId}/details`;
    const edits = { tags: ["secret"], description: "secret", customCoordinates: "5,6,7,8" };
    expect((await call(server.url, "PATCH", path, { body: edits })).status).toBe(200);
    expect((await call(server.url, "PATCH", path, { body: { publish: { isPublished: false } } })).status).toBe(200);
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response: stored.body });
  });

  test("was stored, too, when it has been deleted since", async () => {
    const token = mint(fields);
    const { body } = await uploadWithToken(server.url, "hello", fields, token);
    expect((await call(server.url, "DELETE", `/v1/files/${body.fileId}`)).status).toBe(204);
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response: null });
  });

  test("can be asked for as JSON, and by a page of any origin, which sends a form without a preflight", async () => {
    const token = mint(fields);
    const { body: response } = await uploadWithToken(server.url, "hello", fields, token);
    const headers = { "content-type": "application/json", origin: "https://app.example" };
    const answer = await postOutcome(server.url, { headers, body: JSON.stringify({ token }) });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answer.json()).toEqual({ outcome: "stored", response });
    const preflight = await postOutcome(server.url, {
      method: "OPTIONS",
      headers: {
        origin: headers.origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");
  });

  test("is still known after its token has expired", async () => {
    const token = mint(fields, { expiresIn: 3 });
    const { body: response } = await uploadWithToken(server.url, "hello", fields, token);
    await expect
      .poll(() => uploadWithToken(server.url, "hello", fields, token))
      .toMatchObject({ body: { reason: "TOKEN_EXPIRED" } });
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response });
  });
});

test("an upload that a proxy has robbed of its name may be anybody's, unless it stored nothing", async () => {
  const stored = mint(fields);
  expectStored(await uploadWithToken(server.url, "hello", fields, stored));
  const unknown = await askOutcome(server.url, stored, "mine");
  expectRefusal(unknown, 503, "OUTCOME_UNKNOWN");
  expect(unknown.headers.get("x-should-retry")).toBe("false");
  const refused = mint(fields);
  expectRefusal(await uploadWithToken(server.url, "hello", { ...fields, tags: "x" }, refused), 400, "PAYLOAD_MISMATCH");
  expect(await askOutcome(server.url, refused, "mine")).toMatchObject(nothing);
});

describe("nothing was stored", () => {
  test("by an upload that was refused after its token had been burnt", async () => {
    const token = mint(fields);
    const refused = await uploadWithToken(server.url, "hello", { ...fields, tags: "extra" }, token);
    expectRefusal(refused, 400, "PAYLOAD_MISMATCH");
    expect(await askOutcome(server.url, token)).toMatchObject(nothing);
  });

  test("with a token that was never presented, and never will be", async () => {
    const token = mint(fields);
    const before = await countFiles();
    expect(await askOutcome(server.url, token)).toMatchObject(nothing);
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_USED");
    expect(await askOutcome(server.url, token)).toMatchObject(nothing);
    expect(await countFiles()).toBe(before);
  });

  test("by an upload that is on its way while its client asks: what comes of it later is refused", async () => {
    const token = mint(fields);
    const before = await countFiles();
    const upload = await openWith(token);
    expect(await askOutcome(server.url, token)).toMatchObject(nothing);
    upload.finish();
    const refused = await upload.answer;
    expectRefusal(refused, 400, "UPLOAD_ABANDONED");
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await askOutcome(server.url, token)).toMatchObject(nothing);
    expect(await countFiles()).toBe(before);
  });

  test("by the attempt that is asked for, where another one has presented the token, and that one goes on", async () => {
    const token = mint(fields);
    const upload = await openWith(token, "first");
    expect(await askOutcome(server.url, token, "second")).toMatchObject(nothing);
    upload.finish();
    const { body: response } = await upload.answer;
    expect((await askOutcome(server.url, token, "first")).body).toEqual({ outcome: "stored", response });
    expect(await askOutcome(server.url, token, "second")).toMatchObject(nothing);
  });

  test("or all of it was: of twenty who ask while uploads end, each is told what is so", async () => {
    const rounds = Array.from({ length: 20 }, async () => {
      const token = mint(fields);
      const [uploaded, asked] = await Promise.all([
        uploadWithToken(server.url, "hello", fields, token),
        askOutcome(server.url, token),
      ]);
      const outcome = uploaded.status === 200 ? { outcome: "stored", response: uploaded.body } : nothing.body;
      expect(asked.body).toEqual(outcome);
    });
    await Promise.all(rounds);
  });
});

test("what an older version has taken without keeping its outcome stays unknown", async () => {
  const token = mint(fields);
  await uploadWithToken(server.url, "hello", fields, token);
  await changeDatabase(
    server.dataDir,
    "update used_tokens set outcome = null, version_id = null where outcome = ?",
    "stored",
  );
  const answer = await askOutcome(server.url, token);
  expectRefusal(answer, 503, "OUTCOME_UNKNOWN");
  expect(answer.headers.get("x-should-retry")).toBe("false");
});

describe("refused", () => {
  const askWith = async (init: RequestInit) => answerOf(await postOutcome(server.url, init));

  test.each<[reason: string, status: number, token: () => string]>([
    ["TOKEN_MISSING", 400, () => ""],
    ["TOKEN_INVALID", 400, () => "no token"],
    ["TOKEN_INVALID", 400, () => mint(fields, { privateKey: "private_other" })],
    ["ACCOUNT_NOT_AUTHENTICATED", 403, () => mint(fields, { header: { kid: "public_other" } })],
    ["TOKEN_INVALID", 400, () => mint(fields, { expiresIn: 7200 })],
    // The token's row may have been deleted, so nobody can know the outcome.
    ["TOKEN_EXPIRED", 400, () => issuedBefore(40 * 3600)],
  ])("%s (%i)", async (reason, status, token) => {
    const answer = await askOutcome(server.url, token());
    expectRefusal(answer, status, reason);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("a name of an attempt that is none", async () => {
    expectRefusal(await askOutcome(server.url, mint(fields), "two words"), 400, "PARAMETER_INVALID");
  });

  test("a body that is too large, or neither a form nor JSON", async () => {
    const headers = { "content-type": "application/json" };
    expectRefusal(await askWith({ headers, body: "{" }), 400, "BODY_INVALID");
    expectRefusal(await askWith({ headers: { "content-type": "image/png" }, body: "x" }), 400, "BODY_INVALID");
    const tooLarge = { body: new URLSearchParams({ token: "x".repeat(1_000_000) }) };
    expectRefusal(await askWith(tooLarge), 413, "BODY_TOO_LARGE");
  });
});

function issuedBefore(seconds: number): string {
  const iat = Math.floor(Date.now() / 1000) - seconds;
  const header = { alg: "HS256", typ: "JWT", kid: keys.publicKey } as const;
  return jsonwebtoken.sign({ ...fields, iat, exp: iat + 60 }, keys.privateKey, { header });
}

test("after kill -9 before an answer was read, those who ask are told what the next start finds", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const flags = ["--limit", "outcome-seconds=1"];
    const [stored, unfinished] = [mint(fields), mint(fields)];
    const first = await startServerProcess({ dataDir, flags });
    try {
      const lost = openUpload(first.url, [textPart("token", stored), ...textParts(fields), filePart("hello")]);
      lost.finish();
      const open = openUpload(first.url, [textPart("token", unfinished), ...textParts(fields), filePart("hello")]);
      await open.sendUntil("hello");
      await expect.poll(() => listFiles(first.url)).toHaveLength(1);
    } finally {
      await first.kill();
    }
    const second = await startServerProcess({ dataDir, flags });
    try {
      const [file] = await listFiles(second.url);
      const { body } = await askOutcome(second.url, stored);
      expect(body).toMatchObject({ outcome: "stored", response: { fileId: file?.fileId, name: /^asked/ } });
      expect(await askOutcome(second.url, unfinished)).toMatchObject(nothing);
      expect(await listFiles(second.url)).toHaveLength(1);
    } finally {
      await second.stop();
    }
  });
});
