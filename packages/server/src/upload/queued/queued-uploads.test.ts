import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { jobTable } from "../../app/jobs.ts";
import { findVersionById } from "../../database/repositories/assets.ts";
import { findQueuedUpload } from "../../database/repositories/queued-uploads.ts";
import { receivedBytes } from "../../database/repositories/upload-sessions.ts";
import { findUsedToken } from "../../database/repositories/used-tokens.ts";
import { addWebhook } from "../../events/webhook-transactions.ts";
import { createJobObserver } from "../../jobs/job-observer.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { openQueue } from "../../jobs/open-queue.ts";
import { releaseBlobs } from "../../maintenance/sweep-transactions.ts";
import { MediaError } from "../../media/media-error.ts";
import { hasFfmpeg, makeClip } from "../../media/testing/clips.ts";
import { createLogger } from "../../observability/logger.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import type { StoreDeps } from "../deps.ts";
import { burnToken } from "../ledger/token-transactions.ts";
import { resolveUpload } from "../resolve/resolve-upload.ts";
import { storeFile } from "../steps.ts";
import { queuedUploadKind } from "./job-kinds.ts";
import { expireQueuedUploads } from "./jobs.ts";
import { makeQueuedUpload, type QueuedUploadDeps } from "./make-queued-upload.ts";
import { queuedAnswer } from "./queue-upload.ts";

const canRun = hasFfmpeg || process.env.CI === "true";

// docs/protocol/upload.md §9, docs/protocol/webhooks-and-extensions.md §4
describeEngines((engine) => {
  let fixture: UploadFixture;
  let queue: JobQueue;
  let clip: Buffer;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
    const services = { ...fixture.services, logger: createLogger("silent") };
    // On PostgreSQL, transactions enqueue through an open queue. Nobody works on it.
    queue = await openQueue(services, jobTable, createJobObserver(services));
    const webhook = { url: "http://localhost/", secret: "whsec_test", types: null, now: fixture.time };
    await fixture.parts.database.run(addWebhook, { imagekitId: "demo", ...webhook });
    if (canRun) clip = await makeClip({ seconds: 2 });
  });
  afterAll(async () => {
    await queue.close();
    await fixture.close();
  });
  const before = new Set<string>();
  beforeEach(async () => {
    for (const { id } of await events()) before.add(id);
  });

  const deps = () =>
    ({
      ...fixture.services,
      logger: createLogger("silent"),
      publicUrl: () => "http://sluice",
    }) as unknown as StoreDeps & QueuedUploadDeps;

  /** Uploads the clip. */
  async function upload(pre: string, fields: Record<string, string> = {}, more: object = {}) {
    const transformation = JSON.stringify({ pre, ...more });
    const all = new Map(Object.entries({ fileName: "film.mp4", transformation, ...fields }));
    const token = { digest: Buffer.from(crypto.getRandomValues(new Uint8Array(32))), expires_at: 2_000_000_000 };
    const burnt = { accountId: fixture.principal.accountId, digest: token.digest, expiresAt: token.expires_at };
    await fixture.parts.database.run(burnToken, { ...burnt, attempt: null, now: fixture.time });
    const file = fixture.parts.spool.create();
    try {
      await file.write(Buffer.from(clip));
      const spooled = await file.finish();
      const plan = await resolveUpload(deps(), fixture.principal, all);
      const asked = { plan, file: spooled, head: clip, token, client: "::1", requestId: "request" };
      const answer = await storeFile(deps(), { ...asked, onStored: async () => undefined }, never);
      return { answer, token };
    } finally {
      await file.discard();
    }
  }
  const queued = () => fixture.parts.database.reader.selectFrom("queued_uploads").selectAll().execute();
  async function take() {
    const [row] = await queued();
    if (row === undefined) throw new Error("nothing is queued");
    return row;
  }
  const work = async (parts: Partial<QueuedUploadDeps> = {}, isLast = false) => {
    const { id, account_id: accountId } = await take();
    // Events of one millisecond are in no particular order.
    fixture.time += 1;
    const done: number[] = [];
    const report = (_: string, { fraction }: { readonly fraction: number }) => void done.push(fraction);
    await makeQueuedUpload({ ...deps(), ...parts }, { accountId, id }, { isLast, report }, never);
    return done;
  };
  const events = () => fixture.parts.database.reader.selectFrom("events").selectAll().orderBy("id").execute();
  /** The events of the test that tell of transformations. */
  const told = async () => {
    const rows = (await events()).filter(({ id }) => !before.has(id));
    return rows.map(({ payload }) => JSON.parse(payload)).filter(({ type }) => type.startsWith("upload."));
  };
  const held = () =>
    receivedBytes(fixture.parts.database.reader, { accountId: fixture.principal.accountId, now: fixture.time });
  const outcomeOf = async (token: Parameters<typeof findUsedToken>[1]) =>
    (await findUsedToken(fixture.parts.database.reader, token))?.outcome;

  test.skipIf(!canRun)("a video is answered at once, and stored when its job has made it", async () => {
    const { answer, token } = await upload(
      "w-160,so-1",
      { folder: "/in", tags: "a" },
      { post: [{ type: "thumbnail" }] },
    );
    expect(answer).toEqual(queuedAnswer);
    const { id, name, fields } = await take();
    expect(name).toMatch(/^film_.{9}\.mp4$/);
    expect(JSON.parse(fields)).toContainEqual(["tags", "a"]);
    expect([await held(), await outcomeOf(token), await told()]).toEqual([clip.length, "queued", []]);
    const { reader } = fixture.parts.database;
    expect(await findVersionById(reader, fixture.principal.viewer, id)).toBeUndefined();
    expect((await work()).length).toBeGreaterThan(0);
    const stored = await findVersionById(reader, fixture.principal.viewer, id);
    expect(stored).toMatchObject({
      ...{ id, name, folder_path: "/in", tags: '["a"]', kind: "video", width: 160, height: 90, video_codec: "h264" },
    });
    expect(await told()).toMatchObject([
      {
        type: "upload.pre-transform.success",
        request: { x_request_id: "request", transformation: "w-160,so-1" },
        data: {
          fileId: id,
          filePath: `/in/${name}`,
          url: `http://sluice/demo/in/${name}`,
          duration: expect.closeTo(1, 1),
          AITags: null,
        },
      },
    ]);
    expect([await held(), await outcomeOf(token), await queued()]).toEqual([0, "stored", []]);
    // A run that comes once more finds nothing to do.
    await makeQueuedUpload(
      deps(),
      { accountId: fixture.principal.accountId, id },
      { isLast: true, report() {} },
      never,
    );
    expect(await told()).toHaveLength(1);
  });

  test.skipIf(!canRun)("what came is kept until its job ends, and not longer", async () => {
    await upload("w-100");
    const { id, account_id: accountId } = await take();
    const row = await findQueuedUpload(fixture.parts.database.reader, accountId, id);
    const release = () => fixture.parts.database.run(releaseBlobs, { now: fixture.time });
    await release();
    expect(await buffer(await fixture.parts.blobs.read(String(row?.storage_key)))).toEqual(clip);
    await work();
    expect(await release()).toMatchObject({ deleted: [{ storage_key: row?.storage_key }] });
  });

  test.skipIf(!canRun).each([
    ["so-2", "so is 2 s here"],
    ["f-webm,vc-h264", "webm holds no h264"],
    ["l-image,i-nobody.png,l-end", "nobody.png"],
    ["w-10,h-15000", "at most"],
  ])("%s is refused at once, and nothing is kept", async (pre, message) => {
    const refusal = { reason: "TRANSFORMATION_INVALID", message: expect.anything() };
    await expect(upload(pre)).rejects.toMatchObject(refusal);
    await expect(upload(pre)).rejects.toThrow(expect.objectContaining({ help: expect.stringMatching(message) }));
    expect([await queued(), await held()]).toEqual([[], 0]);
  });

  test.skipIf(!canRun)("checks are held against the result", async () => {
    const { answer, token } = await upload("w-100", { checks: '"mediaMetadata.width" > 200', folder: "/in" });
    expect(answer).toEqual(queuedAnswer);
    const { name } = await take();
    await work();
    expect(await told()).toMatchObject([
      {
        type: "upload.pre-transform.error",
        request: { x_request_id: "request", transformation: "w-100" },
        data: { name, path: `/in/${name}`, transformation: { error: { reason: "checks_failed" } } },
      },
    ]);
    expect([await queued(), await outcomeOf(token)]).toEqual([[], "abandoned"]);
    await upload("w-250", { checks: '"mediaMetadata.width" > 200' });
    await work();
    expect(await queued()).toEqual([]);
  });

  test.skipIf(!canRun)("a file of the same name is overwritten, or that is told", async () => {
    const fields = { useUniqueFileName: "false", fileName: "same.mp4" };
    await upload("w-100", fields);
    await work();
    await upload("w-120", fields);
    await work();
    await upload("w-140", { ...fields, overwriteFile: "false" });
    await work();
    expect(await told()).toMatchObject([
      { data: { versionInfo: { name: "Version 1" }, width: 100 } },
      { data: { versionInfo: { name: "Version 2" }, width: 120 } },
      {
        type: "upload.pre-transform.error",
        data: { name: "same.mp4", transformation: { error: { reason: "file_already_exists" } } },
      },
    ]);
  });

  test.skipIf(!canRun)("layers are drawn", async () => {
    await upload("w-100:l-image,i-ik_canvas,bg-FF0000,w-40,h-20,l-end:l-text,i-Hi,fs-20,l-end");
    await work();
    expect(await told()).toMatchObject([{ type: "upload.pre-transform.success" }]);
  });

  test.skipIf(!canRun)("what may pass is tried again, and what may not is told once", async () => {
    const encode = (error: Error) => ({ videos: { ...deps().videos, encode: () => Promise.reject(error) } });
    await upload("w-100");
    const busy = new MediaError("EBUSY", "busy");
    await expect(work(encode(busy))).rejects.toThrow("busy");
    await expect(work(encode(new StorageError("STORAGE_FULL", "full")))).rejects.toThrow("full");
    expect([await told(), (await queued()).length]).toEqual([[], 1]);
    await work(encode(busy), true);
    const event = { type: "upload.pre-transform.error" };
    expect(await told()).toMatchObject([event]);
    await upload("w-100");
    await work(encode(new MediaError("EINVALID", "The video can't be encoded")));
    expect(await told()).toMatchObject([event, { data: { transformation: { error: { reason: "encoding_failed" } } } }]);
    expect(await queued()).toEqual([]);
  });

  test.skipIf(!canRun)("one whose job has died silently ends all the same, once", async () => {
    await upload("w-100");
    const { id, account_id: accountId } = await take();
    const input = { accountId, id };
    const letter = { id: "dead", name: queuedUploadKind.name, input, error: "the worker died", diedAt: new Date() };
    const expire = () => expireQueuedUploads(deps(), { deadLetters: async () => [letter] }, never);
    expect([await expire(), await expire()]).toEqual([1, 0]);
    expect(await told()).toMatchObject([{ type: "upload.pre-transform.error" }]);
  });
});
