import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const quiet = ["-nostdin", "-v", "error", "-y"];

export interface Clips {
  /** A clip of 1080p with sound. */
  readonly short: string;
  /** The short clip ten times in a row. */
  readonly long: string;
}

/** Makes the clips in the folder. @param seconds the length of the short clip */
export async function makeClips(folder: string, seconds: number, signal: AbortSignal): Promise<Clips> {
  const [short, long, list] = ["short.mp4", "long.mp4", "list.txt"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const inputs = [`testsrc2=size=1920x1080:rate=30:duration=${seconds}`, `sine=frequency=440:duration=${seconds}`];
  const encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "250", "-c:a", "aac"];
  const sources = inputs.flatMap((input) => ["-f", "lavfi", "-i", input]);
  await run("ffmpeg", [...quiet, ...sources, ...encode, "-movflags", "+faststart", short], { signal });
  await writeFile(list, `file '${short}'\n`.repeat(10));
  const joined = ["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", "-movflags", "+faststart", long];
  await run("ffmpeg", [...quiet, ...joined], { signal });
  return { short, long };
}
