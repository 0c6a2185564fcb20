import { writeFileSync } from "node:fs";
import sharp from "sharp";
import { galleryPage, type Sizes, sections } from "./page.ts";
import { makeSources, type Source } from "./sources.ts";
import { type Sources, takePictures } from "./take-pictures.ts";
import { writeThumbnails } from "./write-thumbnails.ts";

// npm run gallery: requests each example from a server, and writes docs/gallery.html and the reference's thumbnails.

const sources = await makeSources();
const sizes = Object.fromEntries(
  await Promise.all(
    Object.entries(sources).map(async ([name, { bytes }]) => {
      const { width, height } = await sharp(bytes).metadata();
      return [name, { width, height }] as const;
    }),
  ),
) as Sizes;
const shownSources = Object.fromEntries(
  await Promise.all(Object.entries(sources).map(async ([name, source]) => [name, await shrunk(source)] as const)),
) as Sources;
const taken = await takePictures(
  sections.flatMap(({ examples }) => examples),
  sources,
);
const pictures = new Map(taken.map((picture) => [picture.example, picture]));
const page = galleryPage(shownSources, sizes, pictures);
writeFileSync("docs/gallery.html", page);
console.log(`docs/gallery.html: ${taken.length} pictures, ${Math.round(page.length / 1024)} KiB`);
console.log(`docs/images/transformations: ${Math.round((await writeThumbnails(sources, pictures)) / 1024)} KiB`);

/** The page shows stills in fewer bytes than their files have. Drawings and animations are small, and stay as they are. */
async function shrunk(source: Source): Promise<Source> {
  if (/\.(svg|gif)$/.test(source.fileName)) return source;
  const image = sharp(source.shown ?? source.bytes).keepIccProfile();
  return { ...source, shown: await image.webp({ quality: 82, effort: 6 }).toBuffer() };
}
