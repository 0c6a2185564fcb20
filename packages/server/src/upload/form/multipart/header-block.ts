import type { DelimiterWindow } from "./delimiter-window.ts";
import { enforceLimit } from "./multipart-error.ts";

const lineBreak = Buffer.from("\r\n");
const blankLine = Buffer.from("\r\n\r\n");

/** Reads the header lines of one part after another from the window, up to the blank line. */
export class HeaderBlockReader {
  readonly #limit: number;
  /**
   * Collects lines that chunks split, after the line break that precedes them. The buffer is made when first needed.
   */
  #lines: Buffer | undefined;
  /** Bytes collected, with the line break before them; 0 when no lines are being collected. */
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Returns the lines without the blank one, or `undefined` when the chunk is used up. The result is valid until the
   * next call. The search starts at the line break before the lines: without any lines, the blank line begins with it.
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
