import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { colors, hasFfmpeg, makeClip } from "../testing/clips.ts";
import { planSprite } from "./plan-sprite.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const { signal } = new AbortController();
const waiting = { signal };

const engines = ["auto", "embedded"] as const;
describe.skipIf(!hasFfmpeg && process.env.CI !== "true").each(engines)("videos and sounds, read by %s", (ffmpeg) => {
  let engine: VideoEngine;
  let folder: string;
  beforeAll(async () => {
    engine = openVideoEngine({ ffmpeg, limits: defaultLimits });
    folder = await mkdtemp(join(tmpdir(), "sluice-video-"));
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  test("tell their size, their time and their codecs", async () => {
    const clip = await makeClip({ width: 320, height: 180, seconds: 2 });
    expect(await engine.probe(clip, waiting)).toEqual({
      ...{ width: 320, height: 180, duration: expect.closeTo(2, 1), bitRate: expect.any(Number) },
      ...{ videoCodec: "h264", audioCodec: "aac", frameRate: 25, channels: 1 },
    });
    const path = join(folder, "clip.mp4");
    await writeFile(path, clip);
    expect(await engine.probe(path, waiting)).toMatchObject({ width: 320 });
    const elsewhere = { size: clip.length, open: async () => Readable.from([clip.subarray(0, 99), clip.subarray(99)]) };
    expect(await engine.probe(elsewhere, waiting)).toMatchObject({ width: 320 });
  });

  test("are as large as they are displayed", async () => {
    const turned = await makeClip({ seconds: 1, sound: false, more: ["-metadata:s:v", "rotate=90"] });
    const wide = await makeClip({ seconds: 1, sound: false, more: ["-vf", "setsar=2"] });
    expect(await engine.probe(wide, waiting)).toMatchObject({ width: 640, height: 180 });
    const { data } = await engine.still(wide, 0, waiting);
    expect(await sharp(data).metadata()).toMatchObject({ width: 640, height: 180 });
    const size = await engine.probe(turned, waiting);
    const still = await sharp((await engine.still(turned, 0, waiting)).data).metadata();
    expect(still).toMatchObject({ width: size?.width, height: size?.height });
  });

  test("tell when and where they were taken", async () => {
    const more = ["-metadata", "creation_time=2024-05-01T10:20:30Z", "-metadata", "location=+48.2082+016.3738/"];
    const { embeddedMetadata = "" } = (await engine.probe(await makeClip({ seconds: 1, more }), waiting)) ?? {};
    const taken = { DateTimeOriginal: "2024-05-01T10:20:30.000Z", GPSLatitude: 48.2082, GPSLongitude: 16.3738 };
    expect(JSON.parse(embeddedMetadata)).toEqual(taken);
  });

  test("have a sprite of all their frames where they have too few key frames", async () => {
    const clip = await makeClip({
      picture: colors,
      seconds: 10,
      sound: false,
      more: ["-g", "999", "-sc_threshold", "0"],
    });
    const planned = planSprite({ width: 320, height: 180, duration: 10 }, { width: 160, height: 160 });
    const { data } = await engine.sprite(clip, { ...planned, isSparse: true }, waiting);
    const seen = [0, 3, 9].map(async (column) => {
      const tile = sharp(data).extract({ left: column * 160, top: 0, width: 160, height: 90 });
      const { dominant } = await sharp(await tile.toBuffer()).stats();
      return Object.values(dominant)
        .map((value) => (value > 200 ? "f" : "0"))
        .join("");
    });
    expect(await Promise.all(seen)).toEqual(["f00", "0f0", "00f"]);
  });

  test.each([false, true])(
    "have a sprite where the picture ends before the sound (key frames alone: %s)",
    async (isSparse) => {
      const inputs = ["-f", "lavfi", "-i", "color=blue:s=320x180:r=25:d=2", "-f", "lavfi", "-i", "sine=d=4"];
      const clip = await makeClip({ seconds: 4, inputs, more: ["-g", "5"] });
      const planned = planSprite({ width: 320, height: 180, duration: 4 }, { width: 160, height: 160 });
      const { data } = await engine.sprite(clip, { ...planned, isSparse }, waiting);
      expect(await sharp(data).metadata()).toMatchObject({ width: 8 * 160, height: 90 });
    },
  );

  test("lay no video on a video where only FFmpeg could", async () => {
    const clip = await makeClip({ seconds: 1, sound: false });
    const transformation = parseTransformation("l-video,i-a.mp4,l-end");
    const unused = () => Promise.reject(new Error("Nothing else lies on it"));
    const layers = {
      draw: unused,
      subtitles: unused,
      font: unused,
      video: () => ({ source: clip, frames: undefined }),
    };
    const target = join(folder, "laid.mp4");
    const encoding = engine.encode(clip, { transformation, target, layers }, waiting);
    if (ffmpeg === "auto") expect(await encoding).toMatchObject({ width: 320 });
    else
      await expect(encoding).rejects.toMatchObject({
        code: "EFFMPEG",
        message: expect.stringContaining("needs FFmpeg"),
      });
    await rm(target, { force: true });
  });

  test("are shown by their film, not by a cover that comes before it", async () => {
    const cover = join(folder, "cover.png");
    await writeFile(
      cover,
      await sharp({ create: { width: 32, height: 32, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
    );
    const inputs = ["-f", "lavfi", "-i", "color=blue:s=320x180:r=25", "-i", cover];
    const more = ["-map", "0", "-map", "1", "-c:v:1", "copy", "-disposition:v:1", "attached_pic"];
    const clip = coverFirst(await makeClip({ seconds: 1, inputs, more }));
    expect(await engine.probe(clip, waiting)).toMatchObject({ width: 320, height: 180 });
    const { data } = await engine.still(clip, 0, waiting);
    expect(await sharp(data).metadata()).toMatchObject({ width: 320, height: 180 });
    const sprite = await engine.sprite(
      clip,
      planSprite({ width: 320, height: 180, duration: 1 }, { width: 160, height: 160 }),
      waiting,
    );
    expect((await sharp(sprite.data).stats()).channels[2]?.mean).toBeGreaterThan(200);
  });

  test("that have used up their bounds are not tried at each request", async () => {
    const small = openVideoEngine({ ffmpeg, limits: { ...defaultLimits, imageBytes: 10 } });
    try {
      const clip = await makeClip({ seconds: 1, sound: false });
      let opened = 0;
      const open = async () => {
        opened += 1;
        return Readable.from([clip]);
      };
      const still = (key?: string) => small.still({ size: clip.length, open }, 0, { signal, ...(key && { key }) });
      for (const key of ["a", "a", "b"]) await expect(still(key)).rejects.toMatchObject({ code: "ELIMIT" });
      expect(opened).toBe(2);
      await expect(still()).rejects.toMatchObject({ code: "ELIMIT" });
      expect(opened).toBe(3);
    } finally {
      await small.close();
    }
  });

  test("that have no picture tell the rest", async () => {
    const sound = await makeClip({ picture: undefined, seconds: 2, format: "mp3" });
    const facts = await engine.probe(sound, waiting);
    expect(facts).toMatchObject({ audioCodec: "mp3", duration: expect.closeTo(2, 0) });
    expect(facts).not.toHaveProperty("width");
  });

  test.each([
    [0, "ff0000"],
    [0.96, "ff0000"],
    [1, "00ff00"],
    [1.96, "00ff00"],
    [2.5, "0000ff"],
  ])("show at %d s what is shown then", async (at, color) => {
    const clip = await makeClip({ picture: colors, sound: false });
    const { data } = await engine.still(clip, at, waiting);
    const { dominant } = await sharp(data).stats();
    const near = Object.values(dominant).map((value) => (value > 200 ? "ff" : "00"));
    expect(near.join("")).toBe(color);
  });

  test("show their first picture also where its time is below 0", async () => {
    const more = ["-output_ts_offset", "-5", "-avoid_negative_ts", "disabled"];
    const clip = await makeClip({ seconds: 1, sound: false, format: "mkv", more });
    expect((await engine.still(clip, 0, waiting)).data.length).toBeGreaterThan(0);
  });

  test("show nothing behind their end, and nothing where they can't be read", async () => {
    const clip = await makeClip({ seconds: 1 });
    await expect(engine.still(clip, 5, waiting)).rejects.toMatchObject({ code: "ETRANSFORMATION" });
    await expect(engine.still(clip.subarray(0, 3000), 0, waiting)).rejects.toMatchObject({ code: "EINVALID" });
    expect(await engine.probe(Buffer.from("no video"), waiting)).toBeUndefined();
    expect(await engine.probe(clip.subarray(0, 3000), waiting)).toBeUndefined();
  });

  test.each([
    ["a picture", ["-c:v", "zmbv"], "zmbv"],
    ["a sound", ["-c:v", "libx264", "-c:a", "adpcm_yamaha"], undefined],
  ])("are not decoded where %s is in a codec that hardly anybody uses", async (_, more, codec) => {
    const clip = await makeClip({ width: 64, height: 36, seconds: 1, format: "avi", more: ["-ac", "1", ...more] });
    expect(await engine.probe(clip, waiting)).toBeUndefined();
    if (codec === undefined) return;
    const message = ffmpeg === "auto" ? `The video is in ${codec}, which is not read here` : expect.any(String);
    await expect(engine.still(clip, 0, waiting)).rejects.toMatchObject({ code: "EINVALID", message });
    const transformation = parseTransformation("w-32");
    const target = join(folder, "uncommon.mp4");
    await expect(engine.encode(clip, { transformation, target }, waiting)).rejects.toMatchObject({ code: "EINVALID" });
  });

  test.each([
    ["h264 and ac3", "mkv", ["-c:a", "ac3"]],
    ["vp8 and vorbis", "webm", ["-c:v", "libvpx", "-c:a", "libvorbis", "-ac", "2"]],
    ["vp9 and opus", "webm", ["-c:v", "libvpx-vp9", "-c:a", "libopus"]],
    ["av1", "mkv", ["-c:v", "libsvtav1"]],
    ["prores and pcm_s16le", "mov", ["-c:v", "prores", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le"]],
    ["mjpeg and pcm_u8", "avi", ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "pcm_u8"]],
    ["mpeg4 and mp3", "avi", ["-c:v", "mpeg4", "-c:a", "libmp3lame"]],
    ["ffv1 and flac", "mkv", ["-c:v", "ffv1", "-c:a", "flac"]],
  ] as const)("are read in %s", async (_, format, more) => {
    const clip = await makeClip({ width: 128, height: 72, seconds: 1, format, more });
    expect(await engine.probe(clip, waiting)).toMatchObject({ width: 128, audioCodec: expect.any(String) });
    expect((await engine.still(clip, 0, waiting)).data.length).toBeGreaterThan(0);
  });

  test.each([
    ["a playlist", `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`],
    ["a list of files", `ffconcat version 1.0\nfile /etc/passwd\n`],
    ["a manifest", `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period></Period></MPD>`],
    ["a session", `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n`],
  ])("that are %s open nothing", async (_, text) => {
    expect(await engine.probe(Buffer.from(text), waiting)).toBeUndefined();
    await expect(engine.still(Buffer.from(text), 0, waiting)).rejects.toMatchObject({ code: "EINVALID" });
  });

  test("are given up with whoever asked", async () => {
    const clip = await makeClip({ seconds: 1 });
    const left = new AbortController();
    const asked = engine.probe(clip, { signal: left.signal });
    left.abort(new Error("gone"));
    await expect(asked).rejects.toThrow("gone");
  });
});

test("the embedded programs are used where they are asked for, and name their libraries", async () => {
  const engine = openVideoEngine({ ffmpeg: "embedded", limits: defaultLimits });
  expect(await engine.program()).toMatchObject({ name: expect.stringMatching(/^@sluice\/video with FFmpeg 8\.1/) });
  await engine.close();
});

test.skipIf(!hasFfmpeg && process.env.CI !== "true").each([
  [1, 1],
  [2, 2],
])("of three videos, a limit of %i encodes %i at once", async (encodes, atOnce) => {
  const engine = openVideoEngine({ ffmpeg: "auto", limits: { ...defaultLimits, encodes } });
  const clip = await makeClip({ seconds: 1 });
  const transformation = parseTransformation("l-text,i-x,l-end");
  const full = Promise.withResolvers<void>();
  let drawing = 0;
  const draw = async (_: unknown, stop: AbortSignal): Promise<Buffer> => {
    drawing += 1;
    if (drawing === atOnce) full.resolve();
    return new Promise((_resolve, reject) => stop.addEventListener("abort", () => reject(stop.reason)));
  };
  const left = new AbortController();
  const unused = (): never => expect.unreachable();
  const layers = { draw, video: unused, subtitles: unused, font: unused };
  const encoding = [1, 2, 3].map(() =>
    engine.encode(clip, { transformation, target: "/dev/null", layers }, { signal: left.signal }),
  );
  await full.promise;
  await setTimeout(300);
  left.abort(new Error("gone"));
  for (const each of await Promise.allSettled(encoding)) expect(each).toMatchObject({ reason: left.signal.reason });
  expect(drawing).toBe(atOnce);
  await engine.close();
});

test("without FFmpeg nothing is known of them, and nothing is shown", async () => {
  for (const ffmpeg of ["off", "/nowhere/ffmpeg"]) {
    const engine = openVideoEngine({ ffmpeg, limits: defaultLimits });
    expect(await engine.program()).toEqual({ missing: expect.any(String) });
    expect(await engine.probe(Buffer.from("film"), waiting)).toBeUndefined();
    await expect(engine.still(Buffer.from("film"), 0, waiting)).rejects.toMatchObject({ code: "EFFMPEG" });
    await engine.close();
  }
});

/** Moves what describes an MP4, its cover among it, before its tracks. */
function coverFirst(clip: Buffer): Buffer {
  const boxesIn = (bytes: Buffer): Buffer[] => {
    const boxes: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += boxes.at(-1)?.length ?? 0) {
      boxes.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    }
    return boxes;
  };
  const isOf = (type: string) => (box: Buffer) => box.toString("latin1", 4, 8) === type;
  const reordered = boxesIn(clip).map((box) => {
    if (!isOf("moov")(box)) return box;
    const inside = boxesIn(box.subarray(8));
    const [header, tracks] = [inside.filter(isOf("mvhd")), inside.filter(isOf("trak"))];
    const others = inside.filter((each) => !header.includes(each) && !tracks.includes(each));
    return Buffer.concat([box.subarray(0, 8), ...header, ...others, ...tracks]);
  });
  return Buffer.concat(reordered);
}
