import { excerpt } from "../text/excerpt.ts";

/**
 * The only error that the checks language throws: an expression can't be parsed, or it asks something of a field that
 * the field doesn't have.
 */
export class ChecksError extends Error {
  override readonly name = "ChecksError";
  /** Position of the character at which parsing stopped, counted from 1. */
  readonly position: number;
  /** What is wrong at that position, in visible ASCII and without the position itself. */
  readonly problem: string;

  /**
   * @param offset counted from 0
   * @param problem may contain a caller's words only as `quote` returns them
   */
  constructor(offset: number, problem: string) {
    super(`position ${offset + 1}: ${problem}`);
    this.position = offset + 1;
    this.problem = problem;
  }
}

/** Quotes a caller's words for an error message. */
export function quote(text: string): string {
  return `"${excerpt(text)}"`;
}
