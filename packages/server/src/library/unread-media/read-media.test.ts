import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { type ReadMediaDeps, readMedia } from "./read-media.ts";

const video: MediaFacts = { mime: "video/mp4", kind: "video" };
const facts = {
  width: 640,
  height: 360,
  duration: 7.5,
  bitRate: 1_453_966,
  videoCodec: "h264",
  audioCodec: "aac",
  embeddedMetadata: '{"GPSLatitude":48.2,"GPSLongitude":16.3}',
};

describeEngines((engine) => {
  let fixture: UploadFixture;
  const warn = vi.fn();
  const probe = vi.fn<VideoEngine["probe"]>();
  const program = vi.fn<VideoEngine["program"]>();

  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    for (const mock of [warn, probe, program]) mock.mockReset();
    probe.mockResolvedValue(facts);
    program.mockResolvedValue({ name: "FFmpeg 7.1", ffmpeg: ["ffmpeg"], ffprobe: ["ffprobe"] });
  });
  afterEach(() => fixture.close());

  const read = (blobs: ReadMediaDeps["blobs"] = fixture.parts.blobs) =>
    readMedia(
      { ...fixture.parts, blobs, videos: { probe, program }, logger: { warn } },
      { rest: async () => undefined },
      never,
    );
  const store = (content: string, fileName: string, media: MediaFacts = video) =>
    fixture.upload(content, { fileName }, fixture.principal, undefined, media);
  const versionOf = (id: string) =>
    fixture.parts.database.reader.selectFrom("versions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  test("tells each file of a content what the content says, once, and leaves the file as old as it was", async () => {
    const one = await store("film", "one.mp4");
    const other = await store("film", "other.mp4");
    const song = await store("song", "song.mp3", { mime: "audio/mpeg", kind: "audio" });
    await store("text", "text.txt", { mime: "text/plain", kind: "other" });
    const known = await store("known", "known.mp4", { ...video, duration: 3 });
    expect(await read()).toBe(2);
    const columns = { duration: 7.5, bit_rate: 1_453_966, audio_codec: "aac", unreadable: null };
    for (const { id, updated_at } of [one, other]) {
      expect(await versionOf(id)).toMatchObject({
        ...columns,
        width: 640,
        height: 360,
        video_codec: "h264",
        updated_at,
      });
    }
    expect(await versionOf(song.id)).toMatchObject({ ...columns, width: null, video_codec: null });
    expect(await versionOf(known.id)).toMatchObject({ duration: 3, video_codec: null });
    const { reader } = fixture.parts.database;
    const listed = await reader
      .selectFrom("catalogue")
      .select(["width", "latitude"])
      .where("version_id", "=", one.id)
      .execute();
    expect(listed).toEqual([{ width: 640, latitude: 48.2 }]);
    expect(await read()).toBe(0);
    expect(probe).toHaveBeenCalledTimes(2);
    expect(probe.mock.calls[0]?.[1]).toMatchObject({ isBehindOthers: true });
  });

  test("reaches all files of a content, however many there are", async () => {
    for (let index = 0; index < 51; index++) await store("film", `film-${index}.mp4`);
    expect(await read()).toBe(1);
    const rows = await fixture.parts.database.reader.selectFrom("versions").select("duration").execute();
    expect(rows.filter(({ duration }) => duration === 7.5)).toHaveLength(51);
  });

  test("what can't be read is not read again", async () => {
    probe.mockResolvedValue(undefined);
    const broken = await store("broken", "broken.mp4");
    expect(await read()).toBe(1);
    expect(await versionOf(broken.id)).toMatchObject({ duration: null, unreadable: 1 });
    expect(await read()).toBe(0);
    expect(probe).toHaveBeenCalledTimes(1);
  });

  test("waits until there is a program", async () => {
    program.mockResolvedValueOnce({ missing: "Videos need FFmpeg" });
    await store("film", "film.mp4");
    expect(await read()).toBe(0);
    expect(probe).not.toHaveBeenCalled();
    expect(await read()).toBe(1);
  });

  test("what can't be opened now holds up nothing behind it, and is read by a later run", async () => {
    await store("gone", "gone.mp4");
    await store("film", "film.mp4");
    probe.mockRejectedValueOnce(new StorageError("BLOB_MISSING", "gone"));
    expect(await read()).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await read()).toBe(1);
    for (let index = 0; index < 7; index++) await store(`lost ${index}`, `lost-${index}.mp4`);
    await store("behind", "behind.mp4");
    probe.mockResolvedValue(facts);
    for (let index = 0; index < 7; index++) probe.mockRejectedValueOnce(new StorageError("BLOB_MISSING", "lost"));
    expect(await read()).toBe(1);
    expect(await read()).toBe(7);
    probe.mockRejectedValue(new StorageError("STORAGE_FAILED", "away"));
    for (let index = 0; index < 7; index++) await store(`film ${index}`, `film-${index}.mp4`);
    probe.mockClear();
    expect(await read()).toBe(0);
    expect(probe).toHaveBeenCalledTimes(5);
  });
});
