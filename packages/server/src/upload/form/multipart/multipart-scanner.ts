import { DelimiterWindow } from "./delimiter-window.ts";
import { enforceLimit, MultipartError, type MultipartLimits } from "./multipart-error.ts";
import { type PartHeaders, parsePartHeaders } from "./part-headers.ts";

type State = LineState | "preamble" | "headers" | "body" | "epilogue";
type LineState = "delimiter" | "padding" | "line feed" | "dash" | "closed";

const [tab, lineFeed, carriageReturn, space, dash] = [0x09, 0x0a, 0x0d, 0x20, 0x2d] as const;

/**
 * The bytes that may follow `--boundary` on its line: blanks and CR LF, or `--` (RFC 2046 §5.1.1). Anything else is an
 * error, even after `--`: a line in a file that merely begins like the closing boundary must not silently cut the file
 * short.
 */
const delimiterLine: Readonly<Record<LineState, Readonly<Record<number, State>>>> = {
  delimiter: { [space]: "padding", [tab]: "padding", [carriageReturn]: "line feed", [dash]: "dash" },
  padding: { [space]: "padding", [tab]: "padding", [carriageReturn]: "line feed" },
  "line feed": { [lineFeed]: "headers" },
  dash: { [dash]: "closed" },
  closed: { [space]: "closed", [tab]: "closed", [carriageReturn]: "epilogue", [lineFeed]: "epilogue" },
};

/**
 * The grammar of multipart without any I/O: chunks go in, headers and slices of bodies come out. Each reading method
 * returns `undefined` when it needs another chunk first. After a method has thrown a MultipartError, the scanner can't
 * be used any more.
 */
export class MultipartScanner {
  readonly #window: DelimiterWindow;
  readonly #headers: HeaderBlockReader;
  readonly #limits: MultipartLimits;
  #state: State = "preamble";
  #ended = false;
  #parts = 0;
  #preambleBytes = 0;
  #paddingBytes = 0;
  #epilogueBytes = 0;

  constructor(boundary: string, limits: MultipartLimits) {
    this.#window = new DelimiterWindow(boundary);
    this.#headers = new HeaderBlockReader(limits.headerBytes);
    this.#limits = limits;
  }

  /** Takes the next chunk; the last one must be used up. Callers get slices of the chunk, so it must not be reused. */
  push(chunk: Uint8Array): void {
    this.#window.push(chunk);
  }

  /** Tells the scanner that no more chunks come. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Reads the headers of the next part, or `null` after form and epilogue. The last body must have been read to its
   * end.
   */
  readHeaders(): PartHeaders | null | undefined {
    for (;;) {
      switch (this.#state) {
        case "preamble":
          if (!this.#skipPreamble()) return this.#starve();
          break;
        case "headers": {
          const lines = this.#headers.read(this.#window);
          if (lines === undefined) return this.#starve();
          this.#state = "body";
          this.#window.assumeLineBreak();
          return parsePartHeaders(lines);
        }
        case "body":
          throw new Error("The body of the last part has not been read to its end.");
        case "epilogue":
          this.#skipEpilogue();
          return this.#starve();
        default:
          if (!this.#readDelimiterLine(this.#state)) return this.#starve();
      }
    }
  }

  /** Reads the next bytes of the current part's body (never an empty slice), or `null` at its end. */
  readBody(): Buffer | null | undefined {
    if (this.#state !== "body") return null;
    const bytes = this.#window.read();
    if (bytes === undefined) return this.#starve();
    if (bytes === null) this.#state = "delimiter";
    return bytes;
  }

  #skipPreamble(): boolean {
    const bytes = this.#window.read();
    if (bytes === undefined) return false;
    if (bytes === null) {
      this.#state = "delimiter";
    } else {
      this.#preambleBytes += bytes.length;
      enforceLimit(this.#preambleBytes, this.#limits.preambleBytes, "bytes before the first boundary");
    }
    return true;
  }

  #readDelimiterLine(state: LineState): boolean {
    const byte = this.#window.chunk[this.#window.position];
    if (byte === undefined) return false;
    const next = delimiterLine[state][byte];
    if (next === undefined) {
      throw new MultipartError(
        "INVALID",
        "A boundary must be followed by CR LF, or by two hyphens at the end of the form.",
      );
    }
    this.#window.position++;
    if (next === "headers") {
      this.#paddingBytes = 0;
      enforceLimit(++this.#parts, this.#limits.parts, "parts");
    } else if (byte === space || byte === tab) {
      enforceLimit(++this.#paddingBytes, this.#limits.headerBytes, "blanks behind a boundary");
    }
    this.#state = next;
    return true;
  }

  #skipEpilogue(): void {
    this.#epilogueBytes += this.#window.chunk.length - this.#window.position;
    this.#window.position = this.#window.chunk.length;
    enforceLimit(this.#epilogueBytes, this.#limits.epilogueBytes, "bytes after the closing boundary");
  }

  #starve(): null | undefined {
    if (!this.#ended) return undefined;
    if (this.#state === "closed" || this.#state === "epilogue") return null;
    if (this.#state === "preamble" && !this.#window.withinDelimiter) {
      throw new MultipartError("INVALID", "The form doesn't contain the boundary that its Content-Type names.");
    }
    throw new MultipartError("INCOMPLETE", "The form ended before its closing boundary.");
  }
}

const lineBreak = Buffer.from("\r\n");
const blankLine = Buffer.from("\r\n\r\n");

/** Reads the header lines of one part after another from the window, up to the blank line. */
class HeaderBlockReader {
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
