import { MediaError } from "../../media-error.ts";
import {
  type Anchor,
  coverFactor,
  insideFactor,
  intersection,
  keptAround,
  keptAt,
  largestWithRatio,
  type Region,
  type Size,
  sameSize,
  scaled,
  smallerOf,
  wholePixels,
} from "../pixels/geometry.ts";
import type { Margins, Operation } from "../pixels/operations.ts";
import type { TargetSize } from "./target-size.ts";

/** The modes of `c` and `cm` in one type: the two parameters exclude each other. */
export type FramingMode =
  | "maintain_ratio"
  | "maintain_ratio_no_enlarge"
  | "force"
  | "at_max"
  | "at_max_enlarge"
  | "at_least"
  | "extract"
  | "pad_resize"
  | "pad_resize_no_enlarge"
  | "pad_extract"
  | "pad_extract_no_shrink";

/** The focus is what a crop keeps in the picture. */
export type Focus =
  | FixedFocus
  | ThingFocus
  | { readonly kind: "saliency" }
  | { readonly kind: "area"; readonly area: Region };

/** Faces or objects that were found in the picture. */
interface ThingFocus {
  readonly kind: "faces" | "objects";
  /** The smallest region around all of them. */
  readonly area: Region;
  /** Below 1 more of the picture is shown, above 1 less. */
  readonly zoom: number;
}

/** A focus that doesn't depend on the picture. */
interface FixedFocus {
  readonly kind: "anchor";
  readonly anchor: Anchor;
}

/** The position of an extracted region: its left and top edge, or its centre. Without both, the focus decides. */
interface Position {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly xc?: number | undefined;
  readonly yc?: number | undefined;
}

export interface FramingParameters extends Position {
  readonly mode: FramingMode;
  readonly focus: Focus;
  readonly pad: (margins: Margins, canvas: Size) => Operation;
}

interface Framed {
  readonly operations: readonly Operation[];
  readonly size: Size;
}

/** The focus when neither a parameter nor the file says anything else. */
export const centre: FixedFocus = { kind: "anchor", anchor: { x: 0.5, y: 0.5 } };

/**
 * Plans how an image gets the size that is asked for (docs/protocol/transformations.md §5).
 * @throws MediaError ETRANSFORMATION for a region outside of the image
 */
export function frame(input: Size, target: TargetSize, parameters: FramingParameters): Framed {
  switch (target.kind) {
    case "none":
      return isThing(parameters.focus)
        ? region(input, closeRegion(input, parameters.focus, undefined))
        : { operations: [], size: input };
    case "side":
      return scale(input, scaled(input, limitFactor(target.factor, parameters.mode)));
    case "ratio":
      if (isThing(parameters.focus)) return region(input, closeRegion(input, parameters.focus, target.ratio));
      return cut(input, largestWithRatio(input, target.ratio), parameters.focus);
    case "box":
      return modes[parameters.mode](input, target.box, parameters);
  }
}

/** One side alone gives no box to crop to, but a mode that never enlarges doesn't enlarge in this case either. */
function limitFactor(factor: number, mode: FramingMode): number {
  return neverEnlarging.has(mode) ? Math.min(factor, 1) : factor;
}

const neverEnlarging: ReadonlySet<FramingMode> = new Set([
  "at_max",
  "maintain_ratio_no_enlarge",
  "pad_resize_no_enlarge",
]);

/** Whether a crop to a target of this kind goes by the faces or objects that its focus names. */
export function cropsAroundThings(target: TargetSize["kind"], { mode, ...position }: Framing): boolean {
  if (!croppingModes.has(mode) || target === "side") return false;
  return target !== "box" || mode !== "extract" || !hasPosition(position);
}

type Framing = Pick<FramingParameters, "mode" | keyof Position>;

/** The other modes ignore faces and objects (docs/protocol/transformations.md §5.4). */
const croppingModes: ReadonlySet<FramingMode> = new Set(["maintain_ratio", "maintain_ratio_no_enlarge", "extract"]);

type Mode = (input: Size, box: Size, parameters: FramingParameters) => Framed;

const modes = {
  maintain_ratio: (input, box, { focus }) => cover(input, box, focus),
  maintain_ratio_no_enlarge: (input, box, { focus }) => {
    if (isThing(focus)) {
      const shown = region(input, boxRegion(input, box, focus));
      return coverFactor(shown.size, box) > 1 ? shown : then(shown, (size) => cover(size, box, centre));
    }
    return coverFactor(input, box) > 1
      ? cut(input, largestWithRatio(input, box.width / box.height), focus)
      : cover(input, box, focus);
  },
  force: (input, box) => scale(input, box),
  at_max: (input, box) => scale(input, scaled(input, Math.min(1, insideFactor(input, box)))),
  at_max_enlarge: (input, box) => scale(input, scaled(input, insideFactor(input, box))),
  at_least: (input, box) => scale(input, scaled(input, coverFactor(input, box))),
  extract,
  pad_resize: (input, box, parameters) =>
    padded(scale(input, smallerOf(scaled(input, insideFactor(input, box)), box)), box, parameters),
  pad_resize_no_enlarge: (input, box, parameters) =>
    padded(scale(input, scaled(input, Math.min(1, insideFactor(input, box)))), box, parameters),
  pad_extract: (input, box, parameters) =>
    padded(cut(input, smallerOf(input, box), fixed(parameters)), box, parameters),
  pad_extract_no_shrink: (input, { width, height }, parameters) =>
    padded(
      { operations: [], size: input },
      { width: Math.max(input.width, width), height: Math.max(input.height, height) },
      parameters,
    ),
} as const satisfies Record<FramingMode, Mode>;

function cover(input: Size, box: Size, focus: Focus): Framed {
  if (isThing(focus)) return then(region(input, boxRegion(input, box, focus)), (size) => cover(size, box, centre));
  if (focus.kind === "area") {
    const area = intersection(input, focus.area);
    return area === undefined
      ? cover(input, box, centre)
      : then(region(input, area), (size) => cover(size, box, centre));
  }
  const size = scaled(input, coverFactor(input, box));
  return then(
    scale(input, { width: Math.max(size.width, box.width), height: Math.max(size.height, box.height) }),
    (at) => cut(at, box, focus),
  );
}

function extract(input: Size, box: Size, parameters: FramingParameters): Framed {
  const part = smallerOf(input, box);
  const { x, y, xc, yc } = parameters;
  if (!hasPosition(parameters)) return extractAt(input, box, parameters.focus);
  const wanted = {
    left: Math.round(xc === undefined ? (x ?? (input.width - part.width) / 2) : xc - part.width / 2),
    top: Math.round(yc === undefined ? (y ?? (input.height - part.height) / 2) : yc - part.height / 2),
    ...part,
  };
  const inside = intersection(input, wanted);
  const byCentre = xc !== undefined || yc !== undefined;
  if (inside === undefined || (byCentre && !sameSize(inside, wanted))) {
    throw new MediaError("ETRANSFORMATION", "The region to extract is outside of the image");
  }
  return region(input, inside);
}

function hasPosition({ x, y, xc, yc }: Position): boolean {
  return [x, y, xc, yc].some((coordinate) => coordinate !== undefined);
}

/** Faces are shown at the size of the box, objects at their own scale unless a zoom says otherwise. */
function extractAt(input: Size, box: Size, focus: Focus): Framed {
  if (focus.kind === "faces") return cover(input, box, focus);
  const part = smallerOf(input, box);
  if (focus.kind !== "objects" || focus.zoom === 1) return cut(input, part, focus);
  const shown = region(input, zoomedRegion(input, part, focus.area, focus.zoom));
  return then(shown, (size) => cover(size, part, centre));
}

function isThing(focus: Focus): focus is ThingFocus {
  return focus.kind === "faces" || focus.kind === "objects";
}

/** The region that is shown where no size is asked for. */
function closeRegion(input: Size, { kind, area, zoom }: ThingFocus, ratio: number | undefined): Region {
  return kind === "faces" ? regionOfFaces(input, area, zoom, ratio) : tightRegion(input, area, zoom, ratio);
}

/** The region that is scaled to a box. */
function boxRegion(input: Size, box: Size, { kind, area, zoom }: ThingFocus): Region {
  const ratio = box.width / box.height;
  if (kind === "faces") return regionOfFaces(input, area, zoom, ratio);
  return zoomedRegion(input, largestWithRatio(input, ratio), area, zoom);
}

/** Cuts a part out where the focus is. */
function cut(input: Size, part: Size, focus: Focus): Framed {
  if (sameSize(input, part)) return { operations: [], size: input };
  switch (focus.kind) {
    case "saliency":
      return { operations: [{ kind: "extract-salient", ...part }], size: part };
    case "anchor":
      return region(input, keptAt(input, part, focus.anchor));
    case "faces":
    case "objects":
    case "area": {
      const { left, top, width, height } = focus.area;
      return region(input, keptAround(input, part, { x: left + width / 2, y: top + height / 2 }));
    }
  }
}

function region(input: Size, { left, top, width, height }: Region): Framed {
  const size = { width, height };
  return { operations: sameSize(input, size) ? [] : [{ kind: "extract", left, top, ...size }], size };
}

function scale(input: Size, size: Size): Framed {
  return { operations: sameSize(input, size) ? [] : [{ kind: "scale", ...size }], size };
}

/**
 * Adds padding on the sides that the content isn't anchored to. An odd pixel goes to the right or bottom side, as in
 * sharp.
 */
function padded(content: Framed, canvas: Size, parameters: FramingParameters): Framed {
  if (sameSize(content.size, canvas)) return content;
  const { anchor } = fixed(parameters);
  const across = canvas.width - content.size.width;
  const down = canvas.height - content.size.height;
  const left = Math.floor(across * anchor.x);
  const top = Math.floor(down * anchor.y);
  const margins = { top, right: across - left, bottom: down - top, left };
  return { operations: [...content.operations, parameters.pad(margins, canvas)], size: canvas };
}

/** Padding ignores a focus that depends on the picture (docs/protocol/transformations.md §5.4). */
function fixed({ focus }: FramingParameters): FixedFocus {
  return focus.kind === "anchor" ? focus : centre;
}

function then(first: Framed, next: (size: Size) => Framed): Framed {
  const second = next(first.size);
  return { operations: [...first.operations, ...second.operations], size: second.size };
}

/** The region around faces is so much higher and wider than the faces (docs/protocol/transformations.md §5.4). */
const faceMargin = 2.2;

/**
 * The region that shows faces with some of what is around them. Without a ratio it is as wide to its height as the faces
 * together are.
 */
function regionOfFaces(image: Size, faces: Region, zoom: number, ratio: number | undefined): Region {
  const scale = faceMargin / zoom;
  if (ratio === undefined) return placed(image, faces, { width: faces.width * scale, height: faces.height * scale });
  const height = scale * Math.max(faces.height, faces.width / ratio);
  return placed(image, faces, fitted(image, { width: height * ratio, height }));
}

/** The region that shows an object and nothing else, but for what a ratio adds on two sides. */
function tightRegion(image: Size, object: Region, zoom: number, ratio: number | undefined): Region {
  const { width, height } = object;
  if (ratio === undefined) return placed(image, object, { width: width / zoom, height: height / zoom });
  const sides = width < height * ratio ? { width: height * ratio, height } : { width, height: width / ratio };
  return placed(image, object, fitted(image, { width: sides.width / zoom, height: sides.height / zoom }));
}

/** A part of an image around an object: smaller by the zoom, and never larger than the image. */
function zoomedRegion(image: Size, { width, height }: Size, object: Region, zoom: number): Region {
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
