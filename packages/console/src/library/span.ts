import { call } from "../api/call.ts";
import { Problem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import { type FileRef, refOf } from "./items.ts";
import type { LibraryFile } from "./library-file.ts";
import type { Listing } from "./listing.ts";

/** The most objects on a page of the API. */
const pageSize = 1000;
/** The ends of a span are looked for among this many files before and behind the rows in which they stood. */
const maxMoved = 250;

/** The rows of a list that a span covers, counted from 0. `last` is infinite for all rows to the end of the list. */
export interface SpanRows {
  readonly first: number;
  readonly last: number;
  /** The list's `shift` when the rows were chosen. Files that come and go before them move them. */
  readonly shift: number;
}

/** The ids of the files in the first and the last row, where the view had loaded them. */
export interface SpanEnds {
  readonly first?: string | undefined;
  readonly last?: string | undefined;
}

/** A page of a list, from the beginning of the rows or from a cursor. */
export interface SpanPage {
  readonly files: readonly FileRef[];
  readonly cursor: string | undefined;
}

export type ReadPage = (
  listing: Listing,
  place: { readonly skip?: number; readonly cursor?: string; readonly limit: number },
  signal: AbortSignal,
) => Promise<SpanPage>;

/**
 * Files that follow each other in a list, whether the view has loaded them or not. They are named by their rows until they
 * have been asked for, and by their ids from then on.
 */
export class Span {
  readonly rows: SpanRows;
  readonly listing: Listing;
  readonly #ends: SpanEnds;
  readonly #read: ReadPage;
  #found: ReadonlyMap<string, FileRef> | undefined;
  #asking: Promise<ReadonlyMap<string, FileRef>> | undefined;
  #stop = new AbortController();
  readonly #waiting = new Set<(found: number) => void>();

  constructor(listing: Listing, rows: SpanRows, ends: SpanEnds = {}, read: ReadPage = readPage) {
    this.listing = listing;
    this.rows = rows;
    this.#ends = ends;
    this.#read = read;
  }

  /** The files by their ids; undefined until they have been asked for. */
  get found(): ReadonlyMap<string, FileRef> | undefined {
    return this.#found;
  }

  /**
   * Whether a file of the view is one of the span's.
   * @param index of the file in the list, counted from 0
   * @param shift of the list, now
   */
  has(fileId: string | undefined, index: number, shift: number): boolean {
    if (this.#found !== undefined && fileId !== undefined) return this.#found.has(fileId);
    const { first, last } = this.rows;
    const then = this.#isWhole ? index : index - (shift - this.rows.shift);
    return first <= then && then <= last;
  }

  /** The number of files; undefined while nobody knows it. @param total of the list, where it is exact */
  count(total: number | undefined): number | undefined {
    if (this.#found !== undefined) return this.#found.size;
    const { first, last } = this.rows;
    if (last !== Number.POSITIVE_INFINITY) return last - first + 1;
    return total === undefined ? undefined : Math.max(0, total - first);
  }

  /**
   * Asks for the files, page by page. It goes on while somebody waits for it.
   * @param shift of the list, now
   * @param tell is told how many have been found
   * @throws Problem when the chosen ends are not where they were
   */
  async collect(
    shift: number,
    signal: AbortSignal,
    tell: (found: number) => void = () => {},
  ): Promise<ReadonlyMap<string, FileRef>> {
    if (this.#found !== undefined) return this.#found;
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    this.#waiting.add(tell);
    try {
      return await Promise.race([this.#asked(shift), aborted.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#waiting.delete(tell);
      if (this.#waiting.size === 0 && this.#found === undefined) {
        this.#stop.abort();
        this.#stop = new AbortController();
        this.#asking = undefined;
      }
    }
  }

  /** The span without files that are no longer there. */
  without(fileIds: ReadonlySet<string>): Span {
    const found = this.#found;
    if (found === undefined) return this;
    const gone = [...fileIds].filter((fileId) => found.has(fileId));
    if (gone.length === 0) return this;
    const rest = new Span(this.listing, this.rows, this.#ends, this.#read);
    const kept = new Map(found);
    for (const fileId of gone) kept.delete(fileId);
    rest.#found = kept;
    return rest;
  }

  get #isWhole(): boolean {
    return this.rows.first === 0 && this.rows.last === Number.POSITIVE_INFINITY;
  }

  #asked(shift: number): Promise<ReadonlyMap<string, FileRef>> {
    if (this.#asking !== undefined) return this.#asking;
    const asking = this.#ask(shift, this.#stop.signal);
    this.#asking = asking;
    // What has failed is asked for again by whoever needs it next.
    asking.catch(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    return asking;
  }

  /** The number of files before the span, or before the place from which on its first file is looked for. */
  #skipped(shift: number): number {
    const { first } = this.rows;
    const isBegun = this.#ends.first === undefined;
    // What has come before all files of the list belongs to all of them.
    if (isBegun && first === 0) return 0;
    return Math.max(0, first + shift - this.rows.shift - (isBegun ? 0 : maxMoved));
  }

  /** A cursor names the last file of its page, so files that come or go meanwhile neither repeat nor hide others. */
  async #ask(shift: number, signal: AbortSignal): Promise<ReadonlyMap<string, FileRef>> {
    const taker = new Taker(this.rows.last - this.rows.first + 1, this.#ends);
    const skip = this.#skipped(shift);
    let place: { readonly skip?: number; readonly cursor?: string } | undefined = skip > 0 ? { skip } : {};
    while (place !== undefined && taker.wanted > 0) {
      const limit = Math.min(pageSize, taker.wanted);
      const { files, cursor }: SpanPage = await this.#read(this.listing, { ...place, limit }, signal);
      for (const file of files) taker.take(file);
      place = cursor === undefined ? undefined : { cursor };
      for (const tell of this.#waiting) tell(taker.found.size);
    }
    if (!taker.isWhole) throw new Problem(texts.work.listChanged, { status: 409, help: texts.work.selectAgain });
    this.#found = taker.found;
    return taker.found;
  }
}

/** Takes the files of a span out of those that stand there now. Others may have been added or deleted since. */
class Taker {
  readonly found = new Map<string, FileRef>();
  readonly #count: number;
  readonly #ends: SpanEnds;
  #passed = 0;
  #hasBegun: boolean;
  #hasEnded = false;

  constructor(count: number, ends: SpanEnds) {
    this.#count = count;
    this.#ends = ends;
    this.#hasBegun = ends.first === undefined;
  }

  /** The number of files that may still be looked at. */
  get wanted(): number {
    if (this.#hasEnded) return 0;
    if (!this.#hasBegun) return 2 * maxMoved + 1 - this.#passed;
    return this.#count - this.found.size + (this.#ends.last === undefined ? 0 : maxMoved);
  }

  /** Whether the ends of the span have been found, as far as they are known. */
  get isWhole(): boolean {
    return this.#hasBegun && (this.#hasEnded || this.#ends.last === undefined);
  }

  take(file: FileRef): void {
    const { first, last } = this.#ends;
    this.#hasBegun ||= file.fileId === first;
    if (!this.#hasBegun) this.#passed++;
    else if (!this.#hasEnded) {
      this.found.set(file.fileId, file);
      this.#hasEnded = last === undefined ? this.found.size === this.#count : file.fileId === last;
    }
  }
}

const readPage: ReadPage = async (listing, place, signal) => {
  const query: object = { ...listing, ...place, type: "file" };
  const { body, headers } = await call("GET /v1/files", { query: query as never }, signal);
  return {
    files: (body as readonly LibraryFile[]).map(refOf),
    cursor: headers.get("x-next-cursor") ?? undefined,
  };
};
