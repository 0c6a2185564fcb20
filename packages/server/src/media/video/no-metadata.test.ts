import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { hasFfmpeg, makeClip, tone } from "../testing/clips.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const waiting = { signal: new AbortController().signal };

/** Stands in all that is told beside pictures and sounds. */
const word = "Whereabouts";
const place = "+48.2082+016.3738/";
const tags = [
  ...["-metadata", `title=${word}`, "-metadata", `comment=${word}`, "-metadata", `location=${place}`],
  ...["-metadata", `make=${word}`, "-metadata", `model=${word}`, "-metadata", "creation_time=2024-05-01T10:20:30Z"],
  ...["-metadata:s:0", `handler_name=${word}`, "-metadata:s:0", `title=${word}`],
];
const engines = ["auto", "embedded"] as const;

describe.skipIf(!hasFfmpeg && process.env.CI !== "true").each(engines)("what %s makes tells nothing", (ffmpeg) => {
  let engine: VideoEngine;
  let folder: string;
  let photo: string;
  beforeAll(async () => {
    engine = openVideoEngine({ ffmpeg, limits: defaultLimits });
    folder = await mkdtemp(join(tmpdir(), "sluice-private-"));
    photo = join(folder, "photo.jpg");
    const create = { width: 64, height: 48, channels: 3, background: "orange" } as const;
    const exif = { IFD0: { Make: word, ImageDescription: word }, IFD3: { GPSLatitude: "48/1 12/1 29/1" } };
    await sharp({ create }).withExif(exif).jpeg().toFile(photo);
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  /** A film of two photographs, with chapters and all tags that its container takes. */
  async function film(): Promise<Buffer> {
    const chapters = join(folder, "chapters");
    const chapter = `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=${word}\n`;
    await writeFile(chapters, chapter);
    const bytes = await makeClip({
      format: "mov",
      inputs: ["-loop", "1", "-r", "2", "-i", photo, ...tone, "-f", "ffmetadata", "-i", chapters],
      seconds: 1,
      more: ["-map", "0:v", "-map", "1:a", "-map_chapters", "2", "-c:v", "copy", ...tags],
    });
    // The tags of the file, of its streams and chapters, and EXIF in each picture.
    expect(String(bytes).split(word).length).toBeGreaterThan(8);
    expect(bytes.includes("Exif")).toBe(true);
    return bytes;
  }

  const expectSilence = async (bytes: Buffer): Promise<void> => {
    expect(bytes.includes(word)).toBe(false);
    expect(bytes.includes("48.2082")).toBe(false);
    expect(bytes.includes("Exif")).toBe(false);
  };

  test.each(["w-32", "w-32,f-webm", "vc-none", "vc-none,f-webm"])("in a video by %s", async (transformation) => {
    const target = join(folder, "made");
    await engine.encode(await film(), { transformation: parseTransformation(transformation), target }, waiting);
    const made = await readFile(target);
    await rm(target);
    await expectSilence(made);
    expect(await engine.probe(made, waiting)).not.toHaveProperty("embeddedMetadata");
  });

  test("in a still and a sprite", async () => {
    const bytes = await film();
    await expectSilence((await engine.still(bytes, 0, waiting)).data);
    const sprite = {
      ...{ spanSeconds: 0.5, count: 2, columns: 2, rows: 1, duration: 1, isSparse: false },
      tile: { width: 32, height: 24 },
    };
    await expectSilence((await engine.sprite(bytes, sprite, waiting)).data);
  });

  test("in the cover and the waveform of a sound", async () => {
    const more = ["-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic", ...tags];
    const song = await makeClip({ format: "m4a", inputs: [...tone, "-i", photo], seconds: 1, more });
    expect(song.includes("Exif")).toBe(true);
    await expectSilence((await engine.soundStill(song, waiting)).data);
    const plain = await makeClip({ format: "mp3", inputs: tone, seconds: 1, more: tags });
    expect(plain.includes(word)).toBe(true);
    await expectSilence((await engine.soundStill(plain, waiting)).data);
  });
});
