import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Account, createKey } from "./harness/account.ts";
import { deliver } from "./harness/deliver.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call } from "./harness/media-api.ts";
import { askOutcome } from "./harness/outcome.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { createBasic, tus } from "./harness/tus.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

/** The form of an upload over a file, which keeps all of it, and asks to be answered. */
const keeping = {
  useUniqueFileName: "false",
  overwriteTags: "false",
  overwriteDescription: "false",
  overwriteAITags: "false",
  overwriteCustomMetadata: "false",
  responseFields: "tags,customCoordinates,isPrivateFile,isPublished,customMetadata,embeddedMetadata",
};
/** Words that are in the library alone. */
const hidden = /secret-tag|secret text|secret value/;

let server: RunningServer;
let host: FileHost;
/** The bodies that `webhookUrl` has got. */
let told: string[];
let uploader: Account;
let count = 0;
let place: { readonly fileName: string; readonly useUniqueFileName: "false" };

beforeAll(async () => {
  host = await startFileHost(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url === "/told") told.push(body);
    const isCut = request.url === "/cut";
    response.writeHead(200, { "content-type": isCut ? "image/jpeg" : "application/json" });
    response.end(isCut ? await jpeg(5, 5) : JSON.stringify({ AITags: [{ name: "Cat", confidence: 60 }] }));
  });
  const tagging = ["--extension", `google-auto-tagging=${host.url}/tags`, "--extension", `remove-bg=${host.url}/cut`];
  const secret = ["--extension-secret", "whsec_0123456789abcdefghijkl", "--allow-private-networks"];
  server = await startServer({ flags: [...tagging, ...secret, "--no-auto-tagging"] });
  uploader = await createKey(server.dataDir, "demo", "upload", "--may-overwrite");
  const field = { name: "note", label: "Note", schema: { type: "Text" } };
  expect((await call(server.url, "POST", "/v1/customMetadataFields", { body: field })).status).toBe(201);
});
afterAll(async () => {
  await server?.stop();
  await host?.close();
});
beforeEach(async () => {
  told = [];
  place = { fileName: `kept-${++count}.jpg`, useUniqueFileName: "false" };
});

/** Stores the file as somebody with a full key pair. */
async function store(fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const details = { tags: "secret-tag", description: "secret text", customMetadata: '{"note":"secret value"}' };
  const answer = await uploadBasic(server.url, await jpeg(60, 40), { ...place, ...details, ...fields });
  expectStored(answer);
  return answer;
}

const upload = async (fields: Readonly<Record<string, string>> = {}) =>
  uploadBasic(server.url, await jpeg(61, 40), { ...place, ...fields }, { authorization: uploader.authorization });

const details = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

function expectOwnAnswer({ body }: Pick<Answer, "body">): void {
  expect(JSON.stringify(body)).not.toMatch(hidden);
  expect(body).toMatchObject({ AITags: null, customCoordinates: null, versionInfo: { name: "Version 2" } });
  for (const name of ["tags", "description", "customMetadata", "isPrivateFile", "isPublished"]) {
    expect(body).not.toHaveProperty(name);
  }
}

describe("a key pair that may only upload, over a file that is there,", () => {
  test("is answered what it has set, and nothing that the new version has taken over", async () => {
    const { fileId } = (await store({ isPrivateFile: "true" })).body;
    const answer = await upload(keeping);
    expectStored(answer);
    expectOwnAnswer(answer);
    const kept = { tags: ["secret-tag"], description: "secret text", customMetadata: { note: "secret value" } };
    expect(await details(fileId)).toMatchObject({ ...kept, isPrivateFile: true });
    const own = await upload({ ...keeping, tags: "own", isPrivateFile: "true" });
    expect(own.body).toMatchObject({ tags: ["own"], isPrivateFile: true });
  });

  test("gets no more by a token, when it asks for the outcome, or by a resumable upload", async () => {
    await store();
    const header = { kid: uploader.publicKey };
    const asked = { ...place, ...keeping };
    const token = mint(asked, { privateKey: uploader.privateKey, header });
    const answer = await uploadWithToken(server.url, await jpeg(62, 40), asked, token);
    expectStored(answer);
    expectOwnAnswer(answer);
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response: answer.body });

    place = { ...place, fileName: `resumed-${count}.jpg` };
    await store();
    const { authorization } = uploader;
    const session = { headers: { authorization }, body: await jpeg(63, 40) };
    const created = await createBasic(server.url, { ...place, ...keeping }, session);
    expect(created.status).toBe(201);
    const location = new URL(created.headers.get("location") ?? "", server.url).href;
    const resumed = await tus("GET", location, { headers: { authorization } });
    expectStored(resumed);
    expectOwnAnswer(resumed);
  });

  test("makes no private file public and publishes no draft, and is refused where it asks for that", async () => {
    for (const [state, status] of [
      [{ isPrivateFile: "true" }, 401],
      [{ isPublished: "false" }, 404],
    ] as const) {
      place = { ...place, fileName: `${Object.keys(state)[0]}-${count}.jpg` };
      const { url } = (await store(state)).body;
      expectStored(await upload());
      expect((await deliver(url)).status).toBe(status);
      const [parameter = "", value] = Object.entries(state)[0] ?? [];
      expectRefusal(await upload({ [parameter]: value === "true" ? "false" : "true" }), 403, "KEY_NOT_ALLOWED");
      expect((await deliver(url)).status).toBe(status);
      expectStored(await store());
      expect((await deliver(url)).status).toBe(200);
    }
  });

  test("is told at its webhookUrl what the extension found, and nothing that was there", async () => {
    const { fileId } = (await store()).body;
    await call(server.url, "PATCH", `/v1/files/${fileId}/details`, { body: { tags: ["secret-tag"] } });
    const extensions = JSON.stringify([{ name: "remove-bg" }]);
    expectStored(await upload({ ...keeping, extensions, webhookUrl: `${host.url}/told` }));
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    const { status, fileObject } = JSON.parse(told[0] ?? "");
    expect([status, fileObject.fileId, fileObject.tags]).toEqual(["SUCCESS", fileId, null]);
    expect(told[0]).not.toMatch(hidden);
  });

  test("is answered the AI tags of its own extensions, beside those that are kept", async () => {
    const own = JSON.stringify([{ name: "google-auto-tagging", minConfidence: 10, maxTags: 5 }]);
    const { fileId } = (await store({ extensions: own })).body;
    const cat = { name: "Cat", confidence: 60, source: "google-auto-tagging" };
    expect((await details(fileId)).AITags).toEqual([cat]);
    expect((await upload(keeping)).body.AITags).toBeNull();
    expect((await upload({ ...keeping, extensions: own })).body.AITags).toEqual([cat]);
  });
});

test("a key pair that may do everything is answered all of a new version, as before", async () => {
  await store({ isPrivateFile: "true" });
  const { body } = await uploadBasic(server.url, await jpeg(61, 40), { ...place, ...keeping });
  expect(body).toMatchObject({
    tags: ["secret-tag"],
    description: "secret text",
    customMetadata: { note: "secret value" },
    isPrivateFile: false,
    isPublished: true,
  });
});
