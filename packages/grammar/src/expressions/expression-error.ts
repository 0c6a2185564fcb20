import { excerpt } from "../text/excerpt.ts";

/**
 * The base class of the errors of the two languages of conditions, `checks` and searchQuery; each has a class of its
 * own.
 */
export abstract class ExpressionError extends Error {
  /** Position of the character at which parsing stopped, counted from 1. */
  readonly position: number;
  /** The problem at that position, in visible ASCII and without the position itself. */
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

/** The class of one language. */
export type ExpressionErrorClass = new (offset: number, problem: string) => ExpressionError;

/** Quotes a caller's words for an error message. */
export function quote(text: string): string {
  return `"${excerpt(text)}"`;
}
