import { resolve } from "node:path";
import { programOutput } from "../processes/program-output.ts";

/** The programs of an FFmpeg on this machine. */
export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** The text that the program says of its version, such as `7.1.5`. */
  readonly version: string;
}

/** Why there is no FFmpeg, in one line. */
export interface NoFfmpeg {
  readonly missing: string;
}

/**
 * Looks for the programs. One that can't read from a descriptor (`fd:`, since 6.1) counts as not found: only that way a
 * file is opened by the server alone.
 * @param setting `auto` looks in the path; `off` is none; everything else is the path of `ffmpeg`, beside which `ffprobe`
 * stands
 */
export async function findFfmpeg(setting: string): Promise<Ffmpeg | NoFfmpeg> {
  if (setting === "off") return { missing: "video is turned off" };
  // Programs run in another folder than this one.
  const ffmpeg = setting === "auto" ? "ffmpeg" : setting.includes("/") ? resolve(setting) : setting;
  const ffprobe = ffmpeg.replace(/ffmpeg(?=(?:\.exe)?$)/, "ffprobe");
  const version = await versionOf(ffmpeg);
  if (version === undefined) return { missing: `${ffmpeg} was not found` };
  if ((await versionOf(ffprobe)) === undefined) return { missing: `${ffprobe} was not found` };
  const protocols = await programOutput(ffmpeg, ["-hide_banner", "-protocols"]);
  if (!/^\s*fd$/m.test(protocols ?? "")) return { missing: `${ffmpeg} ${version} is too old: it can't read fd:` };
  return { ffmpeg, ffprobe, version };
}

async function versionOf(program: string): Promise<string | undefined> {
  return /^\w+ version (\S+)/.exec((await programOutput(program, ["-hide_banner", "-version"])) ?? "")?.[1];
}
