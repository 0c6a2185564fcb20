import { type Numeric, TransformationError } from "@sluice/grammar";

/**
 * Reads a number of the URL.
 * @throws TransformationError for arithmetic, which isn't built yet
 */
export function readNumber(value: Numeric, key: string): number {
  if (typeof value === "object") throw new TransformationError("UNKNOWN_PARAMETER", key);
  return value;
}
