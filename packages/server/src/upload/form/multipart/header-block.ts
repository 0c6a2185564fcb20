import type { DelimiterWindow } from "./delimiter-window.ts";
import { enforceLimit } from "./multipart-limits.ts";

const lineBreak = Buffer.from("\r\n");
const blankLine = Buffer.from("\r\n\r\n");

/** Cuts the header lines of one part after another out of the window, up to the blank line. */
export class HeaderBlockReader {
  readonly #limit: number;
  /** Collects lines that chunks split, behind the line break that precedes them; made when first needed. */
  #lines: Buffer | undefined;
  /** 0 when no lines are being collected. */
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The lines without the blank one, or `undefined` when the chunk is used up. Valid until the next call.
   * Searched from the line break before them, since the blank line begins with that one when there are none.
   */
  read(window: DelimiterWindow): Buffer | undefined {
    const { chunk, position } = window;
    const end = this.#length === 0 && position >= 2 ? chunk.indexOf(blankLine, position - 2) : -1;
    if (end === -1) return this.#collect(window);
    this.#enforce(end - position);
    window.position = end + blankLine.length;
    return chunk.subarray(position, end);
  }

  #collect(window: DelimiterWindow): Buffer | undefined {
    if (this.#lines === undefined) {
      this.#lines = Buffer.allocUnsafe(lineBreak.length + this.#limit + blankLine.length);
      lineBreak.copy(this.#lines);
    }
    const lines = this.#lines;
    const before = this.#length || lineBreak.length;
    const length = before + window.chunk.copy(lines, before, window.position);
    const end = lines.subarray(0, length).indexOf(blankLine, Math.max(0, before + 1 - blankLine.length));
    if (end === -1) {
      if (length === lines.length) this.#enforce(this.#limit + 1);
      this.#length = length;
      window.position += length - before;
      return undefined;
    }
    this.#length = 0;
    window.position += end + blankLine.length - before;
    return lines.subarray(lineBreak.length, end);
  }

  #enforce(bytes: number): void {
    enforceLimit(bytes, this.#limit, "bytes of headers in one part");
  }
}
