import type { Condition } from "./condition.ts";
import type { ParameterValues, PlacementValues } from "./parameters/parameter-values.ts";
import type { LibraryPath } from "./values/path.ts";

/** A checked transformation: every value is valid for its parameter. Steps run one after the other. */
export interface Transformation {
  readonly steps: readonly Step[];
}

export type Step = ParameterStep | ConditionalStep;

/**
 * Parameters in no particular order, and the layers drawn over the result, in order. A step has at least one parameter
 * or layer.
 */
export interface ParameterStep {
  readonly kind: "parameters";
  readonly parameters: Parameters;
  readonly layers: readonly Layer[];
}

export type Parameters = Readonly<Partial<ParameterValues>>;

/** If the condition doesn't hold and there is no `whenFalse`, the picture stays as it is. */
export interface ConditionalStep {
  readonly kind: "conditional";
  readonly condition: Condition;
  readonly whenTrue: readonly Step[];
  readonly whenFalse: readonly Step[] | undefined;
}

interface LayerOf<Kind extends string> {
  readonly kind: Kind;
  readonly placement: Readonly<Partial<PlacementValues>>;
  /** The transformation of the layer itself, before it is drawn on its parent. */
  readonly steps: readonly Step[];
}

export type Layer =
  | (LayerOf<"image" | "video" | "subtitles"> & { readonly path: LibraryPath })
  | (LayerOf<"text"> & { readonly text: string })
  /** A block of one colour or of a gradient: `ik_canvas`. */
  | LayerOf<"canvas">;
