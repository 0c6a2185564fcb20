import type { Example } from "./example.ts";
import { examples, type T1Key } from "./examples.ts";
import { focusThumbnails } from "./focus-examples.ts";
import type { SourceName } from "./source-files.ts";

/** The folder of the thumbnails that docs/transformations.md shows, from the folder of that page. */
const folder = "images/transformations";

/** The longer edge of a thumbnail at most, in pixels. The pictures are shown at half their size where that is smaller. */
export const maxThumbnailEdge = 144;

/** All thumbnails together are at most this large, because they are in every clone of the repository. */
export const maxThumbnailsBytes = 100_000;

/** The examples whose pictures show the most, where those are not the first of their parameters. */
const tellingExamples = {
  h: "w-180,h-180",
  c: "w-180,h-180,c-force",
  fo: "w-160,h-200,fo-right",
  bg: "w-240,h-240,cm-pad_resize,bg-blurred",
  t: "t-true",
  bl: "bl-20",
  "e-sharpen": "w-240,e-sharpen",
  "e-usm": "w-240,e-usm-2-2-4-0.02",
  rt: "rt-30,w-300",
  b: "w-200,b-8_BE123C",
  f: "w-300,f-png",
  lm: "w-240,l-image,i-logo.png,w-120,lm-cutout,l-end",
} as const satisfies Partial<Record<T1Key, string>>;

/** The example of a parameter that the reference shows. */
export function thumbnailExample(key: T1Key): Example {
  const telling: Partial<Record<T1Key, string>> = tellingExamples;
  const wanted = telling[key];
  const found = examples[key].find(({ transformation }) => wanted === undefined || transformation === wanted);
  if (found === undefined) throw new Error(`${key} has no example ${wanted}`);
  return found;
}

/** The path of a parameter's thumbnail, from the folder of the documentation. */
export function thumbnailPath(key: T1Key): string {
  return `${folder}/${key}.webp`;
}

/** The path of the thumbnail of an example of faces and objects, from the folder of the documentation. */
export function focusThumbnailPath(name: string): string {
  return `${folder}/focus-${name}.webp`;
}

/** The path of a source's thumbnail, from the folder of the documentation. */
export function sourceThumbnailPath(source: SourceName): string {
  return `${folder}/source-${source}.webp`;
}

/** The parameters that have thumbnails, in the order of the examples. */
export const thumbnailKeys = Object.keys(examples) as readonly T1Key[];

/** The sources that the thumbnails' pictures are made of. */
export const thumbnailSources: readonly SourceName[] = [
  ...new Set(
    [...thumbnailKeys.map(thumbnailExample), ...focusThumbnails.map(([, example]) => example)].map(
      ({ source }) => source,
    ),
  ),
];
