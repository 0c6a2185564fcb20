import { excerpt } from "../text/excerpt.ts";

/** The only error of the checks' language: the expression can't be read, or asks something of a field that it doesn't have. */
export class ChecksError extends Error {
  override readonly name = "ChecksError";
  /** Of the character at which reading ended, counted from 1. */
  readonly position: number;
  /** What is wrong there, in visible ASCII, without its position. */
  readonly problem: string;

  /**
   * @param offset counted from 0
   * @param problem may hold a caller's words only as `quote` has made them
   */
  constructor(offset: number, problem: string) {
    super(`position ${offset + 1}: ${problem}`);
    this.position = offset + 1;
    this.problem = problem;
  }
}

/** A caller's words inside a message. */
export function quote(text: string): string {
  return `"${excerpt(text)}"`;
}
