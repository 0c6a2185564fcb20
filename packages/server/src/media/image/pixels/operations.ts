import type { Sharp } from "sharp";
import type { Colour } from "./colour.ts";
import type { Frames } from "./frames.ts";
import type { Region, Size } from "./geometry.ts";
import type { Work } from "./work.ts";

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * One thing that is done to the pixels, in absolute numbers. The image is upright and in sRGB when the first one gets it.
 * The size that an operation names is what comes out of it.
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
  | { readonly kind: "flatten"; readonly background: Colour }
  | EffectOperation;

/** What an effect does. Unlike the other operations, it says itself how it is done. */
export interface EffectOperation {
  readonly kind: "effect";
  /** What comes out of it, where that isn't as large as what goes in. */
  readonly size?: Size;
  /** Whether pixels may be transparent afterwards that weren't before. */
  readonly addsAlpha?: boolean;
  /** The background of the step is laid under the result as if it were opaque. */
  readonly onOpaqueBackground?: true;
  /**
   * Whether a pixel's result depends on that pixel, or on all pixels of all frames, so that frames needn't be told apart.
   */
  readonly wholeAtOnce?: true;
  /** @param frame one frame, or all as one tall image */
  readonly apply: (image: Sharp, frame: Frames, work: Work) => Sharp | Promise<Sharp>;
}

export type OperationKind = Operation["kind"];

/** The size that an operation names. */
export function namedSize(operation: Operation): Size | undefined {
  if (operation.kind === "effect") return operation.size;
  return "width" in operation ? { width: operation.width, height: operation.height } : undefined;
}

export function sizeAfter({ width, height }: Size, operation: Operation): Size {
  if ("left" in operation && "right" in operation) {
    const { top, right, bottom, left } = operation;
    return { width: width + left + right, height: height + top + bottom };
  }
  return namedSize(operation) ?? { width, height };
}

export function addsAlpha(operation: Operation): boolean {
  if (operation.kind === "effect") return operation.addsAlpha === true;
  return operation.kind === "pad" && operation.background.alpha < 1;
}
