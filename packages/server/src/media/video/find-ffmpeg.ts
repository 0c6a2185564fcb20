import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadOptional } from "../load-optional.ts";
import { MediaError } from "../media-error.ts";
import { programOutput } from "../processes/program-output.ts";
import { type Ffmpeg, findPrograms, type NoFfmpeg } from "./ffmpeg.ts";

/** Looks for the programs of the optional package `@sluice/video`. The server itself loads nothing of it but their place. */
async function findEmbedded(): Promise<Ffmpeg | NoFfmpeg> {
  try {
    const load = () => import("@sluice/video");
    const { videoProgram, unsupportedCode } = await loadOptional(load, "EFFMPEG", "@sluice/video is not installed");
    const program = [process.execPath, fileURLToPath(videoProgram)];
    const version = await programOutput(process.execPath, [...program.slice(1), "version"]);
    // Its packages are for some platforms alone.
    if (version === undefined) return { missing: "@sluice/video doesn't run on this system" };
    const name = `@sluice/video with FFmpeg ${version.trim()}`;
    return { name, ffmpeg: [...program, "ffmpeg"], ffprobe: [...program, "ffprobe"], unsupportedCode };
  } catch (error) {
    if (error instanceof MediaError) return { missing: error.message };
    throw error;
  }
}

/**
 * Chooses what reads videos.
 * @param setting `auto` looks for FFmpeg in the path, and else for `@sluice/video`; `embedded` is that package in any case;
 * `off` is none; everything else is the path of `ffmpeg`, beside which `ffprobe` stands
 */
export async function findFfmpeg(setting: string): Promise<Ffmpeg | NoFfmpeg> {
  if (setting === "off") return { missing: "video is turned off" };
  if (setting === "embedded") return findEmbedded();
  if (setting !== "auto") {
    // Programs run in another folder than this one.
    return findPrograms(setting.includes("/") ? resolve(setting) : setting);
  }
  const found = await findPrograms("ffmpeg");
  if (!("missing" in found)) return found;
  const embedded = await findEmbedded();
  return "missing" in embedded ? { missing: `${found.missing}, and ${embedded.missing}` } : embedded;
}

/** What was missing is looked for again after this time: the machine may have been too busy to start it. */
const lookAgainMs = 60_000;

/** Looks for what reads videos once it is asked for, and remembers what it has found. */
export function rememberFfmpeg(setting: string, look = findFfmpeg, now = () => performance.now()) {
  let found: Promise<Ffmpeg | NoFfmpeg> | undefined;
  let until = Number.POSITIVE_INFINITY;
  const lookOnce = async (): Promise<Ffmpeg | NoFfmpeg> => {
    try {
      const result = await look(setting);
      if ("missing" in result) until = now() + lookAgainMs;
      return result;
    } catch (error) {
      found = undefined;
      throw error;
    }
  };
  return (): Promise<Ffmpeg | NoFfmpeg> => {
    if (found === undefined || now() >= until) {
      until = Number.POSITIVE_INFINITY;
      found = lookOnce();
    }
    return found;
  };
}
