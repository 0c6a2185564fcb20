import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const quiet = ["-nostdin", "-v", "error", "-y"];
const repeats = 10;

/** Two clips of 1080p in H.264, with sound in AAC. Their key frames are as far apart as x264 puts them by itself. */
export interface Clips {
  readonly short: Clip;
  /** The short clip ten times in a row. */
  readonly long: Clip;
}

export interface Clip {
  readonly path: string;
  readonly seconds: number;
}

/** Makes the clips in the folder. @param seconds the length of the short clip */
export async function makeClips(folder: string, seconds: number, signal: AbortSignal): Promise<Clips> {
  const [short, long, list] = [join(folder, "short.mp4"), join(folder, "long.mp4"), join(folder, "clips.txt")];
  const inputs = [`testsrc2=size=1920x1080:rate=30:duration=${seconds}`, `sine=frequency=440:duration=${seconds}`];
  const encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "250", "-c:a", "aac"];
  const sources = inputs.flatMap((input) => ["-f", "lavfi", "-i", input]);
  await run("ffmpeg", [...quiet, ...sources, ...encode, "-movflags", "+faststart", short], { signal });
  await writeFile(list, `file '${short}'\n`.repeat(repeats));
  const joined = ["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", "-movflags", "+faststart", long];
  await run("ffmpeg", [...quiet, ...joined], { signal });
  return { short: { path: short, seconds }, long: { path: long, seconds: seconds * repeats } };
}
