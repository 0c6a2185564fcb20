import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { setJobProgress } from "../../../database/repositories/job-progress.ts";
import { insertNamedTransformation } from "../../../database/repositories/named-transformations.ts";
import { signPath } from "../../../library/files/asset-url.ts";
import { MediaError } from "../../../media/media-error.ts";
import { hasFfmpeg, makeClip } from "../../../media/testing/clips.ts";
import { animation, green, red } from "../../../media/testing/pictures.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";
import { withSwitches } from "../../testing/switch-account.ts";
import { RenditionCache } from "../kept/rendition-cache.ts";
import { RenditionFolder } from "../kept/rendition-folder.ts";
import type { AskedRendition } from "../later/ask-for-rendition.ts";
import type { AskedLater } from "../later/later-job.ts";
import { LaterRenditions } from "../later/later-renditions.ts";
import { type MakeVideoDeps, makeVideo } from "./make-video.ts";

const never = new AbortController().signal;
const canRun = hasFfmpeg || process.env.CI === "true";

// docs/protocol/transformations.md §7, docs/protocol/delivery.md §11
describeDelivery((suite) => {
  let folder: string;
  let derived: RenditionCache;
  let before: Pick<ReturnType<typeof suite>["services"], "derived" | "later" | "videos">;
  const asked: AskedRendition[] = [];
  const warnings: unknown[] = [];
  const told: unknown[] = [];

  beforeAll(async () => {
    if (!canRun) return;
    const bytes = await makeClip({ seconds: 2 });
    await suite().store({ path: "/film.mp4", bytes, mime: "video/mp4", duration: 2 });
    await suite().store({ path: "/secret.mp4", bytes, mime: "video/mp4", isPrivate: true });
    await suite().store({ path: "/broken.mp4", bytes: bytes.subarray(0, 3000), mime: "video/mp4" });
    await suite().store({
      path: "/moves.gif",
      bytes: await animation([red, green], 32, 20).gif().toBuffer(),
      mime: "image/gif",
    });
    const logo = await sharp({ create: { width: 60, height: 40, channels: 3, background: "blue" } })
      .png()
      .toBuffer();
    await suite().store({ path: "/logo.png", bytes: logo, mime: "image/png" });
    const inset = await makeClip({ seconds: 2, inputs: ["-f", "lavfi", "-i", "color=yellow:s=40x20:r=25"] });
    await suite().store({ path: "/inset.mp4", bytes: inset, mime: "video/mp4" });
    const subtitles = "WEBVTT\n\n00:00.000 --> 00:01.000\nMMM\n";
    await suite().store({ path: "/film.vtt", bytes: Buffer.from(subtitles), mime: "text/vtt" });
    await suite().store({ path: "/bad.srt", bytes: Buffer.from("1\n0 --> 1\nx"), mime: "application/x-subrip" });
    await suite().store({ path: "/still.txt", bytes: Buffer.from("text") });
  });
  beforeEach(async () => {
    const { services } = suite();
    folder = await mkdtemp(join(tmpdir(), "sluice-videos-"));
    derived = new RenditionCache({
      folder: new RenditionFolder(folder),
      ...{ memoryBytes: 2 ** 20, diskBytes: 2 ** 30, count() {}, troubled: (error: unknown) => warnings.push(error) },
    });
    before = { derived: services.derived, later: services.later, videos: services.videos };
    services.derived = derived;
    services.later = { ask: async (one) => asked.push(one) > 0, forget: () => undefined, wait: async () => undefined };
    asked.splice(0);
    warnings.splice(0);
    told.splice(0);
  });
  afterEach(async () => {
    Object.assign(suite().services, before);
    await derived.close();
    await rm(folder, { recursive: true });
  });
  afterAll(() => expect(warnings).toEqual([]));

  /** Does the jobs that were asked for. */
  async function work(videos: Partial<MakeVideoDeps["videos"]> = {}, isLast = false): Promise<number[]> {
    const { services, library } = suite();
    const deps = {
      ...services,
      database: { ...library, run: async (_name: string, news: unknown) => void told.push(news) },
      derived,
      videos: { ...services.videos, ...videos },
      logger: { warn: () => undefined },
    } as unknown as MakeVideoDeps;
    const done: number[] = [];
    const report = (_: string, { fraction }: { fraction: number }) => void done.push(fraction);
    for (const { job, key } of asked.splice(0)) {
      await makeVideo(deps, { ...(job.input as AskedLater), key }, { isLast, report }, never);
    }
    return done;
  }
  const ask = async (target: string, headers?: Record<string, string>) => {
    const { status, headers: answered, body } = await suite().server.ask(target, headers ?? {});
    return { status, body, headers: answered, error: String(answered["ik-error"] ?? "") };
  };

  test.skipIf(!canRun)("a video is made by a job, and clients get the original until then", async () => {
    const target = "/demo/film.mp4?tr=w-160,so-1";
    const pending = await ask(target);
    expect([pending.status, pending.headers.location]).toEqual([302, "https://media.example.com/demo/film.mp4"]);
    expect(pending.headers).toMatchObject({ "cache-control": "no-store", "is-intermediate-response": "true" });
    expect((await ask(new URL(String(pending.headers.location)).pathname)).status).toBe(200);
    expect((await work()).length).toBeGreaterThan(0);
    const { status, headers, body } = await ask(target);
    expect([status, headers["content-type"]]).toEqual([200, "video/mp4"]);
    expect(await suite().services.videos.probe(body, {})).toMatchObject({
      ...{ width: 160, height: 90, duration: expect.closeTo(1, 1), videoCodec: "h264", audioCodec: "aac" },
    });
    expect(told).toMatchObject([
      { state: { kind: "ready", metadata: { duration: expect.closeTo(1, 1), width: 160 } } },
    ]);
    const part = await ask(target, { range: "bytes=4-7" });
    expect([part.status, part.body.toString()]).toEqual([206, "ftyp"]);
    const unchanged = await ask(target, { "if-none-match": String(headers.etag) });
    expect(unchanged.status).toBe(304);
    expect(await readdir(join(folder, "unfinished"))).toHaveLength(1);
  });

  test.skipIf(!canRun)("pending answers tell how far the encode is", async () => {
    const { services, accountId, library } = suite();
    for (const target of ["/demo/film.mp4?tr=w-98", `/demo/${signPath("private_test", "secret.mp4?tr=w-98")}`]) {
      const before = await ask(target);
      expect(before.headers).not.toHaveProperty("x-sluice-progress");
      const { job, key } = asked.at(-1) ?? expect.unreachable();
      const row = {
        job: job.kind,
        key,
        account_id: accountId,
        message: "",
        fraction: 0.427,
        updated_at: services.now(),
      };
      await setJobProgress(library.writer, row);
      const during = await ask(target);
      expect(during.headers).toMatchObject({ "x-sluice-progress": "42", "is-intermediate-response": "true" });
      expect([during.status, during.body]).toEqual([before.status, before.body]);
      expect(during.headers["access-control-expose-headers"]).toContain("x-sluice-progress");
    }
  });

  test.skipIf(!canRun)("a run that ended before it told of its video is made up for by the next one", async () => {
    const target = "/demo/film.mp4?tr=w-96";
    const [one] = await ask(target).then(() => asked);
    if (one === undefined) throw new Error("nothing was asked for");
    const input = one.job.input as AskedLater;
    const endId = "01a22630-30cf-7f72-9a8f-212a9b11aca0";
    const job = { ...one.job, input: { ...input, ...(input.told && { told: { ...input.told, endId } }) } };
    await work();
    asked.push({ ...one, job });
    const encode = () => Promise.reject(new Error("it is made already"));
    await work({ encode });
    expect(told).toMatchObject([
      { state: { kind: "ready" } },
      { told: { endId }, state: { kind: "ready", metadata: { width: 96, height: 54 } } },
    ]);
  });

  test.skipIf(!canRun)("a video whose file is deleted meanwhile is not kept", async () => {
    const { library } = suite();
    const bytes = await makeClip({ seconds: 1 });
    await suite().store({ path: "/gone.mp4", bytes, mime: "video/mp4" });
    await ask("/demo/gone.mp4?tr=w-96");
    const versionId = String(asked[0]?.job.input.versionId);
    const { encode: really } = suite().services.videos;
    const encode: MakeVideoDeps["videos"]["encode"] = async (...args) => {
      const encoded = await really(...args);
      await library.writer.deleteFrom("versions").where("id", "=", versionId).execute();
      return encoded;
    };
    const put = vi.spyOn(derived, "put");
    await work({ encode });
    expect([told, put.mock.calls]).toEqual([[], []]);
  });

  test.skipIf(!canRun)("whoever waits a while gets the video", async () => {
    const patient = new LaterRenditions({ run: async () => true as never }, 20_000);
    const { services } = suite();
    services.later = { ...services.later, wait: (find, signal) => patient.wait(find, signal) };
    const answer = ask("/demo/tr:w-100,ac-none/film.mp4");
    await vi.waitUntil(() => asked.length > 0);
    await work();
    expect(await suite().services.videos.probe((await answer).body, {})).toMatchObject({ width: 100, height: 56 });
  });

  test.skipIf(!canRun)("an animation becomes a video, and a video another one", async () => {
    for (const target of ["/demo/moves.gif/ik-gif-video.mp4", "/demo/film.mp4/ik-video.mp4?tr=f-webm,du-0.5"]) {
      expect((await ask(target)).status).toBe(302);
      await work();
      const { status, headers, body } = await ask(target);
      expect([target, status]).toEqual([target, 200]);
      expect(await suite().services.videos.probe(body, {})).toMatchObject({
        videoCodec: headers["content-type"] === "video/webm" ? "vp9" : "h264",
      });
    }
    expect((await ask("/demo/still.txt/ik-video.mp4")).error).toMatch(/^EINVALID - Video transformation not/);
  });

  test.skipIf(!canRun)("layers lie where and when they are asked to", async () => {
    const block = "l-image,i-ik_canvas,bg-FF0000,w-40,h-20,lx-10,ly-30,lso-1,l-end";
    const logo = "l-image,i-logo.png,w-30,lfo-bottom_right,l-end";
    const inset = "l-video,i-inset.mp4,lx-60,ly-0,lso-1,l-end";
    const subtitles = "l-subtitles,i-film.vtt,bg-00FF00,fs-12,l-end";
    const target = `/demo/film.mp4?tr=w-160:${block},${logo},${inset},${subtitles}:l-text,i-Hi,fs-20,leo-0.5,l-end`;
    expect((await ask(target)).status).toBe(302);
    await work();
    const { status, body, error } = await ask(target);
    expect([status, error]).toEqual([200, ""]);
    const colorAt = async (seconds: number, left: number, top: number) => {
      const { data } = await suite().services.videos.still(body, seconds, {});
      const pixel = await sharp(data).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
      return [...pixel].map((value) => (value > 190 ? "f" : value < 70 ? "0" : "?")).join("");
    };
    expect(await colorAt(1.5, 30, 40)).toBe("f00");
    expect(await colorAt(0.5, 30, 40)).not.toBe("f00");
    expect(await colorAt(1.5, 60, 40)).not.toBe("f00");
    expect(await colorAt(0.2, 150, 85)).toBe("00f");
    expect(await colorAt(1.8, 150, 85)).toBe("00f");
    expect([await colorAt(0.5, 80, 10), await colorAt(1.5, 80, 10)]).toEqual([expect.not.stringMatching("ff0"), "ff0"]);
    expect([await colorAt(0.5, 80, 86), await colorAt(1.5, 80, 86)]).toEqual(["0f0", expect.not.stringMatching("0f0")]);
  });

  test.skipIf(!canRun)("rounded corners have the colour of the background", async () => {
    const target = "/demo/film.mp4?tr=w-160,r-30,bg-00FF00";
    await ask(target);
    await work();
    const { data } = await suite().services.videos.still((await ask(target)).body, 1, {});
    const at = async (left: number, top: number) => [
      ...(await sharp(data).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
    ];
    for (const [left, top] of [
      [0, 0],
      [159, 0],
      [159, 89],
      [0, 89],
    ] as const) {
      const [red = 255, green = 0, blue = 255] = await at(left, top);
      expect([red < 60, green > 190, blue < 60]).toEqual([true, true, true]);
    }
    expect(await at(80, 45)).not.toEqual(await at(0, 0));
  });

  test.skipIf(!canRun)(
    "nobody gets the original of a private or restricted video for a signed rendition of it",
    async () => {
      expect((await ask("/demo/secret.mp4?tr=w-100")).status).toBe(401);
      const signed = (path: string) => `/demo/${signPath("private_test", path)}`;
      const waits = async (target: string) => {
        const { status, headers, body } = await ask(target);
        expect([status, headers.location, body.toString()]).toEqual([
          200,
          undefined,
          expect.stringContaining("prepared"),
        ]);
      };
      await waits(signed("secret.mp4?tr=w-100"));
      await withSwitches(suite(), { restrictUnsignedVideos: "all" }, () => waits(signed("film.mp4?tr=w-100")));
      await withSwitches(suite(), { restrictUnnamed: true }, async () => {
        const row = {
          id: "tiny",
          account_id: suite().accountId,
          name: "tiny",
          transformation: "w-100",
          enabled: 1 as const,
        };
        await insertNamedTransformation(suite().library.writer, { ...row, created_at: 0 });
        const { headers } = await ask("/demo/film.mp4?tr=n-tiny");
        expect((await ask(new URL(String(headers.location)).pathname)).status).toBe(200);
      });
    },
  );

  test.skipIf(!canRun)("what would take too much is refused before anything is decoded", async () => {
    const { library } = suite();
    const known = { width: 320, height: 180, video_codec: "h264", audio_codec: "aac" };
    await library.writer.updateTable("versions").set(known).where("duration", "=", 2).execute();
    const layers = Array.from({ length: 21 }, () => "l-text,i-x,l-end").join(",");
    for (const transformation of ["w-10,h-15000", "b-20000_FF0000", layers, "w-iw_div_0"]) {
      const { status, error } = await ask(`/demo/film.mp4?tr=${transformation}`);
      expect([transformation, status, error]).toEqual([transformation, 400, expect.stringMatching(/^E/)]);
    }
    expect(asked).toEqual([]);
  });

  test.skipIf(!canRun).each([
    ["so-2", "so is 2 s here, and the video takes 2 s."],
    ["eo-9", "eo is 9 s here, and the video takes 2 s."],
    ["so-1,eo-0.5", "eo is 0.5 s and so is 1 s: nothing is between them."],
    ["f-webm,vc-h264", "webm holds no h264: vc is vp9 or av1 there."],
    ["f-mp4,ac-opus", "mp4 holds no opus: ac is aac there."],
    ["vc-none,ac-none", "vc-none and ac-none together leave nothing."],
    ["f-jpg", "f-jpg is no format of a video."],
    ["l-video,i-film.mp4,so-2,l-end", "so is 2 s here, and the video takes 2 s."],
    ["l-image,i-logo.png,l-video,i-film.mp4,l-end,l-end", "l-video lies on videos alone."],
    ["l-text,i-x,lso-1,leo-0.5,l-end", "leo is 0.5 s and lso is 1 s: nothing is between them."],
  ])("%s is refused, and says why", async (transformation, message) => {
    const { status, error } = await ask(`/demo/film.mp4?tr=${transformation}`);
    expect([status, error]).toEqual([400, `EINVALID - ${message}`]);
    expect(asked).toEqual([]);
  });

  test.skipIf(!canRun).each([
    ["l-video,i-none.mp4,l-end", "overlay none.mp4 not found"],
    ["l-video,i-logo.png,l-end", "overlay logo.png cannot be decoded"],
    ["l-video,i-secret.mp4,l-end", "overlay secret.mp4 not found"],
    ["l-subtitles,i-still.txt,l-end", "overlay still.txt cannot be decoded"],
    [
      "l-subtitles,i-bad.srt,l-end",
      "overlay bad.srt cannot be decoded: Line 2 has no times such as 00:01:02,500 --> 00:01:04,000.",
    ],
  ])("%s is refused, and says what is wrong with the layer", async (transformation, message) => {
    const { status, error } = await ask(`/demo/film.mp4?tr=${transformation}`);
    expect([status, error]).toEqual([400, `ENOENT - ${message}`]);
    expect(asked).toEqual([]);
  });

  test.skipIf(!canRun)("a restriction of pictures holds for those that lie on videos", async () => {
    await withSwitches(suite(), { restrictUnsignedImages: "all" }, async () => {
      expect((await ask("/demo/film.mp4?tr=w-99")).status).toBe(302);
      expect((await ask("/demo/film.mp4?tr=w-99,l-image,i-logo.png,l-end")).status).toBe(401);
    });
  });

  test.skipIf(!canRun)("what can't be encoded is refused for a while, and leaves nothing behind", async () => {
    const target = "/demo/broken.mp4?tr=w-100";
    expect((await ask(target)).status).toBe(302);
    await work();
    expect(told).toMatchObject([{ state: { kind: "failed", reason: "encoding_failed" } }]);
    const { status, error } = await ask(target);
    expect([status, error]).toEqual([400, "EENCODE - The video can't be encoded"]);
    const unfinished = (await readdir(join(folder, "unfinished"))).filter((name) => name.endsWith(".part"));
    expect(unfinished).toEqual([]);
  });

  test.skipIf(!canRun)("an encode that a busy machine gives up is tried again", async () => {
    await ask("/demo/film.mp4?tr=w-90");
    const [one] = asked;
    const encode: MakeVideoDeps["videos"]["encode"] = async (_, { target }) => {
      await writeFile(target, "half");
      throw new MediaError("EBUSY", "busy");
    };
    await expect(work({ encode })).rejects.toThrow("busy");
    if (one !== undefined) asked.push(one);
    await work({ encode }, true);
    expect((await ask("/demo/film.mp4?tr=w-90")).error).toMatch(/^EENCODE/);
  });

  test("without FFmpeg a video says what is missing", async () => {
    const { services } = suite();
    await suite().store({ path: "/other.mp4", bytes: Buffer.from("film"), mime: "video/mp4" });
    services.videos = { ...services.videos, program: async () => ({ missing: "none" }) };
    expect((await ask("/demo/other.mp4?tr=w-100")).error).toMatch(/^EINVALID - Videos need FFmpeg/);
  });
});
