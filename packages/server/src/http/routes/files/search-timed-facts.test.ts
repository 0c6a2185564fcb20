import { afterAll, beforeAll, expect, test } from "vitest";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, picture } from "./testing/files-app.ts";

const long = { duration: 600, bitRate: 5_000_000, videoCodec: "hevc", audioCodec: "aac" } as const;
const short = { duration: 7.5, bitRate: 1_453_966, videoCodec: "h264", audioCodec: "aac" } as const;
const film = (facts: Partial<typeof long | typeof short>): MediaFacts => ({
  mime: "video/mp4",
  kind: "video",
  width: 640,
  height: 360,
  ...facts,
});
const song: MediaFacts = {
  ...{ mime: "audio/wav", kind: "audio" },
  ...{ duration: 60, bitRate: 1_411_200, audioCodec: "pcm_s16le" },
};

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
    await app.upload({ fields: { fileName: "still.jpg" }, media: picture });
    await app.upload({ fields: { fileName: "short.mp4" }, media: film(short) });
    await app.upload({ fields: { fileName: "unread.mp4" }, media: film({}) });
    await app.upload({ fields: { fileName: "song.wav" }, media: song });
    await app.upload({ fields: { fileName: "cut.mp4" }, media: film(long) });
    await app.upload({ fields: { fileName: "cut.mp4" }, media: film(short) });
    await app.upload({ account: "other", fields: { fileName: "other.mp4" }, media: film(short) });
  });
  afterAll(() => app.close());

  test.each<[string, string[]]>([
    ["duration = 7.5", ["cut.mp4", "short.mp4"]],
    ["duration < 60", ["cut.mp4", "short.mp4"]],
    ["duration >= 7.6", ["song.wav"]],
    ["duration IN [1, 60]", ["song.wav"]],
    ['duration NOT = 60 AND format = "mp4"', ["cut.mp4", "short.mp4", "unread.mp4"]],
    ["bitRate > 1411200 AND bitRate <= 1453966", ["cut.mp4", "short.mp4"]],
    ["bitRate = 1411200", ["song.wav"]],
    ['videoCodec = "h264"', ["cut.mp4", "short.mp4"]],
    ['videoCodec = "H264"', []],
    ['videoCodec IN ["vp9", "h264"] AND name HAS "short"', ["short.mp4"]],
    ['videoCodec NOT = "h264"', ["song.wav", "still.jpg", "unread.mp4"]],
    ['audioCodec : "pcm_"', ["song.wav"]],
    ['type = "file-version" AND videoCodec = "hevc"', ["cut.mp4"]],
    ['videoCodec = "hevc"', []],
  ])("%j", async (query, expected) => {
    const response = await app.request("GET", `/v1/files?sort=ASC_NAME&searchQuery=${encodeURIComponent(query)}`);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json<{ name: string }[]>().map(({ name }) => name)).toEqual(expected);
  });
});
