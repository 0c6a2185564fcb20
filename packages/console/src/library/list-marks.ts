import { call } from "../api/call.ts";
import type { Listing } from "./listing.ts";

/** The list is counted again after this many times as long as its last count took. */
const countingPause = 50;
/** A reload waits for the count where that takes no longer than this. */
const quickMs = 300;

/** What is told of a count: that it has begun or ended, and what it found. */
interface Counted {
  readonly isCounting?: boolean;
  readonly total?: number;
  readonly isEstimate?: boolean;
}

/** How long a folder's list is, and its evenly spaced marks, at which it can be opened. A search has none. */
export class ListMarks {
  readonly #listing: Listing;
  readonly #tell: (counted: Counted) => void;
  #marks: readonly string[] = [];
  /** The number of files that have marks among them. In an order by width, files without one come last. */
  #marked = 0;
  #counting: Promise<void> | undefined;
  #stopping = new AbortController();
  #countedAt = Number.NEGATIVE_INFINITY;
  #countMs = 0;
  #isOld = false;

  constructor(listing: Listing, tell: (counted: Counted) => void) {
    this.#listing = listing;
    this.#tell = tell;
  }

  /** Whether the list has been counted. */
  get areKnown(): boolean {
    return this.#countedAt !== Number.NEGATIVE_INFINITY;
  }

  /** Whether the last count took so little time that one may wait for the next. */
  get isQuick(): boolean {
    return this.#countMs < quickMs;
  }

  /** Counts the list if that is due, and tells what it finds. A failure is that of the files' own request, too. */
  count(isReload: boolean): Promise<void> | undefined {
    const age = performance.now() - this.#countedAt;
    const isDue = isReload ? this.#isOld || age > countingPause * this.#countMs : !this.areKnown;
    if (this.#listing.path === undefined || !isDue) return undefined;
    if (this.#counting !== undefined) return this.#counting;
    const counting = this.#ask(this.#stopping.signal).finally(() => {
      if (this.#counting !== counting) return;
      this.#counting = undefined;
      this.#tell({ isCounting: false });
    });
    this.#counting = counting;
    return counting;
  }

  /** Has the next reload count the list, however soon that is. The count holds until then. */
  growOld(): void {
    this.#isOld = true;
  }

  /** Ends a count that is under way. */
  stop(): void {
    this.#stopping.abort();
    this.#counting = undefined;
    this.#stopping = new AbortController();
  }

  /** Forgets the count, because the list has changed by more files than the view knows. */
  expire(): void {
    this.stop();
    this.#countedAt = Number.NEGATIVE_INFINITY;
  }

  /** The closest mark before an index, and how many files to skip from there. */
  placeBefore(index: number): {
    readonly startAt: string | undefined;
    readonly skip: number;
    readonly start: number;
  } {
    const step = this.#marks.length === 0 ? 0 : this.#marked / this.#marks.length;
    const mark = step < 1 ? 0 : Math.min(Math.floor(index / step), this.#marks.length - 1);
    if (mark === 0) return { startAt: undefined, skip: index, start: index };
    // The server rounds down as well.
    const at = Math.floor(mark * step);
    return { startAt: this.#marks[mark], skip: Math.max(0, index - at), start: Math.max(index, at) };
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { path, sort } = this.#listing;
    const begun = performance.now();
    this.#tell({ isCounting: true });
    try {
      const query = { path: path ?? "/", ...(sort !== undefined && { sort }) };
      const { body } = await call("GET /v1/files/marks", { query }, signal);
      this.#marks = body.marks;
      this.#marked = body.total;
      this.#countedAt = performance.now();
      this.#countMs = this.#countedAt - begun;
      this.#isOld = false;
      this.#tell({ total: body.files, isEstimate: false });
    } catch {
      // It is asked for again with the next reload.
    }
  }
}
