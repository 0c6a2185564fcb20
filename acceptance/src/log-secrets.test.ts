import { createHash } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { basicFor } from "./harness/private-key.ts";
import { breakSignature } from "./harness/raw-token.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { ask, begin, create, metadata, patch, tus } from "./harness/tus.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const fields = { fileName: "secret.txt" } as const;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--log-level", "trace", "--slow-request-ms", "1"] });
});
afterAll(() => server?.stop());

/** Everything printed so far, once the log has the line of the last request. */
async function outputAfter(requestId: string | null): Promise<string> {
  await expect.poll(server.output).toMatch(new RegExp(`${requestId}.*"msg":"answered"`));
  return server.output();
}

test("at the level trace neither keys nor tokens nor signatures are printed or counted, whatever the requests", async () => {
  const good = mint(fields);
  const mismatch = mint({ ...fields, tags: "x" });
  const forged = breakSignature(mint(fields));
  const wrongKey = "private_wrong_but_secret";
  expectStored(await uploadWithToken(server.url, "hello", fields, good));
  expectRefusal(await uploadWithToken(server.url, "hello", fields, good), 400, "TOKEN_USED");
  expectRefusal(await uploadWithToken(server.url, "hello", fields, mismatch), 400, "PAYLOAD_MISMATCH");
  expectRefusal(await uploadWithToken(server.url, "hello", fields, forged), 400, "TOKEN_INVALID");
  expectStored(await uploadBasic(server.url, "hello", fields));
  for (const authorization of [basicFor(wrongKey), `Basic ${wrongKey}`, `Bearer ${wrongKey}`]) {
    await fetch(`${server.url}/v1/files`, { headers: { authorization } });
  }
  const signed = `${server.url}/demo/secret.txt?ik-t=9999999999&ik-s=0123456789abcdef0123456789abcdef01234567`;
  await fetch(signed);
  await fetch(`${server.url}/v1/nothing?token=${good}`);
  const answer = await fetch(`${server.url}/v1/files`, { headers: { authorization: basic } });

  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const output = await outputAfter(answer.headers.get("x-request-id"));
  const secrets = [keys.privateKey, wrongKey, "0123456789abcdef0123456789abcdef01234567"];
  const encoded = secrets.flatMap((secret) => [secret, Buffer.from(`${secret}:`).toString("base64")]);
  const signatures = [good, mismatch, forged].map((token) => token.slice(token.lastIndexOf(".") + 1));
  for (const secret of [...encoded, ...signatures]) expect(output + metrics).not.toContain(secret);
});

test("a request for which the server took long is one line with its route and stages, and without the file's name", async () => {
  const { headers } = await uploadBasic(server.url, "hello", { fileName: "slow-and-secret.txt" });
  const slow = () =>
    server
      .output()
      .split("\n")
      .filter((line) => line.includes('"msg":"slow request"') && line.includes(String(headers.get("x-request-id"))));
  await expect.poll(slow).toHaveLength(1);
  const [line = ""] = slow();
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    method: "POST",
    route: "/api/v2/files/upload",
    status: 200,
    ms: expect.any(Number),
    stages: { database: expect.any(Number) },
  });
  expect(line).not.toContain("slow-and-secret");
});

test("the ticket of a download as ZIP is not printed or counted, whether it works or not", async () => {
  expectStored(await uploadBasic(server.url, "hello", fields));
  const headers = { authorization: basic, "content-type": "application/json" };
  const offer = { method: "POST", headers, body: JSON.stringify({ folderPaths: ["/"] }) };
  const { url } = (await (await fetch(`${server.url}/_sluice/zip-downloads`, offer)).json()) as { url: string };
  const statuses = [];
  for (const address of [url, url, `${url}&ticket=1`]) {
    const { status, body } = await fetch(address);
    await body?.cancel();
    statuses.push(status);
  }
  expect(statuses).toEqual([200, 404, 404]);
  const answer = await fetch(`${server.url}/v1/files`, { headers: { authorization: basic } });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const output = await outputAfter(answer.headers.get("x-request-id"));
  expect(output + metrics).not.toContain(new URL(url).searchParams.get("ticket"));
});

test("of resumable uploads neither the session's URL nor a header is printed or counted", async () => {
  const token = mint(fields);
  const refused = mint({ ...fields, tags: "other" });
  const session = await begin(server.url, fields, { token, length: 10 });
  const secret = session.slice(session.lastIndexOf("/") + 1);
  expectRefusal(await create(server.url, fields, { token, length: 10 }), 400, "TOKEN_USED");
  expectRefusal(await create(server.url, fields, { token: refused, length: 10 }), 400, "PAYLOAD_MISMATCH");
  const path = session.slice(0, session.lastIndexOf("/"));
  const answers = [
    await tus("HEAD", session),
    await patch(session, 3, Buffer.from("wrong offset")),
    await patch(session, 0, Buffer.from("01234"), {
      headers: { "upload-checksum": "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
    }),
    await patch(session, 0, Buffer.from("0123456789")),
    await ask(session),
    await tus("DELETE", session),
    await tus("HEAD", session),
    // Nearly the session's URL: what answers these must not tell it either.
    ...(await Promise.all(
      [`${session}/x`, `${session}%`, `${path}//${secret}`, `${path}x/${secret}`].map((url) => ask(url)),
    )),
  ];
  const last = await fetch(`${server.url}/v1/files`, { headers: { authorization: basic } });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const told = JSON.stringify(answers.map(({ headers, body }) => [...headers, body]));
  const output = await outputAfter(last.headers.get("x-request-id"));
  expect(output).toContain("/_sluice/resumable/[redacted]");
  const encoded = metadata(Object.entries(fields));
  const digest = createHash("sha256").update(secret).digest();
  for (const name of [secret, encoded, digest.toString("base64url"), digest.toString("hex")]) {
    expect(output + metrics).not.toContain(name);
  }
  for (const text of [token, refused]) expect(output + metrics).not.toContain(text.slice(text.lastIndexOf(".") + 1));
  expect(told).not.toContain(secret);
  for (const { headers } of answers.slice(0, 7)) expect(headers.get("referrer-policy")).toBe("no-referrer");
});

test("an error of the server's own is JSON, invites no retry with the burnt token, and gives nothing away", async () => {
  const blobs = join(server.dataDir, "blobs");
  const token = mint(fields);
  const content = `${"something new ".repeat(50_000)}the end`;
  const upload = openUpload(server.url, [textPart("token", token), ...textParts(fields), filePart(content)]);
  await upload.sendUntil("the end");
  // The file's first bytes have arrived, so the token before them has been burnt.
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
  await rename(blobs, `${blobs}-away`);
  await writeFile(blobs, "a file in the way");
  try {
    upload.finish();
    const failed = await upload.answer;
    expectRefusal(failed, 503, "STORAGE_UNAVAILABLE");
    expect(failed.headers.get("x-should-retry")).toBe("false");
    expect(failed.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(JSON.stringify(failed.body)).not.toContain(server.dataDir);
    const output = await outputAfter(failed.headers.get("x-request-id"));
    expect(output).toMatch(/"level":50/);
    for (const secret of [keys.privateKey, token.slice(-20)]) expect(output).not.toContain(secret);
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
  } finally {
    await rm(blobs);
    await rename(`${blobs}-away`, blobs);
  }
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expectRefusal(await uploadWithToken(server.url, "something new", fields, token), 400, "TOKEN_USED");
  expectStored(await uploadWithToken(server.url, "something new", fields));
});
