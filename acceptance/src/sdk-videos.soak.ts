import { buildSrc } from "@imagekit/javascript";
import ImageKit from "@imagekit/nodejs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasFfmpeg, makeClip } from "../../packages/server/src/media/testing/clips.ts";
import { type Delivered, deliver } from "./harness/deliver.ts";
import { describeWhere } from "./harness/needs.ts";
import { probedVideo } from "./harness/probed-video.ts";
import { png } from "./harness/samples.ts";
import { type BrowserStep, layerFile, type Step } from "./harness/sdk-options.ts";
import {
  layersOnVideos,
  type MadeVideo,
  subtitleFile,
  type VideoResult,
  videoLayerFile,
  videoOptions,
} from "./harness/sdk-video-options.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const positions = ["query", "path"] as const;
const words = "1\n00:00:00,000 --> 00:00:01,000\nHello\n";

describeWhere(hasFfmpeg ? undefined : "Debian's package ffmpeg is not installed", "URLs of videos by the SDKs", () => {
  let server: RunningServer;
  let client: ImageKit;
  beforeAll(async () => {
    server = await startServer();
    client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
    const clip = { seconds: 1, frameRate: 10 };
    await store("/sample.mp4", await makeClip({ ...clip, width: 120, height: 80 }));
    await store(videoLayerFile, await makeClip({ ...clip, width: 40, height: 20 }));
    await store(subtitleFile, Buffer.from(words));
    await store(`/${layerFile}`, await png(40, 20));
  });
  afterAll(() => server?.stop());

  async function store(path: string, content: Buffer): Promise<void> {
    const end = path.lastIndexOf("/");
    const fields = { folder: path.slice(0, end) || "/", fileName: path.slice(end + 1), useUniqueFileName: "false" };
    const answer = await uploadBasic(server.url, content, fields);
    expect([answer.status, answer.body.filePath]).toEqual([200, path]);
  }

  const place = (src = "/sample.mp4") => ({ urlEndpoint: `${server.url}/demo`, src });

  /** The URLs that the server SDK and the browser SDK make of one transformation, in the query and in the path. */
  function urlsOf(step: Step, src?: string): ReadonlySet<string> {
    const urls = positions.flatMap((transformationPosition) => [
      client.helper.buildSrc({ ...place(src), transformation: [step], expiresIn: 300, transformationPosition }),
      buildSrc({ ...place(src), transformation: [step as BrowserStep], transformationPosition }),
    ]);
    return new Set(urls);
  }

  /** The answer, once the video is ready. Until then, the server leads to the original. */
  const ready = (url: string): Promise<Delivered> =>
    vi.waitFor(
      async () => {
        const answer = await deliver(url);
        expect([answer.status, answer.headers["ik-error"]], url).toEqual([200, undefined]);
        return answer;
      },
      { timeout: 60_000, interval: 500 },
    );

  /** Expects the first URL to give the example's video, and the others to give the same one. */
  async function expectVideos(examples: readonly MadeVideo[]): Promise<void> {
    for (const [step, result] of examples) {
      const [first = "", ...others] = urlsOf(step);
      const { bytes, headers } = await ready(first);
      expect(headers["content-type"], first).toMatch(result.videoCodec === null ? /^audio\// : /^video\//);
      expect(probedVideo(bytes), first).toMatchObject(asExpected(result));
      for (const url of others) expect((await deliver(url, { method: "HEAD" })).status, url).toBe(200);
    }
  }

  /** A duration is right to within 0.05 seconds: a sound ends with its last packet. */
  function asExpected({ seconds, ...others }: VideoResult) {
    return seconds === undefined ? others : { ...others, seconds: expect.closeTo(seconds, 1) };
  }

  test.each(Object.entries<readonly MadeVideo[]>(videoOptions))("give what the option %s says", (_, examples) =>
    expectVideos(examples),
  );

  describe.each(Object.entries(layersOnVideos))("with a layer of the type %s", (_, examples) => {
    test.each(examples.map((example) => [JSON.stringify(example[0].overlay), example] as const))(
      "give a video of the right size: %s",
      (_text, example) => expectVideos([example]),
    );
  });

  test.each(positions)("give a poster: in the %s", async (transformationPosition) => {
    const src = "/sample.mp4/ik-thumbnail.jpg";
    const transformation = [{ startOffset: "0.50", width: 60 }];
    const { bytes } = await ready(buildSrc({ ...place(src), transformation, transformationPosition }));
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 60, height: 40, format: "jpeg" });
  });
});
