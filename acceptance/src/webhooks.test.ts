import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ImageKitV7 from "@imagekit/nodejs";
import ImageKitV6 from "imagekit";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sluice } from "./harness/command.ts";
import { call } from "./harness/media-api.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets } from "./harness/snippets.ts";
import { uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

const secret = "whsec_c2VjcmV0LWZvci10ZXN0cw==";

let server: RunningServer;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  const flags = ["--webhook-url", `${receiver.url}/configured`, "--webhook-secret", secret, "--allow-private-networks"];
  server = await startServer({ flags });
});
afterAll(async () => {
  await server?.stop();
  await receiver?.close();
});

const webhook = (...args: string[]) => sluice(["webhook", ...args, "--data-dir", server.dataDir]);
const details = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

/** The events about a file that arrived at the path, in order of id: by time, except within one transaction. */
function eventsOf(path: string, fileId: string): ReceivedWebhook[] {
  return receiver.at(path).filter(({ event }) => event.data.fileId === fileId);
}

async function typesAt(path: string, fileId: string, count: number): Promise<string[]> {
  await expect.poll(() => eventsOf(path, fileId).length).toBe(count);
  return eventsOf(path, fileId).map(({ event }) => event.type);
}

describe("the account's endpoint", () => {
  test("is told of an upload with the file as GET details shows it, signed as four libraries verify it", async () => {
    const fields = { fileName: "told.txt", tags: "a,b" };
    const { status, body } = await uploadWithToken(server.url, "hello", fields);
    expect(status).toBe(200);
    expect(await typesAt("/configured", body.fileId, 1)).toEqual(["file.created"]);
    const [received] = eventsOf("/configured", body.fileId);
    if (received === undefined) throw new Error("nothing was received");
    const { headers, body: text, event } = received;
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      type: "file.created",
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: await details(body.fileId),
    });
    expect(headers).toMatchObject({ "content-type": "application/json", "webhook-id": event.id });

    const v7 = new ImageKitV7({ privateKey: keys.privateKey, webhookSecret: secret });
    expect(v7.webhooks.unwrap(text, { headers })).toEqual(event);
    expect(() => v7.webhooks.unwrap(`${text} `, { headers })).toThrow();
    const v6 = new ImageKitV6({ ...keys, urlEndpoint: `${server.url}/demo` });
    const signature = headers["x-ik-signature"] ?? "";
    expect(v6.verifyWebhookEvent(text, signature, secret).event).toEqual(event);
    expect(() => v6.verifyWebhookEvent(text, signature, "whsec_another-one")).toThrow();
    expect(new StandardWebhook(secret).verify(text, headers)).toEqual(event);
    expect(() => new StandardWebhook(secret).verify(`${text} `, headers)).toThrow();
    new SvixWebhook(secret).verify(text, headers);
    expect(() => new SvixWebhook(secret).verify(`${text} `, headers)).toThrow();
  });

  test("is verified by the code of docs/webhooks.md, which takes nothing else", async () => {
    const { body } = await uploadBasic(server.url, "hello", { fileName: "verified.txt" });
    await typesAt("/configured", body.fileId, 1);
    const [{ headers, body: text, event } = { headers: {}, body: "", event: undefined }] = eventsOf(
      "/configured",
      body.fileId,
    );
    const docs = await openSnippets("docs/webhooks.md", server.url);
    try {
      await docs.write("verify-webhook.mjs");
      const { verifyWebhook } = await import(pathToFileURL(join(docs.folder, "verify-webhook.mjs")).href);
      expect(verifyWebhook(text, headers, secret)).toEqual(event);
      expect(() => verifyWebhook(`${text} `, headers, secret)).toThrow("not signed");
      expect(() => verifyWebhook(text, headers, "whsec_another-one")).toThrow("not signed");
      expect(() => verifyWebhook(text, { ...headers, "webhook-timestamp": "1767225600" }, secret)).toThrow("too old");
    } finally {
      await docs.remove();
    }
  });

  test("is told of every change of a file", async () => {
    const upload = () => uploadBasic(server.url, "hello", { fileName: "changed.txt", useUniqueFileName: "false" });
    const { fileId, versionInfo } = (await upload()).body;
    await upload();
    await call(server.url, "PATCH", `/v1/files/${fileId}/details`, { body: { tags: ["sea"] } });
    await call(server.url, "PUT", `/v1/files/${fileId}/versions/${versionInfo.id}/restore`);
    const file = await details(fileId);
    const versions = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    await call(server.url, "DELETE", `/v1/files/${fileId}/versions/${versions[1].versionInfo.id}`);
    await call(server.url, "DELETE", `/v1/files/${fileId}`);
    const types = await typesAt("/configured", fileId, 7);
    expect(types.toSorted()).toEqual([
      "file-version.created",
      "file-version.deleted",
      "file.created",
      "file.deleted",
      "file.updated",
      "file.updated",
      "file.updated",
    ]);
    const events = eventsOf("/configured", fileId).map(({ event }) => event);
    expect(events).toContainEqual(expect.objectContaining({ type: "file.updated", data: file }));
    expect(new Set(events.map(({ id }) => id)).size).toBe(7);
  });

  test("is not told of what fails", async () => {
    const before = receiver.at("/configured").length;
    expect((await uploadBasic(server.url, "hello", { fileName: "refused.txt", checks: "1" })).status).toBe(400);
    const { body } = await uploadBasic(server.url, "hello", { fileName: "taken.txt" });
    await typesAt("/configured", body.fileId, 1);
    expect(receiver.at("/configured").length).toBe(before + 1);
  });
});

test("an endpoint that sluice webhook has added is told of the types that it wants", async () => {
  const add = ["add", "demo", `${receiver.url}/deletions`, "--events", "file.deleted"];
  const { code, stdout } = await webhook(...add, "--allow-private-networks");
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^webhook +\S+\nsecret +in \S+\n$/) });
  const deletion = async () => {
    const { fileId } = (await uploadBasic(server.url, "hello", { fileName: "deleted.txt" })).body;
    await call(server.url, "DELETE", `/v1/files/${fileId}`);
    return receiver.at("/deletions").length;
  };
  // The server learns of the change within seconds.
  await expect.poll(deletion, { timeout: 10_000, interval: 200 }).toBeGreaterThan(0);
  for (const { event } of receiver.at("/deletions")) {
    expect(event).toMatchObject({ type: "file.deleted", data: { fileId: expect.stringMatching(/^[0-9a-f]{24}$/) } });
  }
});

test("secrets and addresses of webhooks are in no log", () => {
  expect(server.output()).not.toContain(secret);
  expect(server.output()).not.toContain(receiver.url);
});
