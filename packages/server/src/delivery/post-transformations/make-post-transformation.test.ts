import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setAccount } from "../../accounts/account-transactions.ts";
import { addWebhook } from "../../events/webhook-transactions.ts";
import { removeFileTransaction } from "../../library/files/edit-files.ts";
import {
  createNamedTransformation,
  removeNamedTransformation,
} from "../../library/named-transformations/manage-named-transformations.ts";
import { inspectMedia } from "../../media/inspect/inspect-media.ts";
import { MediaError } from "../../media/media-error.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { commit } from "../../upload/store/commit.ts";
import { expirePostTransformations } from "./jobs.ts";
import { makePostTransformation } from "./make-post-transformation.ts";
import type { PostTransformationJob, PostType } from "./post-transformation.ts";

let fixture: UploadFixture;
beforeAll(async () => {
  fixture = await openUploadFixture();
  const webhook = { url: "http://localhost/", secret: "whsec_test", types: null, now: fixture.time };
  await fixture.parts.database.run(addWebhook, { imagekitId: "demo", ...webhook });
});
afterAll(() => fixture.close());

type Services = Parameters<typeof makePostTransformation>[0];

/** Stores a picture of 60 by 40 with these entries of `post`. */
async function store(
  values: readonly string[],
  fields: Readonly<Record<string, string>> = {},
  type: PostType = "transformation",
) {
  const { parts, services, principal } = fixture;
  const { readHeader } = services.images;
  const post = values.map((value) => ({ type, ...(value !== "" && { value }) }));
  const transformation = JSON.stringify({ post });
  const named = { fileName: "a.png", transformation, ...fields };
  const request = validate(new Map(Object.entries(named)));
  const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: "teal" } });
  const bytes = await (type === "gif-to-video" ? picture.gif() : picture.png()).toBuffer();
  const media = await inspectMedia({ chunks: [bytes], size: bytes.length, fileName: "a.png", readHeader });
  const file = parts.spool.create();
  const origin = {
    responseFields: request.responseFields,
    transformation: request.transformation ?? { post: [] },
    requestId: "request",
    imagekitId: "demo",
    publicUrl: "http://sluice",
    fields: [],
  };
  try {
    await file.write(bytes);
    const upload = { principal, request, media, spooled: await file.finish(), origin };
    return await commit(services, upload, never);
  } finally {
    await file.discard();
  }
}

/** The post-transformation jobs of one version, ordered by their URLs. */
async function jobsOf({ id }: { readonly id: string }): Promise<PostTransformationJob[]> {
  const rows = await fixture.parts.database.reader
    .selectFrom("jobs")
    .select("input")
    .where("name", "=", "post-transformation")
    .execute();
  const jobs = rows.map(({ input }) => JSON.parse(input) as PostTransformationJob);
  return jobs.filter(({ versionId }) => versionId === id).sort((one, other) => one.url.localeCompare(other.url));
}

/** Stores a picture with one entry of `post`, and returns the job that will make the entry. */
async function storeOne(value: string): Promise<PostTransformationJob> {
  const [first] = await jobsOf(await store([value]));
  if (first === undefined) throw new Error("there is no job");
  return first;
}

/** The events that tell endpoints about a file's entries. */
async function told({ fileId }: PostTransformationJob) {
  const rows = await fixture.parts.database.reader.selectFrom("events").select(["type", "payload"]).execute();
  return rows
    .filter(({ type }) => type.startsWith("upload.post-transform"))
    .map(({ payload }) => JSON.parse(payload))
    .filter(({ data }) => data.fileId === fileId);
}

const run = (input: PostTransformationJob, { isLast = false, services = {} as Partial<Services> } = {}) =>
  makePostTransformation({ ...fixture.services, ...services }, input, isLast, never);

const busy = { render: () => Promise.reject(new MediaError("EBUSY", "busy")) } as unknown as Services["images"];
const broken = {
  read: () => Promise.reject(new StorageError("STORAGE_FAILED", "gone")),
} as unknown as Services["blobs"];

test("each entry is a job of the upload's own transaction", async () => {
  const fields = { fileName: "b.png", useUniqueFileName: "false" };
  const asset = await store(["w-10", "w-20"], fields);
  expect(await jobsOf(asset)).toMatchObject([
    {
      fileId: asset.file_id,
      name: "b.png",
      path: "/b.png",
      url: "http://sluice/demo/b.png?tr=w-10",
      requestId: "request",
    },
    { transformation: { type: "transformation", value: "w-20" } },
  ]);
  const refused = store(["w-30"], { ...fields, overwriteFile: "false" });
  await expect(refused).rejects.toMatchObject({ reason: "FILE_ALREADY_EXISTS" });
  const inputs = fixture.parts.database.reader.selectFrom("jobs").select("input").where("input", "like", "%w-30%");
  expect(await inputs.execute()).toEqual([]);
});

test("done twice it is told once, and made once", async () => {
  const job = await storeOne("w-10,f-png");
  await run(job);
  await run(job, { services: { images: busy } });
  expect(await told(job)).toMatchObject([{ id: job.eventId, type: "upload.post-transform.success" }]);
});

test("a version that is gone needs none, and nobody is told", async () => {
  const job = await storeOne("w-10");
  const { accountId, fileId } = job;
  await fixture.parts.database.run(removeFileTransaction, { accountId, fileId, events: undefined });
  await run(job);
  expect(await told(job)).toEqual([]);
});

test("layers draw files of the library, private ones too, and a missing one is told of at once", async () => {
  const fields = { fileName: "seal.png", useUniqueFileName: "false", isPrivateFile: "true" };
  await store([], fields);
  for (const [path, type] of [
    ["seal.png", "upload.post-transform.success"],
    ["nobody.png", "upload.post-transform.error"],
  ]) {
    const job = await storeOne(`l-image,i-${path},w-10,l-end`);
    await run(job);
    expect(await told(job)).toMatchObject([{ type }]);
  }
});

test("what can't be made is told at once", async () => {
  const job = await storeOne("w-65000,h-65000");
  await run(job);
  expect(await told(job)).toMatchObject([
    { type: "upload.post-transform.error", data: { transformation: { error: { reason: "encoding_failed" } } } },
  ]);
});

test.each([
  ["the engine is busy", { images: busy }],
  ["the store fails", { blobs: broken }],
])("while %s it is tried again, and told when that was the last time", async (_, services) => {
  const job = await storeOne("w-10");
  await expect(run(job, { services })).rejects.toThrow();
  expect(await told(job)).toEqual([]);
  await expect(run(job, { services, isLast: true })).rejects.toThrow();
  expect(await told(job)).toMatchObject([{ type: "upload.post-transform.error" }]);
});

test("what ended with its worker, or was ended, is told of later, once, and not when it was told before", async () => {
  const old = await storeOne("w-10");
  fixture.time += 25 * 3_600_000;
  const [silent, made, gone] = [await storeOne("w-10"), await storeOne("w-10"), await storeOne("w-10")];
  await run(made);
  const { database } = fixture.parts;
  await database.run(removeFileTransaction, { accountId: gone.accountId, fileId: gone.fileId, events: undefined });
  const letters = [silent, made, gone, old].map((input) => ({
    ...{ id: "dead", name: "post-transformation", input, error: "the worker died", diedAt: new Date() },
  }));
  const expire = () => expirePostTransformations(fixture.services, { deadLetters: async () => letters }, never);
  expect([await expire(), await expire()]).toEqual([1, 0]);
  expect(await told(silent)).toMatchObject([{ id: silent.eventId, type: "upload.post-transform.error" }]);
  expect(await told(made)).toMatchObject([{ type: "upload.post-transform.success" }]);
  expect([await told(gone), await told(old)]).toEqual([[], []]);
});

test("what another job makes is waited for, without an attempt, and no longer than that job is there", async () => {
  const [job] = await jobsOf(await store([""], { fileName: "a.gif" }, "gif-to-video"));
  if (job === undefined) throw new Error("there is no job");
  const program = async () => ({ name: "FFmpeg 7", ffmpeg: ["ffmpeg"], ffprobe: ["ffprobe"] });
  const videos = { ...fixture.services.videos, program };
  const services = { videos };
  await run(job, { services, isLast: true });
  const waiting = () => jobsOf({ id: job.versionId });
  expect((await waiting()).map(({ waits }) => waits)).toEqual([undefined, 1]);
  await run({ ...job, waits: 1 }, { services });
  expect(await told(job)).toEqual([]);
  const others = openOtherConnection(fixture.config);
  await others.deleteFrom("jobs").where("name", "=", "video-rendition").execute();
  await others.destroy();
  await expect(run(job, { services })).rejects.toThrow("has not been encoded yet");
  expect((await waiting()).length).toBe(3);
  await expect(run(job, { services, isLast: true })).rejects.toThrow();
  expect(await told(job)).toMatchObject([{ type: "upload.post-transform.error" }]);
});

test("what the account delivers to nobody fails", async () => {
  const restrict = (restrictUnnamed: boolean) =>
    fixture.parts.database.run(setAccount, { imagekitId: "demo", changes: { delivery: { restrictUnnamed } } });
  const [named, unprepared] = [await storeOne("n-ik_ml_thumbnail"), await storeOne("w-10")];
  await restrict(true);
  await run(named);
  await run(unprepared);
  await restrict(false);
  expect(await told(named)).toMatchObject([{ type: "upload.post-transform.success" }]);
  expect(await told(unprepared)).toMatchObject([{ type: "upload.post-transform.error" }]);
});

test("a name that is gone by then fails", async () => {
  const named = { name: "small", transformation: "w-10", enabled: true };
  const { accountId } = fixture.principal;
  const { database } = fixture.parts;
  await database.run(createNamedTransformation, { accountId, id: "id", named, now: fixture.time });
  const job = await storeOne("n-small");
  await database.run(removeNamedTransformation, { accountId, id: "id" });
  await run(job);
  expect(await told(job)).toMatchObject([{ type: "upload.post-transform.error" }]);
});
