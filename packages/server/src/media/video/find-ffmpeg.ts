import { resolve } from "node:path";
import { findEmbedded } from "./embedded.ts";
import { type Ffmpeg, findPrograms, type NoFfmpeg } from "./ffmpeg.ts";

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
