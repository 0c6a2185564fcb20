import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";

const run = promisify(execFile);

export interface ClipOptions {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  readonly frameRate?: number;
  /** The container, by the ending of its files. */
  readonly format?: "mp4" | "webm" | "mkv" | "avi" | "mov" | "m4a" | "mp3" | "wav" | "ogg" | "flac";
  /** The picture, as a source of FFmpeg's; none for a sound alone. */
  readonly picture?: string | undefined;
  readonly sound?: boolean;
  /** The inputs, as options of FFmpeg's, instead of a picture and a sound. */
  readonly inputs?: readonly string[];
  /** More options for what is written. */
  readonly more?: readonly string[];
}

/** Whether this machine has FFmpeg, with which the clips of tests are made. */
export const hasFfmpeg: boolean = await run("ffmpeg", ["-version"]).then(
  () => true,
  () => false,
);

/** A clip whose picture is red in its first second, green in its second one, and blue from then on. */
export const colors = "color=red:d=1[r];color=lime:d=1[g];color=blue:d=98[b];[r][g][b]concat=n=3";

/** Makes a clip. */
export async function makeClip({
  width = 320,
  height = 180,
  seconds = 3,
  frameRate = 25,
  format = "mp4",
  picture = "testsrc2",
  sound = true,
  inputs: given,
  more = [],
}: ClipOptions = {}): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-clip-"));
  try {
    const path = join(folder, `clip.${format}`);
    const drawn = picture === colors ? `${colors},scale=${width}:${height},setsar=1,fps=${frameRate}` : undefined;
    const source = drawn ?? `${picture}=s=${width}x${height}:r=${frameRate}`;
    const inputs = given ?? [
      ...(picture === undefined ? [] : ["-f", "lavfi", "-i", source]),
      ...(sound ? ["-f", "lavfi", "-i", "sine=frequency=440"] : []),
    ];
    await run("ffmpeg", ["-v", "error", ...inputs, "-t", String(seconds), "-pix_fmt", "yuv420p", ...more, path]);
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The input of a sound alone. */
export const tone = ["-f", "lavfi", "-i", "sine=frequency=440"] as const;

/** Makes a sound of three seconds with an orange cover of 60 × 40 pixels. */
export async function makeSoundWithCover(format: "mp3" | "m4a" | "flac" | "ogg"): Promise<Buffer> {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "orange" } })
    .png()
    .toBuffer();
  // Comments of Ogg have the picture as text.
  if (format === "ogg") {
    const more = ["-metadata", `METADATA_BLOCK_PICTURE=${pictureBlock(picture).toString("base64")}`];
    return makeClip({ format, inputs: tone, more });
  }
  const folder = await mkdtemp(join(tmpdir(), "sluice-cover-"));
  try {
    const path = join(folder, "cover.png");
    await writeFile(path, picture);
    const more = ["-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic"];
    return await makeClip({ format, inputs: [...tone, "-i", path], more });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A picture as FLAC has it (RFC 9639 §8.8): a front cover of a type, without a description and the facts of its pixels. */
function pictureBlock(picture: Buffer): Buffer {
  const type = Buffer.from("image/png");
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  return Buffer.concat([number(3), number(type.length), type, Buffer.alloc(5 * 4), number(picture.length), picture]);
}
