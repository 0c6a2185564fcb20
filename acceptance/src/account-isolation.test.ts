import { type Operation, operations } from "@sluice/protocol/schemas";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Account, createAccount, createKey } from "./harness/account.ts";
import { signInToConsole } from "./harness/console.ts";
import { call, unknownId } from "./harness/media-api.ts";
import { askOutcome } from "./harness/outcome.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { sign } from "./harness/sign.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

/** Everything that an account has and that requests can name. */
interface Belongings {
  readonly fileId: string;
  readonly versionId: string;
  readonly fileName: string;
  readonly folder: string;
  readonly url: string;
  readonly jobId: string;
  readonly field: { readonly id: string; readonly name: string };
  readonly named: { readonly id: string; readonly name: string };
  readonly savedExtensionId: string;
  readonly originId: string;
  readonly endpoint: { readonly id: string; readonly urlPrefix: string };
  readonly purgeId: string;
  readonly keyPairId: string;
  readonly consoleSessionId: string;
  readonly webhookId: string;
  readonly webhookAttempt: { readonly id: string; readonly eventId: string };
  /** A file in the trash. */
  readonly trashedId: string;
}

interface Sent {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

type Name = keyof typeof operations;

const file = ({ fileId, versionId }: Belongings): Sent => ({ path: { fileId, versionId } });
const filePath = ({ folder, fileName }: Belongings) => `${folder}/inside/${fileName}`;
const named = ({ named: { id } }: Belongings): Sent => ({ path: { id } });
const saved = ({ savedExtensionId: id }: Belongings): Sent => ({ path: { id } });

const webFolder = { type: "WEB_FOLDER", name: "Mine", baseUrl: "https://www.example.com/" };
const origin = ({ originId: id }: Belongings): Sent => ({ path: { id } });
const webhook = ({ webhookId: id }: Belongings): Sent => ({ path: { id } });
const endpoint = ({ endpoint: { id } }: Belongings): Sent => ({ path: { id } });

/** Each operation asks for what another account has. An operation that is not listed here does not compile. */
const attempts = {
  // First, because the list repeats what the caller itself has sent and was refused.
  listRefusals: () => ({}),
  listFiles: ({ folder }) => ({ query: { path: folder } }),
  listMarks: ({ folder }) => ({ query: { path: folder } }),
  listTags: () => ({ query: { beginning: "secret" } }),
  getFile: file,
  changeFile: (theirs) => ({ ...file(theirs), body: { tags: ["mine"], customMetadata: {} } }),
  deleteFile: file,
  listVersions: file,
  getVersion: file,
  deleteVersion: file,
  restoreVersion: file,
  getFileMetadata: file,
  getUrlMetadata: ({ url }) => ({ query: { url } }),
  copyFile: (theirs) => ({ body: { sourceFilePath: filePath(theirs), destinationPath: "/copies" } }),
  moveFile: (theirs) => ({ body: { sourceFilePath: filePath(theirs), destinationPath: "/moved" } }),
  renameFile: (theirs) => ({ body: { filePath: filePath(theirs), newFileName: "renamed.jpg" } }),
  deleteFiles: ({ fileId }) => ({ body: { fileIds: [fileId] } }),
  addTags: ({ fileId }) => ({ body: { fileIds: [fileId], tags: ["mine"] } }),
  removeTags: ({ fileId }) => ({ body: { fileIds: [fileId], tags: ["secret-tag"] } }),
  removeAITags: ({ fileId }) => ({ body: { fileIds: [fileId], AITags: ["secret-tag"] } }),
  createZipDownload: ({ fileId, folder }) => ({ body: { fileIds: [fileId], folderPaths: [folder] } }),
  // The ticket is the only credential.
  downloadZip: undefined,
  createFolder: ({ folder }) => ({ body: { folderName: "inner", parentFolderPath: folder } }),
  deleteFolder: ({ folder }) => ({ body: { folderPath: `${folder}/inside` } }),
  copyFolder: ({ folder }) => ({ body: { sourceFolderPath: `${folder}/inside`, destinationPath: "/copies" } }),
  moveFolder: ({ folder }) => ({ body: { sourceFolderPath: `${folder}/inside`, destinationPath: "/moved" } }),
  renameFolder: ({ folder }) => ({ body: { folderPath: `${folder}/inside`, newFolderName: "renamed" } }),
  getBulkJob: ({ jobId }) => ({ path: { jobId } }),
  listCustomFields: () => ({ query: { includeDeleted: "true" } }),
  createCustomField: ({ field: { name } }) => ({ body: { name, label: name, schema: { type: "Text" } } }),
  changeCustomField: ({ field: { id } }) => ({ path: { id }, body: { label: "Mine" } }),
  deleteCustomField: ({ field: { id } }) => ({ path: { id } }),
  listNamedTransformations: () => ({}),
  createNamedTransformation: ({ named: { name } }) => ({ body: { name, transformation: "w-9" } }),
  getNamedTransformation: named,
  changeNamedTransformation: (theirs) => ({ ...named(theirs), body: { enabled: false } }),
  deleteNamedTransformation: named,
  listSavedExtensions: () => ({}),
  createSavedExtension: () => ({
    body: { name: "Mine", description: "Mine", config: { name: "google-auto-tagging" } },
  }),
  getSavedExtension: saved,
  changeSavedExtension: (theirs) => ({ ...saved(theirs), body: { description: "Mine" } }),
  deleteSavedExtension: saved,
  listUrlEndpoints: () => ({}),
  createUrlEndpoint: ({ endpoint: { urlPrefix } }) => ({ body: { description: "Mine", urlPrefix } }),
  getUrlEndpoint: endpoint,
  replaceUrlEndpoint: (theirs) => ({ ...endpoint(theirs), body: { description: "Mine", urlPrefix: "mine" } }),
  deleteUrlEndpoint: endpoint,
  listKeyPairs: () => ({}),
  createKeyPair: () => ({ body: { role: "read" } }),
  rotateKeyPair: ({ keyPairId: id }) => ({ path: { id }, body: { graceHours: 0 } }),
  revokeKeyPair: ({ keyPairId: id }) => ({ path: { id } }),
  // The token is signed by the other account's pair.
  checkToken: () => ({
    body: { token: mint({ fileName: "mine.jpg" }), form: [{ name: "fileName", value: "mine.jpg" }] },
  }),
  getDeliverySwitches: () => ({}),
  changeDeliverySwitches: () => ({ body: {} }),
  getUsage: () => ({ query: { startDate: "2026-01-01", endDate: "2026-01-31" } }),
  getUsageAnalytics: () => ({ query: { startDate: "2026-01-01", endDate: "2026-01-31" } }),
  getDailyUsage: () => ({ query: { startDate: "2026-01-01", endDate: "2026-01-31" } }),
  listOrigins: () => ({}),
  createOrigin: () => ({ body: webFolder }),
  getOrigin: origin,
  replaceOrigin: (theirs) => ({ ...origin(theirs), body: webFolder }),
  deleteOrigin: origin,
  purgeFiles: ({ url }) => ({ body: { url } }),
  getPurgeStatus: ({ purgeId: requestId }) => ({ path: { requestId } }),
  listTrash: () => ({}),
  getTrashedThumbnail: ({ trashedId: fileId }) => ({ path: { fileId } }),
  restoreFromTrash: ({ trashedId }) => ({ body: { fileIds: [trashedId] } }),
  emptyTrash: ({ trashedId }) => ({ body: { fileIds: [trashedId] } }),
  listWebhookEndpoints: () => ({}),
  createWebhookEndpoint: () => ({ body: { url: "https://hooks.invalid/no-secret", events: ["file.updated"] } }),
  changeWebhookEndpoint: (theirs) => ({ ...webhook(theirs), body: { status: "disabled" } }),
  deleteWebhookEndpoint: webhook,
  testWebhookEndpoint: webhook,
  replayWebhookEvent: (theirs) => ({ ...webhook(theirs), body: { eventId: theirs.webhookAttempt.eventId } }),
  listWebhookAttempts: ({ webhookId }) => ({ query: { endpointId: webhookId } }),
  getWebhookAttempt: ({ webhookAttempt: { id } }) => ({ path: { id } }),
  listJobs: () => ({ query: { state: "waiting" } }),
  countJobs: () => ({}),
  retryJobs: () => ({ body: { name: "deliver-webhook" } }),
  // A form: it stands in a test of its own below.
  upload: undefined,
  uploadV1: undefined,
  makePreviews: ({ versionId }) => ({ body: { versionIds: [versionId] } }),
  signUrls: ({ fileId }) => ({ body: { fileId, expireSeconds: 60 } }),
  listConsoleSessions: () => ({}),
  endConsoleSession: ({ consoleSessionId: id }) => ({ path: { id } }),
  // The session is the only credential, and names the account itself.
  signInToConsole: undefined,
  getConsoleSession: undefined,
  signOutOfConsole: undefined,
  mintConsoleToken: undefined,
  // The token is the only credential, and names the account itself.
  askUploadOutcome: undefined,
  createResumableUpload: undefined,
  // The address of the session is the only credential: resumable.test.ts of the server asks with others' keys.
  getResumableUpload: undefined,
  sendPiece: undefined,
  deleteResumableUpload: undefined,
  callResumableUpload: undefined,
  // It says nothing of any account.
  getHealth: undefined,
  getLiveness: undefined,
  getHealthReport: undefined,
  // It names nothing of another account. The route's own test shows whose contents go.
  sweepContents: undefined,
  getMetrics: undefined,
} as const satisfies Record<Name, ((theirs: Belongings) => Sent) | undefined>;

const names = (Object.keys(attempts) as Name[]).filter((name) => attempts[name] !== undefined);

let server: RunningServer;
let stranger: Account;
/** Pairs that may not do everything: of the account itself, and of the stranger. */
let restricted: Record<"upload" | "read", readonly Account[]>;
let theirs: Belongings;
/** Names of the same kinds that belong to nobody. */
let nobodys: Belongings;

beforeAll(async () => {
  server = await startServer({ flags: ["--no-auto-tagging", "--v1-uploads", "--trash-days", "1"] });
  stranger = await createAccount(server.dataDir, "stranger");
  const both = (role: string) => Promise.all(["demo", "stranger"].map((id) => createKey(server.dataDir, id, role)));
  restricted = { upload: await both("upload"), read: await both("read") };
  const folder = "/theirs";
  const field = await make("createCustomField", { name: "secretField", label: "Secret", schema: { type: "Text" } });
  const upload = async (width: number, more: Readonly<Record<string, string>> = {}) => {
    const fields = { fileName: "secret.jpg", folder, tags: "secret-tag", useUniqueFileName: "false", ...more };
    const answer = await uploadBasic(server.url, await jpeg(width, 4), {
      ...fields,
      customMetadata: '{"secretField":"secret value"}',
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const { fileId, versionInfo, url } = await upload(6);
  await upload(7);
  await upload(8, { folder: `${folder}/inside` });
  const trashed = await upload(9, { fileName: "secret-trashed.jpg" });
  await call(server.url, "DELETE", `/v1/files/${trashed.fileId}`);
  const { id: webhookId } = await make("createWebhookEndpoint", {
    url: "https://hooks.invalid/secret",
    events: ["sluice.trash.restored"],
  });
  const webhookAttempt = (await request("testWebhookEndpoint", { path: { id: webhookId } })).body;
  const copy = { sourceFolderPath: `${folder}/inside`, destinationPath: "/theirs-copied" };
  theirs = {
    fileId,
    versionId: versionInfo.id,
    fileName: "secret.jpg",
    folder,
    url,
    jobId: (await make("copyFolder", copy)).jobId,
    field: { id: field.id, name: "secretField" },
    named: await make("createNamedTransformation", { name: "secretName", transformation: "w-7" }),
    savedExtensionId: (
      await make("createSavedExtension", {
        name: "secret extension",
        description: "secret",
        config: { name: "google-auto-tagging", minConfidence: 80, maxTags: 5 },
      })
    ).id,
    originId: (await make("createOrigin", { ...webFolder, name: "secret origin" })).id,
    endpoint: await make("createUrlEndpoint", { description: "secret endpoint", urlPrefix: "secret-prefix" }),
    purgeId: (await make("purgeFiles", { url })).requestId,
    keyPairId: (await make("createKeyPair", { role: "full" })).id,
    consoleSessionId: (await signInToConsole(server.url)).body.session.id,
    webhookId,
    webhookAttempt,
    trashedId: trashed.fileId,
  };
  const { origin } = new URL(theirs.url);
  nobodys = {
    fileId: unknownId,
    versionId: unknownId,
    fileName: "nobody.jpg",
    folder: "/nobodys",
    url: `${origin}/demo/nobodys/nobody.jpg`,
    jobId: unknownId,
    field: { id: unknownId, name: "nobodysField" },
    named: { id: "000000000000", name: "nobodysName" },
    savedExtensionId: `ext_${unknownId}`,
    originId: unknownId,
    endpoint: { id: unknownId, urlPrefix: "nobodys-prefix" },
    purgeId: unknownId,
    keyPairId: unknownId,
    consoleSessionId: unknownId,
    webhookId: unknownId,
    webhookAttempt: { id: unknownId, eventId: "00000000-0000-4000-8000-000000000000" },
    trashedId: unknownId,
  };
  // A refusal that names what the account has is the account's own.
  await request("moveFile", { body: { sourceFilePath: "/theirs/secret-none.jpg", destinationPath: "/moved" } });
  // The copy is a job, and what the account has is looked at before and after.
  await vi.waitFor(async () => {
    const { body } = await request("getBulkJob", { path: { jobId: theirs.jobId } });
    expect(body.status).toBe("Completed");
  });
});
afterAll(() => server?.stop());

describe("another account's belongings are to an account as if they weren't there:", () => {
  test.each(names)("%s", async (name) => {
    const before = await everything();
    const sent = attempts[name]?.(theirs) ?? {};
    const answer = await request(name, sent, stranger.authorization);
    const alike = await request(name, attempts[name]?.(nobodys) ?? {}, stranger.authorization);
    expect([answer.status, answer.body.reason]).toEqual([alike.status, alike.body.reason]);
    expectNothingOfTheirs(answer.body, sent);
    expect(await everything()).toEqual(before);
  });

  test("upload to the same place", async () => {
    const before = await everything();
    for (const { fileName, folder } of [theirs, nobodys]) {
      const fields = { fileName, folder, useUniqueFileName: "false" };
      const answer = await uploadBasic(server.url, "mine", fields, { authorization: stranger.authorization });
      expect([answer.status, answer.body.versionInfo?.name]).toEqual([200, "Version 1"]);
    }
    expect(await everything()).toEqual(before);
  });

  test("upload with a token that the other account's key has signed, under the own key's name", async () => {
    const before = await everything();
    const fields = { fileName: theirs.fileName, folder: theirs.folder };
    const token = mint(fields, { header: { kid: stranger.publicKey } });
    expect((await uploadWithToken(server.url, "mine", fields, token)).status).toBe(400);
    expect(await everything()).toEqual(before);
  });

  test("lists without a path", async () => {
    for (const query of ["", "?type=file-version", "?fileType=image"]) {
      const { status, body } = await call(server.url, "GET", `/v1/files${query}`, stranger);
      expect(status).toBe(200);
      // The account has uploaded to the same place itself by now.
      expectNothingOfTheirs(body, { query: { path: "/theirs/secret.jpg" } });
    }
  });
});

describe("a key pair with a role", () => {
  test.each(names)("%s", async (name) => {
    const before = await everything();
    const { access, method }: Operation = operations[name];
    for (const role of ["upload", "read"] as const) {
      for (const [index, { authorization }] of restricted[role].entries()) {
        const answer = await request(name, attempts[name]?.(theirs) ?? {}, authorization);
        const refused = [answer.status, answer.body.reason === "KEY_NOT_ALLOWED"];
        if (!access.keys.includes(role)) expect([name, role, ...refused]).toEqual([name, role, 403, true]);
        else if (index === 0) {
          const reads = name === "createZipDownload" ? ["POST", 201] : ["GET", 200];
          expect([name, method, answer.status]).toEqual([name, ...reads]);
        } else {
          const alike = await request(name, attempts[name]?.(theirs) ?? {}, stranger.authorization);
          expect([name, answer.status, timeless(answer.body)]).toEqual([name, alike.status, timeless(alike.body)]);
        }
      }
    }
    expect(await everything()).toEqual(before);
  });

  test("for uploads stores new files alone, and asks what became of them", async () => {
    const before = await everything();
    const [{ publicKey, privateKey, authorization } = stranger] = restricted.upload;
    const { fileName } = theirs;
    const over = { fileName, folder: theirs.folder, useUniqueFileName: "false" };
    for (const more of [{}, { overwriteTags: "false", overwriteAITags: "false", tags: "mine" }]) {
      const refused = await uploadBasic(server.url, "mine", { ...over, ...more }, { authorization });
      expect([refused.status, refused.body.reason]).toEqual([403, "KEY_NOT_ALLOWED"]);
    }
    const signed = (fields: Readonly<Record<string, string>>) =>
      mint(fields, { privateKey, header: { kid: publicKey } });
    const token = signed(over);
    const refused = await uploadWithToken(server.url, "mine", over, token);
    expect([refused.status, refused.body.reason]).toEqual([403, "KEY_NOT_ALLOWED"]);
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "nothing" });
    expect(await everything()).toEqual(before);
    const fresh = { ...over, folder: "/fresh" };
    const stored = signed(fresh);
    expect((await uploadWithToken(server.url, "mine", fresh, stored)).status).toBe(200);
    expect((await askOutcome(server.url, stored)).body).toMatchObject({ outcome: "stored" });
  });

  test("for reading uploads nothing, with its token or by Basic", async () => {
    const before = await everything();
    const [{ publicKey, privateKey, authorization } = stranger] = restricted.read;
    const fields = { fileName: "read.txt" };
    const token = mint(fields, { privateKey, header: { kid: publicKey } });
    for (const answer of [
      await uploadBasic(server.url, "mine", fields, { authorization }),
      await uploadBasic(server.url, "mine", fields, { authorization, version: 1 }),
      await uploadWithToken(server.url, "mine", fields, token),
      await askOutcome(server.url, token),
    ]) {
      expect([answer.status, answer.body.reason]).toEqual([403, "KEY_NOT_ALLOWED"]);
    }
    expect(await everything()).toEqual(before);
  });
});

test("a key pair with a role signs neither URLs nor V1 uploads", async () => {
  const fields = { fileName: "private.txt", isPrivateFile: "true", tags: "secret-tag" };
  const { body: file } = await uploadBasic(server.url, "private", fields);
  for (const { publicKey, privateKey } of [...restricted.upload, ...restricted.read]) {
    expect((await fetch(sign(file.url, `${server.url}/demo`, privateKey))).status).toBe(401);
    const v1 = { fileName: "v1.txt", ...signV1({ publicKey, privateKey }) };
    const refused = await uploadBasic(server.url, "v1", v1, { version: 1, authorization: "" });
    expect([refused.status, refused.body.reason]).toEqual([403, "KEY_NOT_ALLOWED"]);
  }
  await request("deleteFile", { path: { fileId: file.fileId } });
});

/** An answer without the time at which it was made. */
function timeless(body: unknown): unknown {
  return Array.isArray(body) ? body : { ...(body as object), generatedAt: undefined };
}

async function make(name: Name, body: object) {
  const answer = await request(name, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

function request(name: Name, { path = {}, query = {}, body }: Sent, authorization = basic) {
  const { method, path: pattern }: Operation = operations[name];
  const place = pattern.replaceAll(/:(\w+)/g, (_, parameter: string) => path[parameter] ?? "");
  return call(server.url, method, `${place}?${new URLSearchParams(query)}`, { body, authorization });
}

/** All that the first account sees of what it has. */
async function everything(): Promise<unknown[]> {
  const files = await request("listFiles", {});
  const versions = await request("listFiles", { query: { type: "file-version" } });
  const rest = await Promise.all([
    request("listCustomFields", { query: { includeDeleted: "true" } }),
    request("listNamedTransformations", {}),
    request("listSavedExtensions", {}),
    request("listTrash", {}),
    request("listUrlEndpoints", {}),
    request("listOrigins", {}),
    request("listWebhookEndpoints", {}),
    request("listWebhookAttempts", {}),
    request("getBulkJob", { path: { jobId: theirs.jobId } }),
  ]);
  return [files, versions, ...rest].map(({ body }) => body);
}

/** An answer may repeat what the caller has sent, and must hold nothing else of the other account. */
function expectNothingOfTheirs(body: unknown, sent: Sent): void {
  const [answer, asked] = [JSON.stringify(body), JSON.stringify(sent)];
  const { fileId, versionId, jobId, field, named: transformation, savedExtensionId, purgeId, trashedId } = theirs;
  const { id: endpointId } = theirs.endpoint;
  const { originId, webhookId, webhookAttempt } = theirs;
  const secrets = [
    fileId,
    versionId,
    jobId,
    field.id,
    transformation.id,
    savedExtensionId,
    endpointId,
    originId,
    webhookId,
    webhookAttempt.id,
    webhookAttempt.eventId,
    purgeId,
    trashedId,
    "secret",
    "/theirs",
  ];
  for (const secret of secrets) if (!asked.includes(secret)) expect(answer).not.toContain(secret);
}
