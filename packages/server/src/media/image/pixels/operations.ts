import type sharp from "sharp";
import type { Sharp } from "sharp";
import type { Colour } from "./colour.ts";
import type * as frames from "./frames.ts";
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
 * One operation on the pixels, in absolute numbers. The first operation gets an image that is upright and in sRGB. The
 * size that an operation names is the size of its result.
 */
export type Operation =
  | ({ readonly kind: "extract" } & Region)
  /** Cuts out a region of this size around the spot that draws the eye (`fo-auto`). */
  | ({ readonly kind: "extract-salient" } & Size)
  | ({ readonly kind: "scale" } & Size)
  | ({ readonly kind: "pad"; readonly background: Colour } & Margins)
  /** Fills the padding with the blurred image itself. `brightness` is added to each channel. */
  | ({ readonly kind: "pad-blurred"; readonly sigma: number; readonly brightness: number } & Margins)
  /**
   * Fills the padding with the most frequent colours of the image's edges: of all edges together, of two edges that
   * face each other, or of the corners.
   */
  | ({ readonly kind: "pad-dominant"; readonly colours: 1 | 2 | 4 } & Margins)
  | { readonly kind: "flatten"; readonly background: Colour }
  | EffectOperation;

/** The operation of an effect. Unlike the other operations, it brings its own implementation. */
export interface EffectOperation {
  readonly kind: "effect";
  /** The size of the result, where it differs from the size of the input. */
  readonly size?: Size;
  /** The member is set when the effect moves what the picture shows, although the size may stay. */
  readonly movesPixels?: true;
  /** Whether the effect may make opaque pixels transparent. */
  readonly addsAlpha?: boolean;
  /** The step's background is laid under the result as if the background were opaque. */
  readonly onOpaqueBackground?: true;
  /**
   * The member is set when a pixel's result depends on that pixel alone, or on all pixels of all frames. Frames then
   * needn't be told apart.
   */
  readonly wholeAtOnce?: true;
  /** The member is set when the effect works on a copy of its input, which takes as much memory again. */
  readonly copiesInput?: true;
  /**
   * @param frame one frame, or all as one tall image
   * @param tools the image library, which only the processes that decode have
   */
  readonly apply: (image: Sharp, frame: Frames, work: Work, tools: PixelTools) => Sharp | Promise<Sharp>;
}

/** The tools with which effects make new images. The server reads effects too, and doesn't load the image library. */
export interface PixelTools extends Pick<typeof frames, "frameImage" | "toFrames"> {
  readonly sharp: typeof sharp;
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
