import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** The server's own options for `h-720`: packages/server/src/media/video/plan-encode.ts, at the default quality. */
const options = [
  ...["-vf", "scale=1280:720:flags=bicubic,setsar=1,format=yuv420p"],
  ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-profile:v", "high"],
  ...["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-movflags", "+faststart", "-f", "mp4"],
];

/** The processor seconds that one plain ffmpeg command takes to make 720p of the clip. */
export async function plainEncode(clip: string, folder: string, signal: AbortSignal): Promise<number> {
  const args = ["-nostdin", "-v", "info", "-benchmark", "-nostats", "-threads", "2", "-i", clip];
  const child = spawn("ffmpeg", [...args, ...options, "-y", join(folder, "plain.mp4")], {
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "close");
  const times = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(said);
  if (code !== 0 || times === null) throw new Error(`ffmpeg ended with ${code}: ${said.slice(-500)}`);
  return Number(times[1]) + Number(times[2]);
}
