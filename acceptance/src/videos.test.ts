import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webhookEvents } from "@sluice/protocol/schemas";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hasFfmpeg, makeClip } from "../../packages/server/src/media/testing/clips.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { call } from "./harness/media-api.ts";
import { describeWhere } from "./harness/needs.ts";
import { expectShape } from "./harness/schemas.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

describeWhere(hasFfmpeg ? undefined : "Debian's package ffmpeg is not installed", "a video", () => {
  let dataDir: string;
  let receiver: WebhookReceiver;
  let server: ServerProcess;
  let clip: Buffer;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "sluice-videos-"));
    receiver = await startWebhookReceiver();
    server = await startServerProcess({
      dataDir,
      flags: ["--allow-private-networks", "--no-auto-tagging", "--webhook-url", receiver.url],
    });
    clip = await makeClip({ width: 320, height: 180, seconds: 2 });
  });
  afterAll(async () => {
    await server?.stop();
    await receiver?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test("is described, shown and transformed", async () => {
    const facts = { width: 320, height: 180, duration: expect.closeTo(2, 1), videoCodec: "h264", audioCodec: "aac" };
    const fields = { fileName: "film.mp4", useUniqueFileName: "false", responseFields: "metadata" };
    const answer = await uploadBasic(server.url, clip, fields);
    expectStored(answer);
    expect(answer.body).toMatchObject({ ...facts, bitRate: expect.any(Number), fileType: "non-image" });
    const { body: details } = await call(server.url, "GET", `/v1/files/${answer.body.fileId}/details`);
    expect(details).toMatchObject(facts);
    expect(answer.body.metadata).toMatchObject({ ...facts, size: clip.length, format: "mp4" });
    expect((await call(server.url, "GET", `/v1/files/${answer.body.fileId}/metadata`)).body).toEqual(
      answer.body.metadata,
    );
    for (const url of [`${details.url.split("?")[0]}/ik-thumbnail.jpg?tr=so-1,w-80`, details.thumbnail]) {
      const picture = await fetch(url);
      expect([url, picture.status, picture.headers.get("content-type")]).toEqual([url, 200, "image/jpeg"]);
      expect((await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).width).toBeGreaterThan(10);
    }
    const small = await fetch(`${server.url}/demo/film.mp4?tr=w-160,so-1`);
    expect([small.status, small.redirected, small.headers.get("content-type")]).toEqual([200, false, "video/mp4"]);
    const bytes = Buffer.from(await small.arrayBuffer());
    const made = encodeURIComponent(`${server.url}/demo/film.mp4?tr=w-160,so-1`);
    const { body: ofMade } = await call(server.url, "GET", `/v1/metadata?url=${made}`);
    expect(ofMade).toMatchObject({ width: 160, height: 90, duration: expect.closeTo(1, 1), size: bytes.length });
    const told = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body.toString()))
        .filter(
          ({ type, request }) => type.startsWith("video.") && request.url.endsWith("/demo/film.mp4?tr=w-160,so-1"),
        );
    await vi.waitFor(() => expect(told()).toHaveLength(2), 20_000);
    for (const event of told()) expectShape(webhookEvents[event.type as keyof typeof webhookEvents], event, event.type);
    const output = { url: `${server.url}/demo/film.mp4?tr=w-160,so-1`, video_metadata: { width: 160, height: 90 } };
    expect(told().toSorted((one, other) => one.type.localeCompare(other.type))).toMatchObject([
      { type: "video.transformation.accepted", data: { asset: { url: `${server.url}/demo/film.mp4` } } },
      { type: "video.transformation.ready", data: { transformation: { type: "video-transformation", output } } },
    ]);
    const part = await fetch(`${server.url}/demo/film.mp4?tr=w-160,so-1`, { headers: { range: "bytes=0-99" } });
    expect([part.status, Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(0, 100))]).toEqual([206, true]);
  });

  test("is found by when and where it was taken", async () => {
    const tags = ["-metadata", "creation_time=2024-05-01T10:20:30Z", "-metadata", "location=+48.2082+016.3738/"];
    const taken = await makeClip({ seconds: 1, format: "mov", more: tags });
    for (const [bytes, fileName] of [[taken, "trip.mp4"] as const, [clip, "home.mp4"] as const])
      expectStored(await uploadBasic(server.url, bytes, { fileName, useUniqueFileName: "false" }));
    const find = async (query: string) => {
      const search = `name IN ["trip.mp4", "home.mp4"] AND ${query}`;
      const { body } = await call(server.url, "GET", `/v1/files?searchQuery=${encodeURIComponent(search)}`);
      return (body as readonly { readonly name: string }[]).map(({ name }) => name);
    };
    expect(await find(`"embeddedMetadata.DateTimeOriginal" > 2024-04-30`)).toEqual(["trip.mp4"]);
    expect(await find(`"embeddedMetadata.DateTimeOriginal" > 2024-05-02`)).toEqual([]);
    expect(await find(`"embeddedMetadata.LocationTaken" = "48.21,16.37 5km"`)).toEqual(["trip.mp4"]);
    expect(await find(`"embeddedMetadata.LocationTaken" = "47.8,13.05 5km"`)).toEqual([]);
  });

  test("is judged by checks on what it says of itself", async () => {
    const upload = (checks: string) => uploadBasic(server.url, clip, { fileName: "judged.mp4", checks });
    expectStored(await upload(`"mediaMetadata.duration" <= 3 AND "mediaMetadata.videoCodec" = "h264"`));
    expectRefusal(await upload(`"mediaMetadata.duration" <= 1`), 400, "CHECKS_FAILED");
  });

  test("is stored as its upload asks, or not at all, after the answer", async () => {
    const upload = (fileName: string, pre: string, more: Record<string, string> = {}) => {
      const fields = { fileName, useUniqueFileName: "false", folder: "/in", transformation: JSON.stringify({ pre }) };
      return uploadBasic(server.url, clip, { ...fields, ...more });
    };
    for (const answer of [
      await upload("small.mp4", "w-64,so-1"),
      await upload("judged.mp4", "w-64", { checks: '"mediaMetadata.width" > 64' }),
    ]) {
      const body = { message: "The pre-transformation has been queued successfully." };
      expect([answer.status, answer.body]).toEqual([202, body]);
    }
    expectRefusal(await upload("late.mp4", "so-9"), 400, "TRANSFORMATION_INVALID");
    const told = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body.toString()))
        .filter(({ type, request }) => type.startsWith("upload.pre-transform") && request !== undefined);
    await vi.waitFor(() => expect(told()).toHaveLength(2), 60_000);
    for (const event of told()) expectShape(webhookEvents[event.type as keyof typeof webhookEvents], event, event.type);
    const [failed, stored] = told().toSorted((one, other) => one.type.localeCompare(other.type));
    const error = { reason: "checks_failed" };
    expect(failed.data).toEqual({ name: "judged.mp4", path: "/in/judged.mp4", transformation: { error } });
    expect(stored).toMatchObject({
      request: { transformation: "w-64,so-1" },
      data: { filePath: "/in/small.mp4", width: 64, height: 36 },
    });
    const { body: details } = await call(server.url, "GET", `/v1/files/${stored.data.fileId}/details`);
    expect(details).toMatchObject({ name: "small.mp4", width: 64, duration: expect.closeTo(1, 1) });
    expect((await fetch(stored.data.url)).status).toBe(200);
    expect((await fetch(`${server.url}/demo/in/judged.mp4`)).status).toBe(404);
  });

  test("has what its upload asks for made, and tells so", async () => {
    const post = [
      { type: "thumbnail", value: "so-1,w-40" },
      { type: "transformation", value: "w-64,du-1" },
    ];
    const fields = { fileName: "posted.mp4", useUniqueFileName: "false", transformation: JSON.stringify({ post }) };
    expectStored(await uploadBasic(server.url, clip, fields));
    const told = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body.toString()))
        .filter(({ type, data }) => type.startsWith("upload.post-transform") && data.name === "posted.mp4")
        .map(({ type, data }) => `${type} ${new URL(data.url).pathname}${new URL(data.url).search}`);
    await vi.waitFor(() => expect(told()).toHaveLength(2), 60_000);
    expect(told().toSorted()).toEqual([
      "upload.post-transform.success /demo/posted.mp4/ik-thumbnail.jpg?tr=so-1,w-40",
      "upload.post-transform.success /demo/posted.mp4?tr=w-64,du-1",
    ]);
  });
});
