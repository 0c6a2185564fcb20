import { fileURLToPath } from "node:url";
import { loadOptional } from "../load-optional.ts";
import { MediaError } from "../media-error.ts";
import { programOutput } from "../processes/program-output.ts";
import type { Ffmpeg, NoFfmpeg } from "./ffmpeg.ts";

/** Looks for the programs of the optional package `@sluice/video`. The server itself loads nothing of it but their place. */
export async function findEmbedded(): Promise<Ffmpeg | NoFfmpeg> {
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
