import {
  type EffectKey as FirstTierKey,
  type Numeric,
  type ParameterValues,
  TransformationError,
} from "@sluice/grammar";
import type { Colour } from "../pixels/colour.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Operation } from "../pixels/operations.ts";

/**
 * The keys of the effects. `t` (trim) isn't one of them here: everything that follows depends on how much it cuts
 * off, so the trim is planned before the rest of its step (plan/plan.ts).
 */
export type EffectKey = Exclude<FirstTierKey, "t">;

/** The picture that an effect is applied to. */
export interface EffectInput {
  readonly size: Size;
  /** Whether pixels may be transparent. */
  readonly alpha: boolean;
  /** The colour of pixels that the effect adds, where the step names one. */
  readonly fill: Colour | undefined;
}

/** One effect of the URL's language: its key, its arguments, and what it does to the pixels. */
export interface Effect<Key extends EffectKey, Name extends string, Arguments> {
  readonly key: Key;
  /** The effect's name in a step. */
  readonly name: Name;
  /**
   * The arguments that a value in the URL stands for, in the ranges of docs/protocol/transformations.md §6.1.
   * @returns undefined for a value that asks for no effect on the pixels
   */
  readonly read: (value: ParameterValues[Key]) => Arguments | undefined;
  /** @returns undefined where these arguments change nothing */
  readonly plan: (effectArguments: Arguments, input: EffectInput) => Operation | undefined;
  /** The processor time for each megapixel of the step, as measured with photographs; 0 where it is less than the noise. */
  readonly msPerMegapixel: number;
  /** The result isn't written as AVIF unless AVIF is asked for. */
  readonly excludesAvif?: true;
}

export function effect<Key extends EffectKey, const Name extends string, Arguments>(
  record: Effect<Key, Name, Arguments>,
): Effect<Key, Name, Arguments> {
  return record;
}

/**
 * Reads a number of the URL.
 * @throws TransformationError for arithmetic, which must have been worked out before
 */
export function readNumber(value: Numeric, key: string): number {
  if (typeof value === "object") throw new TransformationError("UNKNOWN_PARAMETER", key);
  return value;
}
