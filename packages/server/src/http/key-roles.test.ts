import { PassThrough } from "node:stream";
import { type KeyRole, type Operation, operations } from "@sluice/protocol/schemas";
import type { FastifyInstance, HTTPMethods, RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../accounts/account-transactions.ts";
import { keyRoles } from "../accounts/key-roles.ts";
import { createKeyPair, revokeKeyPair } from "../accounts/manage-key-pairs.ts";
import type { Parts } from "../app/parts.ts";
import { everyOperation } from "./openapi/document.ts";
import { openWholeApp, type WholeApp } from "./testing/whole-app.ts";

let whole: WholeApp;
let parts: Parts;
let app: FastifyInstance;
let routes: readonly RouteOptions[];

const accounts = ["demo", "other"] as const;
const roles = Object.keys(keyRoles) as KeyRole[];
const headerOf = (account: string, role: KeyRole) => `Basic ${btoa(`private_${account}_${role}:`)}`;

beforeAll(async () => {
  whole = await openWholeApp();
  ({ parts, app, routes } = whole);
  for (const imagekitId of accounts) {
    const pair = (role: string) => ({
      publicKey: `public_${imagekitId}_${role}`,
      privateKey: `private_${imagekitId}_${role}`,
    });
    await parts.database.run(createAccount, { imagekitId, pair: pair("full"), now: 1 });
    for (const role of ["upload", "read"] as const) {
      const rights = { role, mayOverwrite: false };
      await parts.database.run(createKeyPair, {
        account: { imagekit_id: imagekitId },
        pair: pair(role),
        rights,
        now: 1,
      });
    }
  }
});
afterAll(() => whole?.close());

/** The roles that each operation answers to. An operation that is not listed here does not compile. */
const answering = {
  upload: ["full", "upload"],
  uploadV1: ["full", "upload"],
  listFiles: ["full", "read"],
  listMarks: ["full", "read"],
  listTags: ["full", "read"],
  getFile: ["full", "read"],
  changeFile: ["full"],
  deleteFile: ["full"],
  listVersions: ["full", "read"],
  getVersion: ["full", "read"],
  deleteVersion: ["full"],
  restoreVersion: ["full"],
  copyFile: ["full"],
  moveFile: ["full"],
  renameFile: ["full"],
  deleteFiles: ["full"],
  addTags: ["full"],
  removeTags: ["full"],
  removeAITags: ["full"],
  getFileMetadata: ["full", "read"],
  getUrlMetadata: ["full", "read"],
  createZipDownload: ["full", "read"],
  // The ticket is the only credential.
  downloadZip: roles,
  createFolder: ["full"],
  deleteFolder: ["full"],
  copyFolder: ["full"],
  moveFolder: ["full"],
  renameFolder: ["full"],
  getBulkJob: ["full", "read"],
  listCustomFields: ["full", "read"],
  createCustomField: ["full"],
  changeCustomField: ["full"],
  deleteCustomField: ["full"],
  listNamedTransformations: ["full", "read"],
  createNamedTransformation: ["full"],
  getNamedTransformation: ["full", "read"],
  changeNamedTransformation: ["full"],
  deleteNamedTransformation: ["full"],
  listSavedExtensions: ["full", "read"],
  createSavedExtension: ["full"],
  getSavedExtension: ["full", "read"],
  changeSavedExtension: ["full"],
  deleteSavedExtension: ["full"],
  listTrash: ["full"],
  getTrashedThumbnail: ["full"],
  restoreFromTrash: ["full"],
  emptyTrash: ["full"],
  listUrlEndpoints: ["full", "read"],
  createUrlEndpoint: ["full"],
  getUrlEndpoint: ["full", "read"],
  replaceUrlEndpoint: ["full"],
  deleteUrlEndpoint: ["full"],
  listKeyPairs: ["full"],
  createKeyPair: ["full"],
  rotateKeyPair: ["full"],
  revokeKeyPair: ["full"],
  getDeliverySwitches: ["full"],
  changeDeliverySwitches: ["full"],
  listRefusals: ["full"],
  checkToken: ["full"],
  getUsage: ["full", "read"],
  getUsageAnalytics: ["full", "read"],
  getDailyUsage: ["full", "read"],
  listOrigins: ["full", "read"],
  createOrigin: ["full"],
  getOrigin: ["full", "read"],
  replaceOrigin: ["full"],
  deleteOrigin: ["full"],
  purgeFiles: ["full"],
  getPurgeStatus: ["full", "read"],
  makePreviews: ["full"],
  signUrls: ["full"],
  listWebhookEndpoints: ["full"],
  createWebhookEndpoint: ["full"],
  changeWebhookEndpoint: ["full"],
  deleteWebhookEndpoint: ["full"],
  testWebhookEndpoint: ["full"],
  replayWebhookEvent: ["full"],
  listWebhookAttempts: ["full"],
  getWebhookAttempt: ["full"],
  listJobs: ["full"],
  countJobs: ["full"],
  retryJobs: ["full"],
  getHealthReport: ["full"],
  sweepContents: ["full"],
  listConsoleSessions: ["full"],
  endConsoleSession: ["full"],
  // A session is the only credential: `routes/console/console-routes.test.ts` has its roles.
  signInToConsole: roles,
  getConsoleSession: roles,
  signOutOfConsole: roles,
  mintConsoleToken: roles,
  // The token is the only credential: `upload-outcome.test.ts` has its roles.
  askUploadOutcome: roles,
  createResumableUpload: ["full", "upload"],
  // The address of the session is the only credential.
  getResumableUpload: roles,
  sendPiece: roles,
  deleteResumableUpload: roles,
  callResumableUpload: roles,
  getHealth: roles,
  getLiveness: roles,
  getMetrics: roles,
} as const satisfies Record<keyof typeof operations, readonly KeyRole[]>;

const names = Object.keys(answering) as (keyof typeof operations)[];

async function ask(method: string, url: string, authorization: string) {
  const headers = { authorization, "tus-resumable": "1.0.0", "upload-length": "1" };
  const { statusCode, body } = await app.inject({ method: method as HTTPMethods, url, headers });
  const reason = body.startsWith("{") ? (JSON.parse(body) as { reason?: string }).reason : undefined;
  return { statusCode, reason };
}

const filled = (path: string) => path.replaceAll(/:\w+/g, "0123456789abcdef01234567");

describe.each(accounts)("the pairs of the account %s", (account) => {
  test.each(roles)("with the role %s are answered by their own operations alone", async (role) => {
    for (const name of names) {
      const { method, path } = operations[name];
      const answer = await ask(method, filled(path), headerOf(account, role));
      const refused = !(answering[name] as readonly KeyRole[]).includes(role);
      expect([name, answer.reason === "KEY_NOT_ALLOWED"], JSON.stringify(answer)).toEqual([name, refused]);
      if (refused) expect(answer.statusCode).toBe(403);
    }
  });
});

test("a pair that may only read has GET requests of the media API, downloads as ZIP, and nothing else", () => {
  const all: readonly Operation[] = Object.values(everyOperation);
  const read = all.filter(({ access: { keys, credentials } }) => {
    return keys.includes("read") && credentials.some((credential) => credential !== "consoleSession");
  });
  const [zip, ...others] = [...read].sort(({ method }) => (method === "POST" ? -1 : 1));
  expect(zip?.id).toBe(operations.createZipDownload.id);
  for (const { id, method, path, access } of others) {
    expect([id, method, path, access.credentials]).toEqual([
      id,
      "GET",
      expect.stringMatching(/^\/v1\//),
      ["privateKey", "consoleSession"],
    ]);
  }
});

test("a route that is no operation is left to the pairs that may do everything", async () => {
  const known = new Set(Object.values(operations).map(({ method, path }) => `${method} ${path}`));
  const others = routes.flatMap(({ method, url }) =>
    [method]
      .flat()
      .flatMap((one) => (known.has(`${one === "HEAD" ? "GET" : one} ${url}`) ? [] : [[one, url] as const])),
  );
  const asked = others.filter(([, url]) => url.startsWith("/v1/"));
  expect(asked.length).toBeGreaterThan(0);
  for (const [method, url] of asked) {
    for (const role of ["upload", "read"] as const) {
      const { statusCode } = await ask(method, filled(url), headerOf("demo", role));
      expect([method, url, statusCode]).toEqual([method, url, 403]);
    }
    expect((await ask(method, filled(url), headerOf("demo", "full"))).statusCode).not.toBe(403);
  }
});

describe("no spelling of a request gets around its role:", () => {
  const read = () => headerOf("demo", "read");
  const upload = () => headerOf("demo", "upload");
  const id = "0123456789abcdef01234567";

  test.each(["HEAD", "GET"])("%s may read, and OPTIONS reads nothing", async (method) => {
    expect((await ask(method, "/v1/files", read())).statusCode).toBe(200);
    expect((await ask(method, "/v1/files", upload())).statusCode).toBe(403);
    expect((await ask("OPTIONS", "/v1/files", upload())).statusCode).toBe(404);
  });

  test.each(["/v1/files/", "/v1/files?limit=1", "/v1/%66iles", "/v1/files;a=b"])("GET %s", async (url) => {
    expect([403, 404]).toContain((await ask("GET", url, upload())).statusCode);
  });

  test.each(["/V1/files", "/v1/FILES", "//v1/files", "/v1//files"])("%s is no route", async (url) => {
    expect((await ask("GET", url, headerOf("demo", "full"))).statusCode).toBe(404);
  });

  test("a header that names another method changes nothing", async () => {
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      const headers = { authorization: read(), [name]: "DELETE" };
      const { statusCode } = await app.inject({ method: "GET", url: `/v1/files/${id}/details`, headers });
      expect(statusCode).toBe(404);
      const posted = await app.inject({
        method: "POST",
        url: "/v1/files/copy",
        headers: { authorization: read(), [name]: "GET" },
      });
      expect(posted.statusCode).toBe(403);
    }
  });
});

test("a pair that is revoked while a request's body comes is refused by then", async () => {
  const pair = { publicKey: "public_brief", privateKey: "private_brief" };
  const account = { imagekit_id: "demo" };
  const rights = { role: "full", mayOverwrite: true } as const;
  await parts.database.run(createKeyPair, { account, pair, rights, now: 1 });
  const payload = new PassThrough();
  const body = JSON.stringify({ folderName: "late", parentFolderPath: "/" });
  const answer = app.inject({
    method: "POST",
    url: "/v1/folder",
    headers: {
      authorization: `Basic ${btoa("private_brief:")}`,
      "content-type": "application/json",
      "content-length": String(body.length),
    },
    payload,
  });
  payload.write(body.slice(0, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const revoked = { account, revoked: { public_key: "public_brief" }, now: Date.now() };
  expect(await parts.database.run(revokeKeyPair, revoked)).toBe("revoked");
  payload.end(body.slice(5));
  const { statusCode, body: refused } = await answer;
  expect([statusCode, JSON.parse(refused).reason]).toEqual([403, "PRIVATE_KEY_EXPIRED"]);
});
