import { keptAround, type Region, type Size, smallerOf, wholePixels } from "../pixels/geometry.ts";

/** The region around faces is so much higher and wider than the faces (docs/protocol/transformations.md §5.4). */
const faceMargin = 2.2;

/**
 * The region that shows faces with some of what is around them. Without a ratio it is as wide to its height as the faces
 * together are.
 */
export function regionOfFaces(image: Size, faces: Region, zoom: number, ratio: number | undefined): Region {
  const scale = faceMargin / zoom;
  if (ratio === undefined) return placed(image, faces, { width: faces.width * scale, height: faces.height * scale });
  const height = scale * Math.max(faces.height, faces.width / ratio);
  return placed(image, faces, fitted(image, { width: height * ratio, height }));
}

/** The region that shows an object and nothing else, but for what a ratio adds on two sides. */
export function tightRegion(image: Size, object: Region, zoom: number, ratio: number | undefined): Region {
  const { width, height } = object;
  if (ratio === undefined) return placed(image, object, { width: width / zoom, height: height / zoom });
  const sides = width < height * ratio ? { width: height * ratio, height } : { width, height: width / ratio };
  return placed(image, object, fitted(image, { width: sides.width / zoom, height: sides.height / zoom }));
}

/** A part of an image around an object: smaller by the zoom, and never larger than the image. */
export function zoomedRegion(image: Size, { width, height }: Size, object: Region, zoom: number): Region {
  return placed(image, object, fitted(image, { width: width / zoom, height: height / zoom }));
}

/** Makes a part as small as the image, and keeps its proportions. */
function fitted(image: Size, { width, height }: Size): Size {
  const factor = Math.min(1, image.width / width, image.height / height);
  return { width: width * factor, height: height * factor };
}

function placed(image: Size, { left, top, width, height }: Region, wanted: Size): Region {
  const part = smallerOf(image, { width: wholePixels(wanted.width), height: wholePixels(wanted.height) });
  return keptAround(image, part, { x: left + width / 2, y: top + height / 2 });
}
