import { afterEach, expect, test } from "vitest";
import { spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { startFileHost } from "./harness/file-host.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const fields = { fileName: "a.bin" } as const;
const large = Buffer.alloc(1024 * 1024, 0x61);

let server: RunningServer;
afterEach(() => server?.stop());

/** Opens an upload in the guide's order that has sent nearly everything of its file, but not its token. */
async function openStranger(spooledBefore: number, headers: Record<string, string> = {}) {
  const parts = [filePart(large), ...textParts(fields), textPart("token", mint(fields))];
  const upload = openUpload(server.url, parts, { headers });
  await upload.sendUntil('name="token"');
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(spooledBefore + 1);
  return upload;
}

/** Opens an upload with the private key that has sent nearly all of its file. */
async function openVouched() {
  const parts = [...textParts(fields), filePart(Buffer.concat([large, Buffer.from("the rest")]))];
  const upload = openUpload(server.url, parts, { headers: { authorization: basic } });
  await upload.sendUntil("the rest");
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
  return upload;
}

test("over the bound on strangers, an upload waits, is told to come back, and keeps its token", async () => {
  // One address gets half of the two places.
  server = await startServer({ flags: ["--limit", "spool-files=2,wait-seconds=1"] });
  const first = await openStranger(0);
  const token = mint(fields);
  const refused = await uploadWithToken(server.url, large, fields, token);
  expectRefusal(refused, 503, "SERVER_BUSY");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.headers.get("x-should-retry")).toBeNull();
  first.finish();
  expectStored(await first.answer);
  expectStored(await uploadWithToken(server.url, large, fields, token));
});

test("whoever shows credentials before the file does not need room among strangers", async () => {
  server = await startServer({ flags: ["--limit", "spool-files=2,wait-seconds=1"] });
  const stranger = await openStranger(0);
  expectStored(await uploadBasic(server.url, large, fields));
  stranger.finish();
  expectStored(await stranger.answer);
});

test("one that waits is stored as soon as there is room", async () => {
  server = await startServer({ flags: ["--limit", "spool-files=2,wait-seconds=30"] });
  const first = await openStranger(0);
  const second = uploadWithToken(server.url, large, fields);
  first.finish();
  expectStored(await first.answer);
  expectStored(await second);
});

test("over the bound on uploads at once, even with the private key, the answer is to come back", async () => {
  server = await startServer({ flags: ["--limit", "uploads=1,wait-seconds=1"] });
  const first = await openVouched();
  expectRefusal(await uploadBasic(server.url, "hello", fields), 503, "SERVER_BUSY");
  first.finish();
  expectStored(await first.answer);
  expectStored(await uploadBasic(server.url, "hello", fields));
});

test("a token that comes before the file waits for a place unused, and a used one is refused at once", async () => {
  server = await startServer({ flags: ["--limit", "uploads=1,wait-seconds=2"] });
  const [used, fresh] = [mint(fields), mint(fields)];
  const tokenFirst = (token: string) =>
    post(server.url, [textPart("token", token), ...textParts(fields), filePart("hello")]);
  expectStored(await tokenFirst(used));
  const first = await openVouched();
  expectRefusal(await tokenFirst(used), 400, "TOKEN_USED");
  const refused = await tokenFirst(fresh);
  expectRefusal(refused, 503, "SERVER_BUSY");
  expect(refused.headers.get("x-should-retry")).toBeNull();
  first.finish();
  expectStored(await first.answer);
  expectStored(await tokenFirst(fresh));
});

test("an upload whose token comes last finds a place, whatever those with credentials do", async () => {
  server = await startServer({ flags: ["--limit", "uploads=1,wait-seconds=1"] });
  const first = await openVouched();
  expectStored(await uploadWithToken(server.url, "hello", fields));
  first.finish();
  expectStored(await first.answer);
});

test("a file that is downloaded by its URL holds its upload's place until it is there", async () => {
  server = await startServer({
    flags: ["--limit", "uploads=1,wait-seconds=1", "--allow-private-networks"],
  });
  const asked = Promise.withResolvers<() => void>();
  const host = await startFileHost((_request, response) => {
    response.writeHead(200, { "content-length": 9 }).write("start");
    asked.resolve(() => response.end(" end"));
  });
  try {
    const download = post(server.url, [textPart("file", host.url), ...textParts(fields)], { authorization: basic });
    const finish = await asked.promise;
    expectRefusal(await uploadBasic(server.url, "hello", fields), 503, "SERVER_BUSY");
    finish();
    expectStored(await download);
    expectStored(await uploadBasic(server.url, "hello", fields));
  } finally {
    await host.close();
  }
});

test.each([
  ["a trusted proxy's word for the address is taken", ["--trust-proxy", "1"], 200],
  ["without --trust-proxy a header that anybody can send counts for nothing", [], 503],
])("%s", async (_, flags, status) => {
  server = await startServer({ flags: [...flags, "--limit", "spool-files=2,wait-seconds=1"] });
  const first = await openStranger(0, { "x-forwarded-for": "203.0.113.1" });
  const parts = [filePart(large), ...textParts(fields), textPart("token", mint(fields))];
  const second = openUpload(server.url, parts, { headers: { "x-forwarded-for": "203.0.113.2" } });
  second.finish();
  expect((await second.answer).status).toBe(status);
  first.finish();
  expectStored(await first.answer);
});
