import { type Property, TransformationError, type VariableValues } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import type { Size } from "../pixels/geometry.ts";

/** The sizes that arithmetic and conditions may speak of at one place of a transformation. */
export interface KnownSizes {
  /** The file's size as it is shown. In a layer it is the size of what the layer shows. */
  readonly initial: Size;
  /** The size after the step before. */
  readonly current: Size;
  /** The size of what a layer lies on. */
  readonly parent?: Size;
}

/** The values of arithmetic's variables (docs/protocol/transformations.md §3). */
export function variablesOf({ initial, current, parent }: KnownSizes): VariableValues {
  return {
    ...{ iw: initial.width, ih: initial.height, iar: ratioOf(initial) },
    ...{ cw: current.width, ch: current.height, car: ratioOf(current) },
    ...(parent !== undefined && parentVariablesOf(parent)),
  };
}

/** The values of the variables that blocks and texts may use, which have no size before they are drawn. */
export function parentVariablesOf(parent: Size): VariableValues {
  return { bw: parent.width, bh: parent.height, bar: ratioOf(parent) };
}

/** The values of what conditions compare (docs/protocol/transformations.md §4). */
export function propertiesOf({ initial, current }: KnownSizes): Readonly<Record<Property, number>> {
  return {
    ...{ w: current.width, h: current.height, ar: ratioOf(current) },
    ...{ iw: initial.width, ih: initial.height, iar: ratioOf(initial) },
  };
}

/**
 * Turns an error of the transformation language into one of the picture, because it depends on the sizes.
 * @throws MediaError ETRANSFORMATION
 */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TransformationError)) throw error;
    throw new MediaError("ETRANSFORMATION", error.message, { cause: error });
  }
}

function ratioOf({ width, height }: Size): number {
  return width / height;
}
