import type { Shape } from "../shape.ts";

/**
 * When a parameter is executed: with the first release, with layers and effects, with models that generate or segment,
 * or on videos alone (docs/protocol/transformations.md).
 */
export type Tier = "T1" | "T2" | "T3" | "video";

/** What the whole transformation is applied to. */
export type Medium = "image" | "video";

/** What a layer shows; a canvas is a block of one colour or gradient. */
export const layerKinds = ["image", "canvas", "text", "video", "subtitles"] as const;
export type LayerKind = (typeof layerKinds)[number];

export interface ParameterRecord<Value> {
  /** By which the official SDKs know it. */
  readonly sdk: readonly string[];
  readonly shape: Shape<Value>;
  readonly tier: Tier;
  /** Values that need more than the parameter itself does, in words and by their tier; arithmetic is T2 everywhere. */
  readonly beyond?: { readonly values: string; readonly tierOf: (value: Value) => Tier };
  /** Assets that it has an effect on; elsewhere it is ignored (docs/protocol/transformations.md §9). */
  readonly media: readonly Medium[];
  /** Layers that take it. */
  readonly layers: readonly LayerKind[];
  /** What an absent one means, as it would be written. */
  readonly standard?: string;
  readonly description: string;
}

/**
 * Records whose values aren't named: each value's type follows from its shape. That `beyond` is about the same values is
 * checked where the groups are put together (parameters.ts).
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
