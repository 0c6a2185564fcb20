import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ClipOptions {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  readonly frameRate?: number;
  /** The container, by the ending of its files. */
  readonly format?: "mp4" | "webm" | "mkv" | "avi" | "mov" | "m4a" | "mp3" | "wav" | "ogg";
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
