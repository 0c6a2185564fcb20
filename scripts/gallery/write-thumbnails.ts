import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import sharp from "sharp";
import type { Example } from "./example.ts";
import { focusThumbnails } from "./focus-examples.ts";
import type { Sources, Taken } from "./take-pictures.ts";
import {
  focusThumbnailPath,
  maxThumbnailEdge,
  sourceThumbnailPath,
  thumbnailExample,
  thumbnailKeys,
  thumbnailPath,
  thumbnailSources,
} from "./thumbnails.ts";

/** Writes the thumbnails of docs/transformations.md. @returns their size in bytes, all together */
export async function writeThumbnails(sources: Sources, taken: ReadonlyMap<Example, Taken>): Promise<number> {
  const examples = [
    ...thumbnailKeys.map((key) => [thumbnailPath(key), thumbnailExample(key)] as const),
    ...focusThumbnails.map(([name, example]) => [focusThumbnailPath(name), example] as const),
  ];
  const pictures = new Map<string, Buffer>();
  for (const [path, example] of examples) {
    const picture = taken.get(example);
    if (picture === undefined) throw new Error(`No picture was taken for ${path}`);
    pictures.set(path, await thumbnail(picture.bytes));
  }
  for (const source of thumbnailSources) {
    const { bytes, shown = bytes } = sources[source];
    pictures.set(sourceThumbnailPath(source), await thumbnail(shown));
  }
  rmSync(`docs/${dirname(thumbnailPath("w"))}`, { recursive: true, force: true });
  let size = 0;
  for (const [path, bytes] of pictures) {
    mkdirSync(dirname(`docs/${path}`), { recursive: true });
    writeFileSync(`docs/${path}`, bytes);
    size += bytes.length;
  }
  return size;
}

/** A picture at half its size, or smaller, as browsers show it. */
async function thumbnail(picture: Buffer): Promise<Buffer> {
  const { width, height } = (await sharp(picture).metadata()).autoOrient;
  const scale = Math.min(0.5, maxThumbnailEdge / Math.max(width, height));
  return sharp(picture)
    .autoOrient()
    .resize({ width: Math.round(width * scale), height: Math.round(height * scale) })
    .webp({ quality: 75, effort: 6 })
    .toBuffer();
}
