import { type Size, wholePixels } from "../pixels/geometry.ts";

/** The size that a step asks for, with arithmetic already worked out. */
export interface SizeParameters {
  /** Pixels if it is at least 1, or else a fraction of the step's input. `auto` is the client's hint. */
  readonly width?: number | "auto" | undefined;
  readonly height?: number | undefined;
  /** Width divided by height. */
  readonly aspectRatio?: number | undefined;
  readonly dpr?: number | "auto" | undefined;
}

/** The hints that a client sends, already checked (docs/protocol/delivery.md §9.4). */
export interface ClientHints {
  /** `Sec-CH-Width`, in physical pixels. */
  readonly width?: number | undefined;
  /** `Sec-CH-DPR`. */
  readonly dpr?: number | undefined;
}

/** The target size is what a step fixes of its output's size: both sides, one side, a ratio alone, or nothing. */
export type TargetSize =
  | { readonly kind: "box"; readonly box: Size }
  | { readonly kind: "side"; readonly factor: number }
  | { readonly kind: "ratio"; readonly ratio: number }
  | { readonly kind: "none" };

/** A larger number isn't a dimension (docs/protocol/transformations.md §5.1). */
const maxDimension = 65_535;
/** A density that would make a side longer than this is dropped. */
const maxDenseSide = 5000;
const widthStep = 100;

/** Works out the size that a step asks for (docs/protocol/transformations.md §5.1). */
export function targetSize(input: Size, parameters: SizeParameters, hints: ClientHints): TargetSize {
  const { aspectRatio: ratio } = parameters;
  const width = sideOf(hintedWidth(parameters.width, hints), input.width);
  const height = sideOf(parameters.height, input.height);
  if (width === undefined && height === undefined) {
    return ratio === undefined ? { kind: "none" } : { kind: "ratio", ratio };
  }
  const sides = { width: width ?? derived(height, ratio), height: height ?? derived(width, ratio && 1 / ratio) };
  const density = densityOf(parameters, hints);
  if (sides.width !== undefined && sides.height !== undefined) {
    return { kind: "box", box: dense({ width: sides.width, height: sides.height }, density) };
  }
  const factor = sides.width === undefined ? (sides.height ?? 0) / input.height : sides.width / input.width;
  const size = { width: input.width * factor, height: input.height * factor };
  return { kind: "side", factor: fits(size, density) ? factor * density : factor };
}

/** The kinds of target that a step may turn out to have. They follow from its size and the hints, whatever the picture. */
export function targetKinds(parameters: SizeParameters): readonly TargetSize["kind"][] {
  return [{}, { width: 1 }].map((hints) => targetSize({ width: 1, height: 1 }, parameters, hints).kind);
}

function dense(box: Size, density: number): Size {
  const factor = fits(box, density) ? density : 1;
  return { width: wholePixels(box.width * factor), height: wholePixels(box.height * factor) };
}

function fits({ width, height }: Size, density: number): boolean {
  const sides = [width * density, height * density];
  return sides.every((side) => side >= 1 && side <= maxDenseSide);
}

function sideOf(length: number | undefined, input: number): number | undefined {
  if (length === undefined || length > maxDimension) return undefined;
  return length < 1 ? input * length : length;
}

function derived(side: number | undefined, ratio: number | undefined): number | undefined {
  return side === undefined || ratio === undefined ? undefined : side * ratio;
}

/**
 * Rounds the hinted width up, so that a layout that moves by a few pixels asks for the same picture
 * (docs/protocol/delivery.md §9.4).
 */
function hintedWidth(width: SizeParameters["width"], hints: ClientHints): number | undefined {
  if (width !== "auto") return width;
  return hints.width === undefined ? undefined : Math.ceil(hints.width / widthStep) * widthStep;
}

function densityOf({ width, dpr = 1 }: SizeParameters, hints: ClientHints): number {
  if (dpr !== "auto") return dpr;
  // A hinted width already counts physical pixels.
  return width === "auto" && hints.width !== undefined ? 1 : (hints.dpr ?? 1);
}
