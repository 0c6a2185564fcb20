import { createUploadToken } from "@sluice/token";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { createKeyPair } from "../../accounts/manage-key-pairs.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

let whole: WholeApp;
const keysOf = (account: string) => ({ publicKey: `public_${account}`, privateKey: `private_${account}` });
const basic = (account: string) => ({ authorization: `Basic ${btoa(`private_${account}:`)}` });

beforeAll(async () => {
  whole = await openWholeApp();
  for (const imagekitId of ["demo", "other"]) {
    await whole.parts.database.run(createAccount, { imagekitId, pair: keysOf(imagekitId), now: 1 });
  }
  const rights = { role: "read", mayOverwrite: false } as const;
  const pair = keysOf("reader");
  await whole.parts.database.run(createKeyPair, { account: { imagekit_id: "demo" }, pair, rights, now: 1 });
});
afterAll(() => whole?.close());

async function list(query = "", account = "demo") {
  const answer = await whole.app.inject({ url: `/_sluice/refusals${query}`, headers: basic(account) });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

async function upload(fields: Readonly<Record<string, string>>, headers = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob(["hello"]), "a.txt");
  const request = new Request("http://x", { method: "POST", body: form });
  const answer = await whole.app.inject({
    method: "POST",
    url: "/api/v2/files/upload",
    headers: { ...headers, "content-type": request.headers.get("content-type") ?? "" },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  return { status: answer.statusCode, id: String(answer.headers["x-request-id"]), body: answer.json() };
}

const mint = (fields: { fileName: string }, more = {}) =>
  createUploadToken(fields, { ...keysOf("demo"), expiresIn: 60, ...more });

test("an upload's refusal is found by its request id, with what it says and without its token", async () => {
  const token = await mint({ fileName: "secret.txt" });
  const refused = await upload({ token, fileName: "other.txt" });
  const { status, headers, body } = await list(`?requestId=${refused.id}`);
  expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
  expect(body).toEqual({
    refusals: [
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: refused.id,
        ...{ kind: "upload", operation: "upload-file-v2", status: 400, reason: "PAYLOAD_MISMATCH" },
        ...{ message: refused.body.message, help: refused.body.help, parameter: null, proven: true },
      },
    ],
    asked: { node: expect.stringMatching(/^[0-9a-f]{8}$/), processes: 1, silent: 0 },
  });
  expect(JSON.stringify(body)).not.toContain(token.slice(0, 40));
});

test("every way to be refused is put down for the account that the request leads to", async () => {
  const used = await mint({ fileName: "used.txt" });
  await upload({ token: used, fileName: "used.txt" });
  const foreign = await mint({ fileName: "a.txt" }, { privateKey: "private_wrong" });
  const ids = {
    TOKEN_USED: (await upload({ token: used, fileName: "used.txt" })).id,
    TOKEN_INVALID: (await upload({ token: foreign, fileName: "a.txt" })).id,
    PARAMETER_INVALID: (await upload({ fileName: "a.txt", isPrivateFile: "perhaps" }, basic("demo"))).id,
    KEY_NOT_ALLOWED: (await upload({ fileName: "a.txt" }, basic("reader"))).id,
  };
  const other = async (url: string, headers = {}) =>
    String((await whole.app.inject({ url, headers })).headers["x-request-id"]);
  const tus = { ...basic("demo"), "tus-resumable": "1.0.0", "upload-length": "5" };
  const resumable = await whole.app.inject({ method: "POST", url: "/_sluice/resumable", headers: tus });
  const more = {
    FILE_NOT_FOUND: await other("/v1/files/0123456789abcdef01234567/details", basic("demo")),
    NOT_FOUND: await other("/demo/nowhere.jpg"),
    FILE_NAME_MISSING: String(resumable.headers["x-request-id"]),
  };
  const { refusals } = (await list("?limit=500")).body;
  const found = Object.fromEntries(
    Object.entries({ ...ids, ...more }).map(([reason, id]) => {
      const one = refusals.find(({ requestId }: { requestId: string }) => requestId === id);
      return [reason, [one?.reason, one?.kind, one?.proven, one?.parameter]];
    }),
  );
  expect(found).toEqual({
    TOKEN_USED: ["TOKEN_USED", "upload", true, null],
    TOKEN_INVALID: ["TOKEN_INVALID", "upload", false, null],
    PARAMETER_INVALID: ["PARAMETER_INVALID", "upload", true, "isPrivateFile"],
    KEY_NOT_ALLOWED: ["KEY_NOT_ALLOWED", "upload", true, null],
    FILE_NOT_FOUND: ["FILE_NOT_FOUND", "api", true, null],
    NOT_FOUND: ["NOT_FOUND", "delivery", false, null],
    FILE_NAME_MISSING: ["FILE_NAME_MISSING", "upload", true, null],
  });
});

test("filters pick by reason and by kind, and one that can't be is named", async () => {
  await upload({ fileName: "a.txt", isPrivateFile: "perhaps" }, basic("demo"));
  const { refusals } = (await list("?reason=PARAMETER_INVALID&kind=upload&limit=1")).body;
  expect(refusals).toMatchObject([{ reason: "PARAMETER_INVALID", parameter: "isPrivateFile" }]);
  expect((await list("?reason=NOTHING")).body.refusals).toEqual([]);
  for (const query of ["?kind=others", "?limit=0", "?limit=501", "?since=1", "?reason=a&reason=b"]) {
    const { status, body } = await list(query);
    expect([status, body.reason]).toEqual([400, "PARAMETER_INVALID"]);
  }
});

test("no other account sees anything of it, and whoever proves nothing is put down for nobody", async () => {
  await upload({ token: "nonsense", fileName: "a.txt" });
  await upload({ fileName: "a.txt" }, { authorization: `Basic ${btoa("private_nobody:")}` });
  const ours = (await list("?limit=500")).body.refusals as { reason: string }[];
  expect(ours.map(({ reason }) => reason)).not.toContain("ACCOUNT_NOT_AUTHENTICATED");
  expect((await list("", "other")).body.refusals).toEqual([]);
});
