import { excerpt } from "../text/excerpt.ts";
import { transformationBounds } from "./transformation-bounds.ts";

const { characters, steps, parameters, layerDepth, nameDepth } = transformationBounds;

/**
 * Everything that can be wrong with a transformation. The text becomes the second half of the `ik-error` header, after
 * `EINVALID - `. The caller causes each of these errors, so they answer 400 (docs/protocol/transformations.md §9).
 */
export const transformationProblems = {
  UNKNOWN_PARAMETER: "Unsupported transformation parameter: {text}",
  INVALID_VALUE: "Invalid value of transformation parameter {text}",
  TOO_LONG: `Transformation has more than ${characters.max} characters`,
  TOO_MANY_STEPS: `Transformation has more than ${steps.max} steps`,
  TOO_MANY_PARAMETERS: `Transformation has more than ${parameters.max} parameters`,
  INVALID_ENCODING: "Transformation is not encoded in UTF-8: {text}",
  UNKNOWN_LAYER: "Unsupported layer: {text}",
  LAYER_NOT_CLOSED: "Layer without l-end: {text}",
  LAYERS_TOO_DEEP: `Layers are nested more than ${layerDepth.max} deep: {text}`,
  LAYER_WITHOUT_INPUT: "Layer without input: {text}",
  OFFSETS_CONFLICT: "Layer parameters exclude each other: {text}",
  INVALID_CONDITION: "Invalid condition: {text}",
  CONDITION_NOT_CLOSED: "Condition without if-end: {text}",
  CONDITION_NOT_ALONE: "A condition must be alone in its step: {text}",
  CONDITIONS_NESTED: "Conditions can't be nested: {text}",
  STRAY_DELIMITER: "Nothing is open that this could close: {text}",
  UNKNOWN_NAME: "Unknown named transformation: {text}",
  NAMES_TOO_DEEP: `Named transformations are nested more than ${nameDepth.max} deep: {text}`,
  NAMES_TOO_LONG: `Named transformations stand for more than ${steps.max} steps or ${parameters.max} parameters: {text}`,
  NOT_A_SIZE: "Arithmetic expression gives no usable number: {text}",
  AI_NOT_AVAILABLE: "AI transformation not available",
  SEVERAL_AI: "A step takes one AI transformation, chain the others with a colon: {text}",
} as const satisfies Record<string, string>;

export type TransformationProblem = keyof typeof transformationProblems;

/** The only error that parsing and checking a transformation throws. Its message is short and in visible ASCII. */
export class TransformationError extends Error {
  override readonly name = "TransformationError";
  readonly problem: TransformationProblem;

  /** @param text the caller's text that the message names, if it names one */
  constructor(problem: TransformationProblem, text = "") {
    super(transformationProblems[problem].replace("{text}", () => excerpt(text)));
    this.problem = problem;
  }
}
