import { type Piece, type Step, stepsIn, textOfPiece, withValue } from "./steps.ts";

const closers: readonly string[] = ["l-end", "if-else", "if-end"];

/**
 * Reads steps that are typed into the text of others.
 * @returns undefined if they would take more of that text into a block, or would end a block of it
 */
export function wholeStepsIn(text: string): readonly Step[] | undefined {
  const steps = stepsIn(text).filter((step) => step.length > 0);
  return steps.every(isWhole) ? steps : undefined;
}

function isWhole(step: Step): boolean {
  return step.every((piece) => {
    if (piece.kind === "parameter") return !closers.includes(textOfPiece(piece));
    const inner = piece.kind === "layer" ? piece.steps : [...piece.whenTrue, ...(piece.whenFalse ?? [])];
    return piece.isClosed && inner.every(isWhole);
  });
}

/** Reads what is typed as a part of one step. @returns undefined if it is more than that */
export function wholeStepIn(text: string): Step | undefined {
  const [step = [], ...more] = wholeStepsIn(text) ?? [undefined, []];
  return more.length === 0 ? step : undefined;
}

type IsOther = (piece: Piece) => boolean;

/** Sets those parameters of a step that have no control, where they stood before. */
export function withOthers(step: Step, others: Step, isOther: IsOther): Step {
  const first = step.findIndex(isOther);
  // Parameters stand before the blocks, as people write them.
  const at = first < 0 ? step.findLastIndex(({ kind }) => kind === "parameter") + 1 : first;
  const rest = step.filter((piece) => !isOther(piece));
  return [...rest.slice(0, at), ...others, ...rest.slice(at)];
}

/** Sets all that was typed among those parameters: what has a control goes to its own place, and blocks go to the end. */
export function withTyped(step: Step, typed: Step, isOther: IsOther): Step {
  let set = withOthers(step, typed.filter(isOther), isOther);
  for (const piece of typed) {
    if (piece.kind === "parameter" && !isOther(piece)) set = withValue(set, piece.key, piece.value ?? "");
  }
  return [...set, ...typed.filter(({ kind }) => kind !== "parameter")];
}
