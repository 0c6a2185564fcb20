import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";
import type { Assets } from "./assets.ts";
import type { Picture } from "./picture-markup.ts";

/** Pictures that are drawn for screens with twice as many pixels. */
const densities: Readonly<Record<string, number>> = { "uploader.png": 2 };

/** Takes the pictures of the documentation over, with their sizes, so that pages stand still while pictures load. */
export async function readPictures(root: string, assets: Assets): Promise<ReadonlyMap<string, Picture>> {
  const files = globSync("docs/images/**/*.{svg,png,webp}", { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const pictures = files.map(async (file): Promise<[string, Picture]> => {
    const bytes = readFileSync(join(root, file));
    const { width, height } = await sharp(bytes).metadata();
    const density = densities[basename(file)] ?? 1;
    const path = assets.add(basename(file), bytes);
    return [file, { path, width: Math.round(width / density), height: Math.round(height / density) }];
  });
  return new Map(await Promise.all(pictures));
}
