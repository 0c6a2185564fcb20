import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newestRelease } from "../../scripts/upgrade/released.ts";
import { type ReleasedSources, unpackRelease } from "../../scripts/upgrade/released-sources.ts";
import { textAt } from "./harness/deliver.ts";
import { dropEngines } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { type Description, describeLibrary, fillLibrary, type Promised } from "./harness/full-library.ts";
import { call } from "./harness/media-api.ts";
import { describeWhere } from "./harness/needs.ts";
import { jpeg } from "./harness/samples.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { offsetOf, patch } from "./harness/tus.ts";
import { uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

const release = newestRelease();
const webhookId = ({ headers }: ReceivedWebhook): string => headers["webhook-id"] ?? "";

describeWhere(typeof release === "string" ? release : undefined, "a library that the released version has made", () => {
  const flags = ["--allow-private-networks", "--no-auto-tagging"];
  let dataDir: string;
  let released: ReleasedSources;
  let receiver: WebhookReceiver;
  let takesWebhooks = false;
  let refused: readonly string[];
  let before: Description;
  let promised: Promised;
  let after: Description;
  let server: ServerProcess;

  beforeAll(async () => {
    if (typeof release === "string") return;
    released = await unpackRelease(release);
    dataDir = await mkdtemp(join(tmpdir(), "sluice-upgrade-"));
    receiver = await startWebhookReceiver((_, response) => response.writeHead(takesWebhooks ? 200 : 503).end());
    const older = await startServerProcess({ dataDir, flags, program: released.command });
    try {
      promised = await fillLibrary(older.url, receiver.url);
      const shy = { fileName: "shy.jpg", isPrivateFile: "true", useUniqueFileName: "false" };
      expectStored(await uploadBasic(older.url, await jpeg(60, 40), shy));
      before = await describeLibrary(older.url);
      // The deliveries have failed once, and wait in the queue for their next attempt.
      await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(5), 15_000);
    } finally {
      await older.stop();
    }
    refused = receiver.received.map(webhookId);
    takesWebhooks = true;
    server = await startServerProcess({ dataDir, flags });
    after = await describeLibrary(server.url);
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
    await receiver?.close();
    await released?.remove();
    if (dataDir !== undefined) await dropEngines(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  test("is there as it was, every version byte for byte", () => {
    // A newer version may tell more of the same things.
    expect(after).toMatchObject(before);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.values(before).filter((value) => String(value).startsWith("status"))).toEqual(["status 404"]);
  });

  test("refuses the tokens that were used up", async () => {
    const { token, fields } = promised.used;
    expectRefusal(await uploadWithToken(server.url, "again", fields, token), 400, "TOKEN_USED");
  });

  test("goes on with a resumable upload that was half done", async () => {
    const { path, offset, rest, whole } = promised.session;
    const session = server.url + path;
    expect(await offsetOf(session)).toBe(offset);
    const { status, body } = await patch(session, offset, rest);
    expect(status).toBe(204);
    expect(body).toBeUndefined();
    const listed = (await call(server.url, "GET", "/v1/files?limit=1000")).body;
    const file = listed.find(({ name }: { name: string }) => name.startsWith("resumed"));
    expect(await textAt(file.url)).toBe(whole.toString());
  });

  test("keeps what each key pair may do", async () => {
    const asReader = { authorization: promised.reader };
    expect((await call(server.url, "GET", "/v1/files", asReader)).status).toBe(200);
    const uploaded = await uploadBasic(server.url, "x", { fileName: "x.txt" }, asReader);
    expectRefusal(uploaded, 403, "KEY_NOT_ALLOWED");
  });

  test("restores from the trash, and takes new versions of its files", async () => {
    const { fileId } = (await call(server.url, "GET", "/_sluice/trash")).body.files[0];
    expect((await call(server.url, "POST", "/_sluice/trash/restore", { body: { fileIds: [fileId] } })).status).toBe(
      200,
    );
    const { url } = (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;
    expect(await textAt(url)).toBe("thrown away");
    const place = { fileName: "sea.jpg", folder: "/holidays", useUniqueFileName: "false" };
    const answer = await uploadBasic(server.url, "no picture any more", place);
    expectStored(answer);
    expect(answer.body.versionInfo.name).toBe("Version 4");
  });

  test("shows thumbnails of private pictures to whoever has signed, as before", async () => {
    const thumbnail = "/demo/tr:n-ik_ml_thumbnail/shy.jpg";
    expect((await fetch(server.url + thumbnail)).status).toBe(401);
    const listed = (await call(server.url, "GET", "/v1/files?limit=1000")).body;
    const shy = listed.find(({ name }: { name: string }) => name === "shy.jpg");
    expect((await fetch(shy.thumbnail)).status).toBe(200);
    expect(server.output()).not.toMatch(/^note: thumbnails of private images/m);
  });

  test("sends the webhooks that were waiting", async () => {
    const sent = () => receiver.received.slice(refused.length).map(webhookId);
    await expect.poll(() => refused.filter((id) => !sent().includes(id))).toEqual([]);
  });

  test("agrees with its store", () => expectClean(dataDir));
});
