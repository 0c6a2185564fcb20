import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const most = 2 ** 29;

/** The pictures of a video, as FFmpeg decodes them. */
export interface DecodedVideo {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Buffer[];
  /** The name of the colour nearest to a pixel: `red`, `lime`, `blue`, `white`, `black`, `yellow`, `magenta`, `cyan`. */
  colorAt(frame: number, x: number, y: number): string;
  /** How bright a picture is on the whole, from 0 to 255. */
  brightness(frame: number): number;
}

const names = ["black", "blue", "lime", "cyan", "red", "magenta", "yellow", "white"] as const;

/** Decodes all pictures of a video file. */
export async function decodeVideo(path: string): Promise<DecodedVideo> {
  const streams = ["-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0"];
  const [width = 0, height = 0] = (await run("ffprobe", [...streams, path])).stdout.trim().split(",").map(Number);
  const raw = ["-v", "error", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
  const { stdout } = await run("ffmpeg", raw, { encoding: "buffer", maxBuffer: most });
  const bytes = width * height * 3;
  const frames = Array.from({ length: Math.floor(stdout.length / bytes) }, (_, index) =>
    stdout.subarray(index * bytes, (index + 1) * bytes),
  );
  return {
    ...{ width, height, frames },
    colorAt(frame, x, y) {
      const [red = 0, green = 0, blue = 0] = frames[frame]?.subarray((y * width + x) * 3) ?? [];
      return names[(red > 127 ? 4 : 0) + (green > 127 ? 2 : 0) + (blue > 127 ? 1 : 0)] ?? "";
    },
    brightness(frame) {
      const pixels = frames[frame] ?? Buffer.alloc(1);
      return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    },
  };
}

/** The samples of a file's sound as a single channel, from -1 to 1, 48,000 of them a second. */
export async function decodeSound(path: string): Promise<Float32Array> {
  const raw = [
    "-v",
    "error",
    "-i",
    path,
    "-vn",
    "-af",
    "aresample=48000:async=1:first_pts=0",
    "-ac",
    "1",
    "-f",
    "f32le",
    "-",
  ];
  const { stdout } = await run("ffmpeg", raw, { encoding: "buffer", maxBuffer: most });
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

/** The second at which a sound is first heard. */
export function firstHeard(samples: Float32Array): number | undefined {
  const index = samples.findIndex((sample) => Math.abs(sample) > 0.1);
  return index === -1 ? undefined : index / 48_000;
}
