import type { Region, Size } from "./geometry.ts";

/** Each from 0 to 255, `alpha` from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Horizontal and vertical radius of one corner. */
export interface CornerRadius {
  readonly x: number;
  readonly y: number;
}

/**
 * One thing that is done to the pixels, in absolute numbers. The image is upright and in sRGB when the first one gets it.
 * `size` of an operation is what comes out of it.
 */
export type Operation =
  | ({ readonly kind: "extract" } & Region)
  /** As large as said, around the spot that draws the eye (`fo-auto`). */
  | ({ readonly kind: "extract-salient" } & Size)
  | ({ readonly kind: "scale" } & Size)
  | ({ readonly kind: "pad"; readonly background: Colour } & Margins)
  /** The image itself, blurred, fills what is padded. `brightness` is added to each channel. */
  | ({ readonly kind: "pad-blurred"; readonly sigma: number; readonly brightness: number } & Margins)
  /** The most frequent colours of the image's edges: of all together, of two that face each other, or of the corners. */
  | ({ readonly kind: "pad-dominant"; readonly colours: 1 | 2 | 4 } & Margins)
  | { readonly kind: "contrast" }
  | { readonly kind: "grayscale" }
  | { readonly kind: "blur"; readonly sigma: number }
  | { readonly kind: "sharpen"; readonly sigma: number }
  | {
      readonly kind: "unsharp";
      readonly sigma: number;
      readonly amount: number;
      /** 0 to 1. */
      readonly threshold: number;
    }
  | { readonly kind: "flip"; readonly horizontal: boolean; readonly vertical: boolean }
  /** Clockwise. The canvas grows where the angle isn't right; `background` fills its corners. */
  | ({ readonly kind: "turn"; readonly degrees: number; readonly background: Colour } & Size)
  /** Corners from the top left one, clockwise; what is cut off is transparent. */
  | { readonly kind: "round"; readonly corners: readonly [CornerRadius, CornerRadius, CornerRadius, CornerRadius] }
  /** 0 to 1, multiplied with what transparency there is. */
  | { readonly kind: "fade"; readonly opacity: number }
  | { readonly kind: "flatten"; readonly background: Colour };

export type OperationKind = Operation["kind"];

export const transparent: Colour = { r: 0, g: 0, b: 0, alpha: 0 };
export const black: Colour = { r: 0, g: 0, b: 0, alpha: 1 };

export function sizeAfter({ width, height }: Size, operation: Operation): Size {
  if ("width" in operation) return { width: operation.width, height: operation.height };
  if ("left" in operation) {
    const { top, right, bottom, left } = operation;
    return { width: width + left + right, height: height + top + bottom };
  }
  return { width, height };
}
