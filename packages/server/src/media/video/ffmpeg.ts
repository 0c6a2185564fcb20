import { programOutput } from "../processes/program-output.ts";

/** The programs of an FFmpeg on this machine, or those of `@sluice/video`, which know a part of its options. */
export interface Ffmpeg {
  /** The name and the version, as people read them, such as `FFmpeg 7.1.5`. */
  readonly name: string;
  /** The words that begin a command, before its options. */
  readonly ffmpeg: readonly string[];
  readonly ffprobe: readonly string[];
  /** The code with which the programs end where they are asked for something that only FFmpeg itself can do. */
  readonly unsupportedCode?: number;
}

/** Why there is no FFmpeg, in one line. */
export interface NoFfmpeg {
  readonly missing: string;
}

/**
 * Looks for the programs of an FFmpeg. One that can't read from a descriptor (`fd:`, since 6.1) counts as not found: only that
 * way a file is opened by the server alone.
 */
export async function findPrograms(ffmpeg: string): Promise<Ffmpeg | NoFfmpeg> {
  const ffprobe = ffmpeg.replace(/ffmpeg(?=(?:\.exe)?$)/, "ffprobe");
  const version = await versionOf(ffmpeg);
  if (version === undefined) return { missing: `${ffmpeg} was not found` };
  if ((await versionOf(ffprobe)) === undefined) return { missing: `${ffprobe} was not found` };
  const protocols = await programOutput(ffmpeg, ["-hide_banner", "-protocols"]);
  if (!/^\s*fd$/m.test(protocols ?? "")) return { missing: `${ffmpeg} ${version} is too old: it can't read fd:` };
  return { name: `FFmpeg ${version}`, ffmpeg: [ffmpeg], ffprobe: [ffprobe] };
}

async function versionOf(program: string): Promise<string | undefined> {
  return /^\w+ version (\S+)/.exec((await programOutput(program, ["-hide_banner", "-version"])) ?? "")?.[1];
}
