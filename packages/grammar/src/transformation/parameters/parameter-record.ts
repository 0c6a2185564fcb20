import type { Shape } from "../shape.ts";

/**
 * The tier says when a parameter is executed: in the first release, with models that generate or segment, or only on
 * videos (docs/protocol/transformations.md).
 */
export type Tier = "T1" | "T3" | "video";

/** The kind of file that the whole transformation is applied to. */
export type Medium = "image" | "video";

/** The kinds of content that a layer shows. A canvas is a block of one colour or gradient. */
export const layerKinds = ["image", "canvas", "text", "video", "subtitles"] as const;
export type LayerKind = (typeof layerKinds)[number];

export interface ParameterRecord<Value> {
  /** The names that the official SDKs have for the parameter. */
  readonly sdk: readonly string[];
  readonly shape: Shape<Value>;
  readonly tier: Tier;
  /** Values that need a higher tier than the parameter itself. */
  readonly beyond?: {
    /** The values, in words for the reference. */
    readonly values: string;
    readonly tier: Tier;
    readonly includes: (value: Value) => boolean;
  };
  /**
   * Kinds of assets on which the parameter has an effect. It is ignored on others
   * (docs/protocol/transformations.md §9).
   */
  readonly media: readonly Medium[];
  /** Kinds of layers that accept the parameter. */
  readonly layers: readonly LayerKind[];
  /** The default, as it would be written. */
  readonly standard?: string;
  readonly description: string;
}

/**
 * Records whose value types aren't named: each value's type follows from its shape. parameters.ts, which puts the
 * groups together, checks that `beyond` takes the same type of value.
 */
export type AnyParameterRecords = Readonly<Record<string, AnyParameterRecord>>;

type AnyParameterRecord = Omit<ParameterRecord<never>, "shape"> & {
  readonly shape: Pick<Shape<never>, "values" | "print"> & { readonly parse: Shape<unknown>["parse"] };
};

/** The values of a group of records, by key. */
export type ValuesOf<Records extends AnyParameterRecords> = {
  readonly [Key in keyof Records]: Records[Key]["shape"] extends Shape<infer Value> ? Value : never;
};

export const everyMedium: readonly Medium[] = ["image", "video"];
