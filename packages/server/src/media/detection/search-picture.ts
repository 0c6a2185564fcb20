import type { ObjectTag, PictureDetector, RgbPicture } from "@sluice/auto-tagging";
import sharp from "sharp";
import type { Detection, FoundThing } from "../image/plan/found-things.ts";
import { loadOptional } from "../load-optional.ts";
import { detectorMissing } from "./installed.ts";

/** The name that URLs have for a kind of object: `Traffic light` is `trafficLight`. */
export function urlName(label: string): string {
  const [first = "", ...others] = label.toLowerCase().split(" ");
  return [first, ...others.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))].join("");
}

type Search = (models: PictureDetector, picture: RgbPicture) => Promise<readonly FoundThing[]>;

const searches: Readonly<Record<Detection, Search>> = {
  faces: async (models, picture) => (await models.faces(picture, forever)).map((face) => thing("face", face)),
  objects: async (models, { data }) => {
    return (await models.objects(data, forever)).map((object) => thing(urlName(object.name), object));
  },
};

let models: Promise<PictureDetector> | undefined;

/** Loads the models when they are first used. @throws MediaError EDETECTOR where the package isn't installed */
function loadModels(): Promise<PictureDetector> {
  models ??= loadOptional(() => import("@sluice/auto-tagging"), "EDETECTOR", detectorMissing).then(
    ({ PictureDetector: Detector }) => new Detector(),
  );
  // What could not be loaded once, for want of memory, is loaded with the next picture.
  models.catch(() => {
    models = undefined;
  });
  return models;
}

/** The process ends where nobody waits for a search any more. */
const forever = new AbortController().signal;

/** Finds faces or objects in a small picture. It runs where pictures are decoded. */
export async function searchPicture(detection: Detection, picture: Uint8Array): Promise<readonly FoundThing[]> {
  return searches[detection](await loadModels(), await rgbOf(picture));
}

/** Finds the tags of a small picture. It runs where pictures are decoded. */
export async function tagPicture(picture: Uint8Array): Promise<readonly ObjectTag[]> {
  return (await loadModels()).tag((await rgbOf(picture)).data, forever);
}

/** Decodes a small picture to what models take: three bytes for each pixel, with white under what is transparent. */
async function rgbOf(picture: Uint8Array): Promise<RgbPicture> {
  const image = sharp(picture).flatten({ background: "white" }).toColourspace("srgb");
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function thing(name: string, { left, top, width, height }: Omit<FoundThing, "name">): FoundThing {
  return { name, left: rounded(left), top: rounded(top), width: rounded(width), height: rounded(height) };
}

/** A pixel of a side of 50,000 is 0.00002 of it. */
function rounded(fraction: number): number {
  return Math.round(fraction * 100_000) / 100_000;
}
