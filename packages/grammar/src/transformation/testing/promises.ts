import { isDeepStrictEqual } from "node:util";
import { canonicalText } from "../canonical.ts";
import { findDemands } from "../demands.ts";
import { onlyNames } from "../named.ts";
import { parseTransformation } from "../parse.ts";
import { printTransformation } from "../print.ts";
import type { TransformationForm } from "../tokenise.ts";
import type { Transformation } from "../transformation.ts";
import { TransformationError } from "../transformation-error.ts";

/**
 * Checks what must hold for every text. A text is either refused with a `TransformationError` whose message fits into a
 * header, or read. The printed form of what was read is read as the same transformation, and its canonical text is
 * stable.
 * @returns whether the text was read
 */
export function checkPromises(text: string, form: TransformationForm): boolean {
  let tree: Transformation;
  try {
    tree = parseTransformation([{ text, form }]);
  } catch (error) {
    if (!(error instanceof TransformationError)) throw error;
    if (!/^[\x20-\x7e]{1,120}$/.test(error.message)) throw new Error(`not a header's text: ${error.message}`);
    return false;
  }
  const printed = printTransformation(tree);
  requireEqual(parseTransformation([{ text: printed, form }]), tree, printed);
  if (!/^[\w.~!*'()@%,:-]*$/.test(printed)) throw new Error(`not encoded: ${printed}`);
  const canonical = canonicalText(tree);
  requireEqual(canonicalText(parseTransformation(canonical)), canonical, canonical);
  findDemands(tree, "image");
  onlyNames(tree);
  return true;
}

function requireEqual(actual: unknown, expected: unknown, text: string): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${text}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}

/** Does what a server does with an untrusted text. */
export function readAndPrint(text: string): void {
  try {
    canonicalText(parseTransformation(text));
  } catch (error) {
    if (!(error instanceof TransformationError)) throw error;
  }
}
