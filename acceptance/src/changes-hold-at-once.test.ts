import { Agent } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount, rotateKey } from "./harness/account.ts";
import { sluice } from "./harness/command.ts";
import { deliver } from "./harness/deliver.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, basic, mint, uploadBasic } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

/*
 * An answered change holds in every process. A change goes to the process that has the kept-alive connection. Each
 * later request opens its own connection. Connections are dealt out in turn, so both processes answer.
 */

const processes = 2;
/** The number of requests, enough for each process to get several. */
const times = 3 * processes;

let server: RunningServer;
let receiver: WebhookReceiver;
let image: string;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  const flags = ["--workers", String(processes), "--log-level", "error", "--allow-private-networks"];
  server = await startServer({ flags });
  image = await uploadImage(60, "image.jpg");
});
afterAll(async () => {
  await server?.stop();
  await receiver?.close();
});

async function uploadImage(width: number, fileName: string, fields: Record<string, string> = {}): Promise<string> {
  const all = { fileName, useUniqueFileName: "false", ...fields };
  return (await uploadBasic(server.url, await jpeg(width, 40), all)).body.filePath;
}

/** Asks one after another, because connections are dealt out to idle processes. */
async function inTurn<Result>(ask: () => Promise<Result>): Promise<Result[]> {
  const answers: Result[] = [];
  while (answers.length < times) answers.push(await ask());
  return answers;
}

/** Expects the same answer to all requests, and returns it. */
async function delivered(path: string): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const answers = await inTurn(() => deliver(`${server.url}/demo${path}`));
  const [first = { status: 0, bytes: Buffer.alloc(0) }, ...others] = answers.map(({ status, bytes }) => ({
    status,
    bytes,
  }));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

/** An agent that keeps no connection. */
const afresh = new Agent();

function uploadAfresh(
  fields: Readonly<Record<string, string>>,
  credentials: { readonly authorization: string } | { readonly token: string } = { authorization: basic },
): Promise<Answer> {
  const token = "token" in credentials ? [textPart("token", credentials.token)] : [];
  const authorization = "authorization" in credentials ? { authorization: credentials.authorization } : {};
  const upload = openUpload(server.url, [...textParts(fields), ...token, filePart("hello")], {
    headers: authorization,
    agent: afresh,
  });
  upload.finish();
  return upload.answer;
}

const uploadInTurn = (...upload: Parameters<typeof uploadAfresh>) => inTurn(() => uploadAfresh(...upload));

async function api(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await call(server.url, method, path, { body });
  expect(answer.status).toBeLessThan(300);
  return answer;
}

async function command(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await sluice([...args, "--data-dir", server.dataDir]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

test("a named transformation that is made, changed, renamed, disabled or deleted, for delivery and for uploads", async () => {
  const path = "/v1/named-transformations";
  const url = (name: string) => `${image}?tr=n-${name}`;
  const pre = { fileName: "pre.jpg", transformation: JSON.stringify({ pre: "n-thumb" }) };
  const [narrow, wide] = [await delivered(`${image}?tr=w-10`), await delivered(`${image}?tr=w-20`)];
  expect(narrow.bytes).not.toEqual(wide.bytes);
  // The name is unknown in each process before the transformation is created.
  expect((await delivered(url("thumb"))).status).toBe(400);
  for (const answer of await uploadInTurn(pre)) expectRefusal(answer, 400, "TRANSFORMATION_INVALID");

  const { id } = (await api("POST", path, { name: "thumb", transformation: "w-10" })).body;
  expect(await delivered(url("thumb"))).toEqual(narrow);
  await api("PATCH", `${path}/${id}`, { transformation: "w-20" });
  expect(await delivered(url("thumb"))).toEqual(wide);
  // The file is a text, so an upload that gets past the name is refused for its type.
  for (const answer of await uploadInTurn(pre)) expectRefusal(answer, 400, "TRANSFORMATION_NOT_FOR_FILE");
  await api("PATCH", `${path}/${id}`, { name: "small" });
  expect((await delivered(url("thumb"))).status).toBe(400);
  expect(await delivered(url("small"))).toEqual(wide);
  await api("PATCH", `${path}/${id}`, { enabled: false });
  expect((await delivered(url("small"))).status).toBe(400);
  await api("PATCH", `${path}/${id}`, { enabled: true });
  expect(await delivered(url("small"))).toEqual(wide);
  await api("DELETE", `${path}/${id}`);
  expect((await delivered(url("small"))).status).toBe(400);
});

test("a custom metadata field that is made, changed or deleted, and the default that it gives", async () => {
  const path = "/v1/customMetadataFields";
  const upload = (customMetadata?: object) =>
    uploadInTurn({
      fileName: "a.txt",
      responseFields: "customMetadata",
      ...(customMetadata && { customMetadata: JSON.stringify(customMetadata) }),
    });
  const values = async () => (await upload()).map(({ body }) => body.customMetadata);
  for (const answer of await upload({ brand: "b" })) expectRefusal(answer, 400, "CUSTOM_METADATA_INVALID");
  expect(await values()).toEqual(Array(times).fill({}));

  const schema = { type: "Text", isValueRequired: true, defaultValue: "none" };
  const { id } = (await api("POST", path, { name: "brand", label: "Brand", schema })).body;
  expect(await values()).toEqual(Array(times).fill({ brand: "none" }));
  for (const answer of await upload({ brand: "b" })) expectStored(answer);
  await api("PATCH", `${path}/${id}`, { schema: { isValueRequired: true, defaultValue: "x", maxLength: 1 } });
  expect(await values()).toEqual(Array(times).fill({ brand: "x" }));
  for (const answer of await upload({ brand: "bb" })) expectRefusal(answer, 400, "CUSTOM_METADATA_INVALID");
  await api("DELETE", `${path}/${id}`);
  expect(await values()).toEqual(Array(times).fill({}));
  for (const answer of await upload({ brand: "b" })) expectRefusal(answer, 400, "CUSTOM_METADATA_INVALID");
});

test("a key pair that takes another one's place, and the end of that one", async () => {
  const before = await createAccount(server.dataDir, "rotated");
  const fields = { fileName: "a.txt" };
  const tokenOf = ({ publicKey, privateKey }: typeof before) => ({
    token: mint(fields, { privateKey, header: { kid: publicKey } }),
  });
  for (const answer of await uploadInTurn(fields, before)) expectStored(answer);
  for (const answer of await inTurn(() => uploadAfresh(fields, tokenOf(before)))) expectStored(answer);
  const after = await rotateKey(server.dataDir, "rotated", "0");
  for (const answer of await uploadInTurn(fields, before)) expectRefusal(answer, 403, "PRIVATE_KEY_EXPIRED");
  for (const answer of await inTurn(() => uploadAfresh(fields, tokenOf(before)))) {
    expectRefusal(answer, 403, "PRIVATE_KEY_EXPIRED");
  }
  for (const answer of await uploadInTurn(fields, after)) expectStored(answer);
  for (const answer of await inTurn(() => uploadAfresh(fields, tokenOf(after)))) expectStored(answer);
});

test("what an account may store, and how it delivers", async () => {
  const account = await createAccount(server.dataDir, "limited");
  const fields = { fileName: "a.txt" };
  for (const answer of await uploadInTurn(fields, account)) expectStored(answer);
  await command("account", "set", "limited", "--storage", "1B");
  for (const answer of await uploadInTurn(fields, account)) expectRefusal(answer, 400, "STORAGE_LIMIT_EXCEEDED");
  await command("account", "set", "limited", "--storage", "default");
  for (const answer of await uploadInTurn(fields, account)) expectStored(answer);

  const url = `${image}?tr=w-12`;
  const first = await delivered(url);
  expect(first.status).toBe(200);
  await command("account", "set", "demo", "--restrict-unnamed", "on");
  expect((await delivered(url)).status).toBe(400);
  await command("account", "set", "demo", "--restrict-unnamed", "off");
  expect(await delivered(url)).toEqual(first);
});

test("a file that becomes a draft, or private, is not delivered any more, and one of which another version is shown is", async () => {
  const fileName = "toggled.jpg";
  const { fileId } = (await uploadBasic(server.url, await jpeg(60, 40), { fileName, useUniqueFileName: "false" })).body;
  const [made, original] = [`/${fileName}?tr=w-12`, `/${fileName}?tr=orig-true`];
  const publish = (isPublished: boolean) => api("PATCH", `/v1/files/${fileId}/details`, { publish: { isPublished } });
  const statuses = async () => [(await delivered(made)).status, (await delivered(original)).status];
  expect(await statuses()).toEqual([200, 200]);
  for (let count = 0; count < 3; count++) {
    await publish(false);
    expect(await statuses()).toEqual([404, 404]);
    await publish(true);
    expect(await statuses()).toEqual([200, 200]);
  }
  const first = await delivered(made);
  await uploadImage(30, fileName);
  expect(await delivered(made)).not.toEqual(first);
  await uploadImage(60, fileName, { isPrivateFile: "true" });
  expect(await statuses()).toEqual([401, 401]);
  await api("DELETE", `/v1/files/${fileId}`);
  expect(await statuses()).toEqual([404, 404]);
});

test("a saved extension that is made, changed or deleted", async () => {
  const path = "/v1/saved-extensions";
  const saved = {
    name: "Tags",
    description: "For cats",
    config: { name: "google-auto-tagging", minConfidence: 50, maxTags: 3 },
  };
  const { id } = (await api("POST", path, saved)).body;
  const fields = { fileName: "a.txt", extensions: JSON.stringify([{ name: "saved-extension", id }]) };
  const statuses = async () => (await uploadInTurn(fields)).map(({ body }) => body.extensionStatus);
  expect(await statuses()).toEqual(Array(times).fill({ "google-auto-tagging": "failed" }));
  await api("PATCH", `${path}/${id}`, { config: { name: "remove-bg" } });
  expect(await statuses()).toEqual(Array(times).fill({ "remove-bg": "failed" }));
  await api("DELETE", `${path}/${id}`);
  for (const answer of await uploadInTurn(fields)) expectRefusal(answer, 400, "SAVED_EXTENSIONS_UNRESOLVED");
});

test("a webhook endpoint that is added, disabled, enabled or removed", async () => {
  const upload = async () => (await uploadInTurn({ fileName: "a.txt" })).map(({ body }) => body.fileId as string);
  const told = () => receiver.at("/added").map(({ event }) => event.data.fileId as string);
  const before = await upload();
  const options = ["--events", "file.created", "--allow-private-networks"];
  const added = await command("webhook", "add", "demo", `${receiver.url}/added`, ...options);
  const [id = ""] = /[0-9a-f]{24}/.exec(added) ?? [];
  const first = await upload();
  await command("webhook", "disable", id);
  const untold = await upload();
  await command("webhook", "enable", id);
  const second = await upload();
  await expect.poll(() => told().length).toBe(2 * times);
  await command("webhook", "remove", id);
  await upload();
  expect(told().sort()).toEqual([...first, ...second].sort());
  expect(told()).not.toEqual(expect.arrayContaining([...before, ...untold]));
});

test("a purge, of images that each process remembers", async () => {
  const url = `${server.url}/demo${image}?tr=w-14`;
  const etags = async () => new Set(await inTurn(async () => (await deliver(url)).headers.etag));
  const before = await etags();
  expect(before.size).toBe(1);
  await api("POST", "/v1/files/purge", { url });
  const after = await etags();
  expect(after.size).toBe(1);
  expect(after).not.toEqual(before);
});
