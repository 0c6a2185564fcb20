import { type Numeric, TransformationError } from "@sluice/grammar";

/**
 * Reads a number of the URL.
 * @throws TransformationError for arithmetic, which must have been worked out before
 */
export function readNumber(value: Numeric, key: string): number {
  if (typeof value === "object") throw new TransformationError("UNKNOWN_PARAMETER", key);
  return value;
}
