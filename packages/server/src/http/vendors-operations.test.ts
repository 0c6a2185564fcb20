import type { FastifyInstance, HTTPMethods } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../accounts/account-transactions.ts";
import { openWholeApp, type WholeApp } from "./testing/whole-app.ts";

const pair = { publicKey: "public_test", privateKey: "private_test" };

let whole: WholeApp;
let app: FastifyInstance;

beforeAll(async () => {
  whole = await openWholeApp();
  app = whole.app;
  await whole.parts.database.run(createAccount, { imagekitId: "demo", pair, now: Date.now() });
});
afterAll(() => whole?.close());

/** Every operation of the vendor's API other than uploads (docs/protocol/media-api.md §3). */
const vendorsOperations = `
  GET /v1/files
  GET PATCH /v1/files/:fileId/details
  DELETE /v1/files/:fileId
  POST /v1/files/copy
  POST /v1/files/move
  PUT /v1/files/rename
  POST /v1/files/batch/deleteByFileIds
  POST /v1/files/addTags
  POST /v1/files/removeTags
  POST /v1/files/removeAITags
  GET /v1/files/:fileId/versions
  GET DELETE /v1/files/:fileId/versions/:versionId
  PUT /v1/files/:fileId/versions/:versionId/restore
  GET /v1/files/:fileId/metadata
  GET /v1/metadata
  POST DELETE /v1/folder
  POST /v1/bulkJobs/copyFolder
  POST /v1/bulkJobs/moveFolder
  POST /v1/bulkJobs/renameFolder
  GET /v1/bulkJobs/:jobId
  GET POST /v1/customMetadataFields
  PATCH DELETE /v1/customMetadataFields/:id
  POST /v1/files/purge
  GET /v1/files/purge/:requestId
  GET POST /v1/saved-extensions
  GET PATCH DELETE /v1/saved-extensions/:id
  GET POST /v1/named-transformations
  GET PATCH DELETE /v1/named-transformations/:id
  GET /v1/accounts/usage
  GET /v1/accounts/usage-analytics
  GET POST /v1/accounts/origins
  GET PUT DELETE /v1/accounts/origins/:id
  GET POST /v1/accounts/url-endpoints
  GET PUT DELETE /v1/accounts/url-endpoints/:id
`;

test("no operation of the vendor's API is answered as a path that doesn't exist", async () => {
  const operations = vendorsOperations
    .trim()
    .split("\n")
    .flatMap((line) => {
      const words = line.trim().split(" ");
      return words.slice(0, -1).map((method) => [method, words.at(-1) ?? ""] as const);
    });
  for (const [method, path] of operations) {
    const url = path.replaceAll(/:\w+/g, "0123456789abcdef01234567");
    const { statusCode, body } = await app.inject({ method: method as HTTPMethods, url });
    expect([method, path, statusCode, JSON.parse(body).reason]).toEqual([method, path, 401, "PRIVATE_KEY_MISSING"]);
  }
});

test("who has no valid key learns nothing", async () => {
  const headers = { authorization: `Basic ${Buffer.from("private_wrong:").toString("base64")}` };
  const { statusCode, body } = await app.inject({ method: "GET", url: "/v1/accounts/usage", headers });
  expect([statusCode, JSON.parse(body).reason]).toEqual([403, "ACCOUNT_NOT_AUTHENTICATED"]);
});
