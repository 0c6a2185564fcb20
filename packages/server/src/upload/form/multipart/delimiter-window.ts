const carriageReturn = 0x0d;
const empty = Buffer.alloc(0);

/**
 * Cuts the current chunk at the delimiter `CR LF --boundary`, even where the delimiter is split between chunks.
 *
 * No content is kept between chunks. The delimiter contains CR at its start only. One number therefore tells how much
 * of the delimiter the end of a chunk holds, and no byte is looked at twice after a near-miss. The time is linear for
 * any input.
 */
export class DelimiterWindow {
  readonly #delimiter: Buffer;
  /** The number of bytes of the delimiter that the bytes before `position` spell. */
  #matched = 0;
  /** The number of the matched bytes that were only assumed, and so aren't content. */
  #assumed = 0;
  chunk: Buffer = empty;
  /** The position in `chunk` at which the unread bytes begin. */
  position = 0;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
    this.assumeLineBreak();
  }

  /** Takes the next chunk. The last one must be used up. */
  push(chunk: Uint8Array): void {
    this.chunk = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.position = 0;
  }

  /**
   * A form may begin with `--boundary`, and the blank line after a part's headers may be the line break of the next
   * delimiter (RFC 2046 §5.1.1 has parts without a body): there the delimiter needs no CR LF of its own.
   */
  assumeLineBreak(): void {
    this.#matched = 2;
    this.#assumed = 2;
  }

  /** Whether the bytes read last may be the start of a delimiter. */
  get withinDelimiter(): boolean {
    return this.#matched > 0;
  }

  /**
   * Reads the next bytes before the delimiter.
   * @returns the bytes (never an empty slice), `null` right after the delimiter, `undefined` when the chunk is used up
   */
  read(): Buffer | null | undefined {
    if (this.#matched > 0) return this.#continueMatch();
    const { chunk, position } = this;
    if (position === chunk.length) return undefined;
    const delimiter = this.#delimiter;

    const found = chunk.indexOf(delimiter, position);
    if (found !== -1) {
      this.position = found + delimiter.length;
      if (found === position) return null;
      this.#matched = delimiter.length;
      return chunk.subarray(position, found);
    }

    // The caller may release the memory of the bytes, so the chunk is not looked at again.
    this.chunk = empty;
    this.position = 0;
    const tail = chunk.lastIndexOf(carriageReturn);
    const length = chunk.length - tail;
    if (tail < position || length >= delimiter.length || !this.#spells(chunk, 0, tail, chunk.length)) {
      return chunk.subarray(position);
    }
    this.#matched = length;
    return tail === position ? undefined : chunk.subarray(position, tail);
  }

  #continueMatch(): Buffer | null | undefined {
    const { chunk, position } = this;
    const delimiter = this.#delimiter;
    const matched = this.#matched;
    const end = Math.min(position + delimiter.length - matched, chunk.length);
    if (this.#spells(chunk, matched, position, end)) {
      this.position = end;
      this.#matched += end - position;
      if (this.#matched < delimiter.length) return undefined;
      this.#matched = 0;
      this.#assumed = 0;
      return null;
    }
    // The bytes held back were content. They equal the delimiter's own bytes, which are copied because the caller may
    // change what it gets.
    const held = delimiter.subarray(this.#assumed, matched);
    this.#matched = 0;
    this.#assumed = 0;
    return held.length === 0 ? this.read() : Buffer.from(held);
  }

  /** Whether the chunk, from `start` to `end`, spells the delimiter from `from` on. */
  #spells(chunk: Buffer, from: number, start: number, end: number): boolean {
    // The first byte nearly always decides, and saves the cost of a native call.
    if (start === end) return true;
    if (chunk[start] !== this.#delimiter[from]) return false;
    return this.#delimiter.compare(chunk, start, end, from, from + end - start) === 0;
  }
}
