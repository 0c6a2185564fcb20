import type { Condition } from "./condition.ts";
import type { ParameterValues, PlacementValues } from "./parameters/parameter-values.ts";
import type { LibraryPath } from "./values/path.ts";

/** A checked transformation: every value is one that its parameter can have. Steps run one after the other. */
export interface Transformation {
  readonly steps: readonly Step[];
}

export type Step = ParameterStep | ConditionalStep;

/** Parameters in no order, and what is laid over the result, in order. Never without any of both. */
export interface ParameterStep {
  readonly kind: "parameters";
  readonly parameters: Parameters;
  readonly layers: readonly Layer[];
}

export type Parameters = Readonly<Partial<ParameterValues>>;

/** A condition that doesn't hold, without `whenFalse`, leaves the picture as it is. */
export interface ConditionalStep {
  readonly kind: "conditional";
  readonly condition: Condition;
  readonly whenTrue: readonly Step[];
  readonly whenFalse: readonly Step[] | undefined;
}

interface LayerOf<Kind extends string> {
  readonly kind: Kind;
  readonly placement: Readonly<Partial<PlacementValues>>;
  /** What is done to the layer itself before it is laid over its parent. */
  readonly steps: readonly Step[];
}

export type Layer =
  | (LayerOf<"image" | "video" | "subtitles"> & { readonly path: LibraryPath })
  | (LayerOf<"text"> & { readonly text: string })
  /** A block of one colour or of a gradient: `ik_canvas`. */
  | LayerOf<"canvas">;
