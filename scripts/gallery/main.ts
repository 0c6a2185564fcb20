import { writeFileSync } from "node:fs";
import sharp from "sharp";
import { galleryPage, type Sizes, sections } from "./page.ts";
import { makeSources } from "./sources.ts";
import { takePictures } from "./take-pictures.ts";
import { writeThumbnails } from "./write-thumbnails.ts";

// npm run gallery: requests each example from a server, and writes docs/gallery.html and the reference's thumbnails.

const sources = await makeSources();
const sizes = Object.fromEntries(
  await Promise.all(
    Object.entries(sources).map(async ([name, { bytes, shown = bytes }]) => {
      const { width, height } = await sharp(shown).metadata();
      return [name, { width, height }] as const;
    }),
  ),
) as Sizes;
const taken = await takePictures(
  sections.flatMap(({ examples }) => examples),
  sources,
);
const pictures = new Map(taken.map((picture) => [picture.example, picture]));
const page = galleryPage(sources, sizes, pictures);
writeFileSync("docs/gallery.html", page);
console.log(`docs/gallery.html: ${taken.length} pictures, ${Math.round(page.length / 1024)} KiB`);
console.log(`docs/images/transformations: ${Math.round((await writeThumbnails(sources, pictures)) / 1024)} KiB`);
