import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { encoded, jpeg, mp4, photograph, png, svg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";
import { png as bomb, zeros } from "./hostile/support/bombs.ts";

let server: RunningServer;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  server = await startServer({ flags: ["--webhook-url", receiver.url, "--allow-private-networks"] });
});
afterAll(async () => {
  await server?.stop();
  await receiver?.close();
});

type Fields = Readonly<Record<string, string>>;

/** Uploads with the parameter as JSON, unless it is text already. */
function upload(file: string | Uint8Array, transformation: unknown, fields: Fields = {}): Promise<Answer> {
  const text = typeof transformation === "string" ? transformation : JSON.stringify(transformation);
  return uploadBasic(server.url, file, { fileName: "a.jpg", transformation: text, ...fields });
}

const stored = async ({ body }: Answer): Promise<Buffer> => fetchOriginal(server.url, body.url);

/** Expects a refusal with the exact text (E12 to E14), and that nothing has been stored. */
async function expectNothing(
  answer: Answer,
  before: number,
  reason: string,
  ...help: readonly string[]
): Promise<void> {
  expectRefusal(answer, 400, reason);
  for (const part of help) expect(answer.body.help).toContain(part);
  expect(await countFiles()).toBe(before);
}

const countFiles = async (): Promise<number> => (await listFiles(server.url)).length;

describe("pre", () => {
  test("is stored in the file's place, and the answer describes it", async () => {
    const answer = await upload(await jpeg(600, 400), { pre: "w-300" });
    expectStored(answer);
    const bytes = await stored(answer);
    expect(answer.body).toMatchObject({ width: 300, height: 200, size: bytes.length, fileType: "image" });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: 300, height: 200 });
  });

  test("may change the format, but never the name: the type follows the bytes", async () => {
    const answer = await upload(await png(60, 40), { pre: "f-webp,w-30" }, { useUniqueFileName: "false" });
    expectStored(answer);
    expect(answer.body).toMatchObject({ name: "a.jpg", width: 30, height: 20 });
    const [file] = (await listFiles(server.url)).filter(({ fileId }) => fileId === answer.body.fileId);
    expect(file).toMatchObject({ mime: "image/webp" });
    expect((await sharp(await stored(answer)).metadata()).format).toBe("webp");
  });

  test("keeps the format where it names none, and turns what the camera held askew", async () => {
    const webp = await upload(await encoded("webp", true), { pre: "w-3" });
    expect((await sharp(await stored(webp)).metadata()).format).toBe("webp");
    const turned = await upload(await photograph(6), { pre: "w-30" });
    expect(turned.body).toMatchObject({ width: 30, height: 20 });
    expect(turned.body).not.toHaveProperty("orientation");
    expect(await sharp(await stored(turned)).metadata()).toMatchObject({ width: 30, height: 20 });
  });

  test("of a file too large for memory's share is stored whole", async () => {
    const noise = await sharp({
      create: {
        width: 900,
        height: 900,
        channels: 3,
        background: "gray",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const answer = await upload(noise, { pre: "w-800,f-png,lo-true" });
    expectStored(answer);
    const bytes = await stored(answer);
    expect(bytes.length).toBeGreaterThan(256 * 1024);
    expect(answer.body).toMatchObject({ width: 800, height: 800, size: bytes.length });
    expect((await sharp(bytes).stats()).channels).toHaveLength(3);
  });

  test("is locked by the token like every parameter", async () => {
    const fields = { fileName: "locked.jpg", transformation: '{"pre":"w-30"}' };
    const answer = await uploadWithToken(server.url, await jpeg(60, 40), fields);
    expectStored(answer);
    expect(answer.body).toMatchObject({ width: 30, height: 20 });
  });

  test("is what the checks on the file judge", async () => {
    const picture = await jpeg(600, 400);
    const pass = { checks: '"mediaMetadata.width" = 300 AND "file.mime" = "image/png"' };
    expectStored(await upload(picture, { pre: "w-300,f-png" }, pass));
    const before = await countFiles();
    const fail = { checks: '"mediaMetadata.width" = 600' };
    expectRefusal(await upload(picture, { pre: "w-300" }, fail), 400, "CHECKS_FAILED");
    expect(await countFiles()).toBe(before);
  });

  test("may be a named transformation", async () => {
    const answer = await upload(await jpeg(600, 400), { pre: "n-media_library_thumbnail" });
    expect(answer.body).toMatchObject({ width: 100, height: 67 });
  });
});

/** Counts the renditions that have been made rather than found, in all processes. */
async function countMade(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const counts = text.matchAll(/^sluice_derived_images_total\{[^}]*source="made"[^}]*\} (\d+)/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe("post", () => {
  test("is made afterwards, and then delivered without being made, whatever the client takes", async () => {
    const post = ["w-100", "w-50,f-png", "n-ik_ml_thumbnail"].map((value) => ({ type: "transformation", value }));
    const before = await countMade();
    const answer = await upload(await jpeg(600, 400), { pre: "w-300", post });
    expectStored(answer);
    expect(answer.body).toMatchObject({ width: 300, height: 200 });
    // A transformation that leaves the format to the client has several renditions.
    await expect.poll(countMade).toBe(before + 5);
    await expect.poll(runningJobs).toBe(0);
    const made = await countMade();
    for (const [value, width] of [
      ["w-100", 100],
      ["w-50,f-png", 50],
      ["n-ik_ml_thumbnail", 300],
    ] as const) {
      for (const accept of ["*/*", "image/webp,*/*", "image/avif,image/webp,image/*"]) {
        const delivered = await deliver(`${answer.body.url}?tr=${value}`, { headers: { accept } });
        expect(delivered.status).toBe(200);
        expect((await sharp(delivered.bytes).metadata()).width).toBe(width);
      }
    }
    expect(await countMade()).toBe(made);
  });
});

test("what is made of private files and drafts is shown to nobody for it", async () => {
  const post = [{ type: "transformation", value: "w-7,f-png" }];
  const before = await countMade();
  const secret = await upload(await jpeg(60, 40), { pre: "w-30", post }, { isPrivateFile: "true" });
  const draft = await upload(await jpeg(90, 40), { post }, { isPublished: "false" });
  await expect.poll(countMade).toBe(before + 2);
  expect((await deliver(`${secret.body.url}?tr=w-7,f-png`)).status).toBe(401);
  expect((await deliver(`${draft.body.url}?tr=w-7,f-png`)).status).toBe(404);
});

describe("events", () => {
  const post = [
    { type: "transformation", value: "w-60" },
    { type: "transformation", value: "w-65000,h-65000" },
  ];

  /** The events that the account's endpoint received about an upload's transformations. */
  function eventsOf({ headers, body }: Answer) {
    const requestId = headers.get("x-request-id");
    const events = receiver.received.map(({ event }) => event);
    return {
      requestId,
      path: body.filePath,
      told: events.filter(({ type, request }) => type.startsWith("upload.") && request.x_request_id === requestId),
    };
  }

  test("tell of extensions that were asked for as they are when the file is stored", async () => {
    const answer = await upload(await jpeg(600, 400), { pre: "w-300" }, { extensions: '[{"name":"remove-bg"}]' });
    expectStored(answer);
    await expect.poll(() => eventsOf(answer).told.length).toBe(1);
    expect(eventsOf(answer).told[0].data).toEqual(answer.body);
    expect(answer.body.extensionStatus).toEqual({ "remove-bg": "failed" });
  });

  test("tell of pre with the upload's answer, and of each entry of post with where it is or that it failed", async () => {
    const answer = await upload(await jpeg(600, 400), { pre: "w-300", post }, { responseFields: "tags,isPrivateFile" });
    expectStored(answer);
    await expect.poll(() => eventsOf(answer).told.length).toBe(3);
    const { told, requestId, path } = eventsOf(answer);
    const { fileId, name, url } = answer.body;
    const common = { id: expect.stringMatching(/^[0-9a-f-]{36}$/), created_at: expect.stringMatching(/Z$/) };
    const request = { x_request_id: requestId };
    const of = (type: string) => told.filter((event) => event.type === type);
    expect(of("upload.pre-transform.success")).toEqual([
      {
        ...common,
        type: "upload.pre-transform.success",
        request: { ...request, transformation: "w-300" },
        data: answer.body,
      },
    ]);
    expect(of("upload.post-transform.success")).toEqual([
      {
        ...common,
        type: "upload.post-transform.success",
        request: { ...request, transformation: post[0] },
        data: { fileId, name, url: `${url}?tr=w-60` },
      },
    ]);
    expect(of("upload.post-transform.error")).toEqual([
      {
        ...common,
        type: "upload.post-transform.error",
        request: { ...request, transformation: post[1] },
        data: {
          fileId,
          name,
          path,
          url: `${url}?tr=w-65000,h-65000`,
          transformation: { error: { reason: "encoding_failed" } },
        },
      },
    ]);
    const [{ data }] = of("upload.post-transform.success");
    expect((await sharp((await deliver(data.url)).bytes).metadata()).width).toBe(60);
  });
});

/** Counts the post-transformation jobs that wait or run. */
async function runningJobs(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const counts = text.matchAll(/^sluice_jobs\{[^}]*kind="post-transformation"[^}]*\} (\d+)/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe("what can't be is refused, and leaves nothing behind", () => {
  test.each([
    ["no JSON", "{"],
    ["nothing that is asked for", {}],
    ["an unknown parameter", { pre: "wow-1" }],
    ["a parameter that isn't built", { pre: "l-video,i-hello.mp4,l-end" }],
    ["an unknown name", { pre: "n-nobody" }],
    ["the screen of whoever looks at it", { pre: "w-auto" }],
    ["more than an image may be", { pre: "w-65000,h-65000" }],
    ["a value that isn't built", { post: [{ type: "transformation", value: "e-bgremove" }] }],
    ["a sixth entry", { post: Array(6).fill({ type: "transformation", value: "w-10" }) }],
  ])("%s is no transformation", async (_what, transformation) => {
    const before = await countFiles();
    await expectNothing(await upload(await jpeg(), transformation), before, "TRANSFORMATION_INVALID");
  });

  test("an image that can't be decoded, or made into what it is", async () => {
    const before = await countFiles();
    const broken = (await jpeg(600, 400)).subarray(0, 1000);
    await expectNothing(await upload(broken, { pre: "w-10" }), before, "TRANSFORMATION_INVALID", "pre: ");
    const drawing = { fileName: "a.svg" };
    await expectNothing(await upload(svg, { pre: "w-10" }, drawing), before, "TRANSFORMATION_INVALID", "raster format");
    expectStored(await upload(svg, { pre: "w-10,f-png" }, drawing));
  });

  test("a picture that asks for far more than it brings, at once", async () => {
    const before = await countFiles();
    const bombs = [
      bomb({ width: 30_000, height: 30_000, data: zeros(1_000_000) }),
      bomb({ width: 9000, height: 9000, data: zeros(9000 * 4 * 100) }),
    ];
    for (const picture of bombs) {
      const started = performance.now();
      await expectNothing(await upload(picture, { pre: "w-10" }), before, "TRANSFORMATION_INVALID", "pre: ");
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });

  test("transformations of files that are neither image nor video", async () => {
    const before = await countFiles();
    for (const transformation of [{ pre: "w-10" }, { post: [{ type: "abs", value: "sr-240", protocol: "hls" }] }]) {
      await expectNothing(await upload("text", transformation), before, "TRANSFORMATION_NOT_FOR_FILE", "text/plain");
    }
  });

  test.each([
    [{ type: "gif-to-video" }, "GIFs"],
    [{ type: "thumbnail", value: "w-10" }, "videos"],
    [{ type: "abs", value: "sr-240_360", protocol: "dash" }, "videos"],
  ])("an entry that the file doesn't fit: %o", async (entry, wanted) => {
    const before = await countFiles();
    const post = [{ type: "transformation", value: "w-3" }, entry];
    await expectNothing(await upload(await jpeg(), { post }), before, "POST_TRANSFORMATION_UNFIT", "post[1]", wanted);
  });

  test("what takes a video, by name", async () => {
    const before = await countFiles();
    const answer = await upload(mp4(), { post: [{ type: "abs", value: "sr-240_360", protocol: "hls" }] });
    expectRefusal(answer, 400, "PARAMETER_NOT_SUPPORTED");
    expect(answer.body.message).toContain("transformation (");
    expect(await countFiles()).toBe(before);
  });
});
