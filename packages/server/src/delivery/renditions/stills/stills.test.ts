import sharp from "sharp";
import { beforeAll, expect, test, vi } from "vitest";
import { colors, hasFfmpeg, makeClip, makeSoundWithCover, tone } from "../../../media/testing/clips.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";

// docs/protocol/transformations.md §7.1
describeDelivery((suite) => {
  const canRun = hasFfmpeg || process.env.CI === "true";
  beforeAll(async () => {
    if (!canRun) return;
    const bytes = await makeClip({ picture: colors, sound: false });
    await suite().store({ path: "/film.mp4", bytes, mime: "video/mp4", duration: 3 });
    await suite().store({ path: "/untold.mp4", bytes, mime: "video/mp4" });
    await suite().store({ path: "/broken.mp4", bytes: bytes.subarray(0, 2000), mime: "video/mp4" });
  });

  const colorOf = async (target: string) => {
    const { status, headers, body } = await suite().get(target);
    expect(status, String(headers["ik-error"])).toBe(200);
    const { dominant } = await sharp(body).stats();
    const color = Object.values(dominant).map((value) => (value > 200 ? "f" : "0"));
    const { width, height, format } = await sharp(body).metadata();
    return `${color.join("")} ${width}x${height} ${format}`;
  };
  const refusalOf = async (target: string) => {
    const { status, headers } = await suite().get(target);
    return `${status} ${headers["ik-error"]}`;
  };

  test.skipIf(!canRun)("thumbnails of a video are stills, with everything that pictures can have", async () => {
    expect(await colorOf("/demo/film.mp4/ik-thumbnail.jpg")).toBe("f00 320x180 jpeg");
    expect(await colorOf("/demo/film.mp4/ik-thumbnail.jpg?tr=so-1.5,w-160")).toBe("0f0 160x90 jpeg");
    expect(await colorOf("/demo/tr:so-2.2,w-100,h-100/film.mp4/ik-thumbnail.jpg")).toBe("00f 100x100 jpeg");
    expect(await colorOf("/demo/film.mp4/ik-thumbnail.jpg?tr=so-idu_div_2,f-png")).toBe("0f0 320x180 png");
    expect(await colorOf("/demo/film.mp4?tr=n-ik_ml_thumbnail")).toMatch(/^f00 /);
    const layer = "w-160:l-text,i-x,fs-40,l-end";
    expect(await colorOf(`/demo/film.mp4/ik-thumbnail.jpg?tr=so-1,${layer}`)).toMatch(/^0f0 /);
  });

  test.skipIf(!canRun)("a still is taken once for pictures of all sizes", async () => {
    const { services } = suite();
    const { videos } = services;
    const still = vi.fn(videos.still);
    services.videos = { ...videos, still };
    try {
      for (const width of [20, 30, 20])
        await suite().server.ask(`/demo/film.mp4/ik-thumbnail.jpg?tr=so-0.4,w-${width}`);
      expect(still).toHaveBeenCalledTimes(1);
    } finally {
      services.videos = videos;
    }
  });

  test.skipIf(!canRun)("what can't be shown is refused, and says why", async () => {
    expect(await refusalOf("/demo/film.mp4/ik-thumbnail.jpg?tr=so-3")).toBe(
      "400 EINVALID - so is 3 s here, and the video takes 3 s.",
    );
    expect(await refusalOf("/demo/untold.mp4/ik-thumbnail.jpg?tr=so-9")).toMatch(
      /^400 EINVALID - The video has no pic/,
    );
    expect(await refusalOf("/demo/untold.mp4/ik-thumbnail.jpg?tr=so-idu_div_2")).toMatch(/^400 EINVALID - so can't be/);
    expect(await refusalOf("/demo/broken.mp4/ik-thumbnail.jpg")).toMatch(/^400 EINVALID/);
  });

  test.skipIf(!canRun)("stills are cropped around what is in each, which isn't recorded for their file", async () => {
    const { store, models, library } = suite();
    const inputs = ["-f", "lavfi", "-i", "color=red:s=160x180:r=25,pad=320:180:0:0:lime"];
    const bytes = await makeClip({ seconds: 1, inputs });
    await store({ path: "/people.mp4", bytes, mime: "video/mp4", duration: 1 });
    const crop = (at: number) => colorOf(`/demo/people.mp4/ik-thumbnail.jpg?tr=so-${at},w-40,h-40,fo-face,z-3,f-png`);
    const face = { name: "face", top: 0.4, width: 0.1, height: 0.2 };
    const { installed, found } = models;
    models.installed = true;
    models.searched.length = 0;
    try {
      models.found = { ...found, faces: [{ ...face, left: 0.2 }] };
      expect(await crop(0)).toBe("f00 40x40 png");
      models.found = { ...found, faces: [{ ...face, left: 0.7 }] };
      expect(await crop(0.5)).toBe("0f0 40x40 png");
      expect(models.searched.length).toBe(2);
      expect(await library.reader.selectFrom("picture_detections").selectAll().execute()).toEqual([]);
      models.installed = false;
      expect(await refusalOf("/demo/people.mp4/ik-thumbnail.jpg?tr=fo-dog")).toMatch(/^400 EINVALID - Focus on faces/);
    } finally {
      models.installed = installed;
      models.found = found;
    }
  });

  test.skipIf(!canRun)("thumbnails of a sound are its cover or its waveform", async () => {
    const { store, services } = suite();
    await store({ path: "/song.mp3", bytes: await makeSoundWithCover("mp3"), mime: "audio/mpeg", duration: 3 });
    await store({ path: "/noise.mp3", bytes: await makeClip({ format: "mp3", inputs: tone }), mime: "audio/mpeg" });
    await store({ path: "/broken.mp3", bytes: Buffer.from("ID3 and no more"), mime: "audio/mpeg" });
    const { videos } = services;
    const soundStill = vi.fn(videos.soundStill);
    services.videos = { ...videos, soundStill };
    expect(await colorOf("/demo/song.mp3/ik-thumbnail.jpg")).toBe("f00 60x40 jpeg");
    expect(await colorOf("/demo/song.mp3/ik-thumbnail.jpg?tr=w-30,h-30,f-png")).toBe("f00 30x30 png");
    expect(await colorOf("/demo/tr:n-ik_ml_thumbnail/song.mp3")).toMatch(/^f00 .* jpeg$/);
    expect(soundStill).toHaveBeenCalledTimes(1);
    services.videos = videos;
    expect(await colorOf("/demo/noise.mp3/ik-thumbnail.jpg?tr=w-320")).toBe("000 320x180 jpeg");
    expect(await refusalOf("/demo/broken.mp3/ik-thumbnail.jpg")).toMatch(/^400 EINVALID/);
    expect(await refusalOf("/demo/song.mp3/ik-thumbnail.jpg?tr=so-1")).toMatch(
      /^400 EINVALID - so has no meaning for a/,
    );
  });

  test.skipIf(!canRun)("a video that has a sound alone is shown as a sound is", async () => {
    const bytes = await makeClip({ inputs: tone });
    await suite().store({ path: "/talk.mp4", bytes, mime: "video/mp4", duration: 3, audioCodec: "aac" });
    expect(await colorOf("/demo/talk.mp4/ik-thumbnail.jpg?tr=w-320")).toBe("000 320x180 jpeg");
  });

  test("without FFmpeg a thumbnail says what is missing", async () => {
    const { services } = suite();
    const { videos } = services;
    await suite().store({ path: "/other.mp4", bytes: Buffer.from("film"), mime: "video/mp4" });
    const missing = async () => {
      const { MediaError } = await import("../../../media/media-error.ts");
      throw new MediaError("EFFMPEG", "none");
    };
    services.videos = { ...videos, still: missing };
    try {
      expect(await refusalOf("/demo/other.mp4/ik-thumbnail.jpg")).toMatch(/^400 EINVALID - Videos need FFmpeg/);
    } finally {
      services.videos = videos;
    }
  });
});
