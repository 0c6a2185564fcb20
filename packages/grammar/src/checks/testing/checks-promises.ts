import { isDeepStrictEqual } from "node:util";
import type { Checks } from "../checks.ts";
import { ChecksError } from "../checks-error.ts";
import { evaluateChecks } from "../evaluate.ts";
import { parseChecks } from "../parse.ts";
import { printChecks } from "../print.ts";
import { earlyFacts, sampleFacts, sampleFields } from "./sample-facts.ts";

/**
 * Checks what must hold for every text. A text is either refused with a `ChecksError` at a position within it, or read.
 * An expression that was read can be judged, and its printed form is read as the same expression.
 * @returns whether the text was read
 */
export function checkPromises(text: string): boolean {
  const checks = read(text);
  if (checks === undefined) return false;
  const printed = printChecks(checks);
  const again = parseChecks(printed, sampleFields);
  if (!isDeepStrictEqual(shapeOf(again), shapeOf(checks))) throw new Error(`${text} was printed as ${printed}`);
  const early = evaluateChecks(checks, earlyFacts);
  const late = evaluateChecks(checks, sampleFacts);
  if (late.outcome === "fails" && !text.includes(late.condition)) throw new Error(`not in the text: ${late.condition}`);
  if (early.outcome !== "undecided" && early.outcome !== late.outcome) throw new Error(`decided too early: ${text}`);
  return true;
}

function read(text: string): Checks | undefined {
  try {
    return parseChecks(text, sampleFields);
  } catch (error) {
    if (!(error instanceof ChecksError)) throw error;
    const { position, message } = error;
    if (position < 1 || position > text.length + 1 || !/^[\x20-\x7e]{1,200}$/.test(message)) throw new Error(message);
    return undefined;
  }
}

/** Removes the texts as written, so that two spellings of one expression are equal. */
function shapeOf(checks: Checks): unknown {
  const { text: _, ...rest } = checks;
  return rest.kind === "comparison" ? rest : { ...rest, operands: rest.operands.map(shapeOf) };
}
