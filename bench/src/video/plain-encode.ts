import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseTransformation } from "@sluice/grammar";
import { planEncode } from "../../../packages/server/src/media/video/plan-encode.ts";
import type { Clip } from "./clips.ts";

const facts = { width: 1920, height: 1080, videoCodec: "h264", audioCodec: "aac" } as const;
const limits = { pixels: facts.width * facts.height, layers: 0 };

export interface PlainOptions {
  readonly folder: string;
  readonly cores: readonly number[];
  readonly signal: AbortSignal;
}

/** The processor seconds of one `ffmpeg` command that does with a clip what the server plans for the transformation. */
export async function plainEncode(
  { path, seconds }: Clip,
  transformation: string,
  { folder, cores, signal }: PlainOptions,
): Promise<number> {
  const known = { facts: { ...facts, duration: seconds }, layers: new Map() };
  const { before, after } = planEncode(parseTransformation(transformation), known, limits);
  const input = ["-nostdin", "-v", "info", "-benchmark", "-nostats", "-threads", "2", ...before, "-i", path];
  const command = ["--cpu-list", cores.join(), "ffmpeg", ...input, ...after, "-y", join(folder, "plain.mp4")];
  const child = spawn("taskset", command, { stdio: ["ignore", "ignore", "pipe"], signal });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  const times = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(said);
  if (code !== 0 || times === null) throw new Error(`ffmpeg ended with ${code}: ${said.slice(-500)}`);
  return Number(times[1]) + Number(times[2]);
}
