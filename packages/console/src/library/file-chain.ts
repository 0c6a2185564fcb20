import { call } from "../api/call.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { LibraryFile } from "./library-file.ts";
import { ListMarks } from "./list-marks.ts";
import type { Listing } from "./listing.ts";

/** The part of a list that a view has loaded. Indexes count from the beginning of the whole list. */
export interface ChainState {
  /** The number of files in the whole list; undefined while it is not known. */
  readonly total: number | undefined;
  /** Whether the files are still being counted. */
  readonly isCounting: boolean;
  /** Whether the total is an estimate. */
  readonly isEstimate: boolean;
  /** The index of the first loaded file. */
  readonly start: number;
  /** By how many places the files in view have moved in all, because files before them came or went elsewhere. */
  readonly shift: number;
  /** The files that are loaded, one after another. */
  readonly files: readonly LibraryFile[];
  readonly isLoading: boolean;
  readonly problem: Problem | undefined;
}

const pageSize = 100;
/** More pages than this are forgotten at the end that is further away. */
const maxPages = 12;
/** A request that failed for a passing reason is sent again after this time. */
const retryMs = 4000;
/** Beyond this distance from what is loaded, a list is opened anew instead of being read on. */
const maxGap = 2 * pageSize;

const nothing: ChainState = {
  total: undefined,
  isCounting: false,
  isEstimate: false,
  start: 0,
  shift: 0,
  files: [],
  isLoading: true,
  problem: undefined,
};

interface Page {
  readonly files: readonly LibraryFile[];
  readonly next: string | undefined;
  readonly previous: string | undefined;
  readonly estimate: number | undefined;
}

/**
 * A window onto a list of any length: pages that follow each other by their cursors, so that uploads and deletions
 * elsewhere neither repeat nor hide a file in it. A view far from the window opens it anew, at the closest of the list's
 * evenly spaced marks.
 */
export class FileChain {
  readonly #listing: Listing;
  readonly #listeners = new Set<() => void>();
  #state = nothing;
  #pages: Page[] = [];
  #work: AbortController | undefined;
  readonly #marks: ListMarks;
  #reloading = false;
  #reloadsAgain = false;
  #wanted: readonly [first: number, last: number];

  /** @param first the index of the first file that is shown */
  constructor(listing: Listing, first = 0) {
    this.#listing = listing;
    this.#wanted = [first, first + pageSize - 1];
    this.#marks = new ListMarks(listing, (counted) => this.#update(counted));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      if (this.#state === nothing) void this.#open(this.#wanted[0]);
      else {
        // Others may have changed the library while the list wasn't shown.
        this.#marks.growOld();
        this.reload();
      }
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#work?.abort();
      this.#marks.stop();
      if (this.#pages.length === 0) this.#forget();
      else this.#state = { ...this.#state, isLoading: false };
    };
  };

  readonly current = (): ChainState => this.#state;

  /** Called whenever other files are in view. Loads what is missing there. */
  show(first: number, last: number): void {
    const [before, end] = this.#wanted;
    this.#wanted = [first, last];
    if (this.#state.isLoading) {
      // What is being loaded may be far from what is wanted now. A view that is drawn again wants the same.
      const isSame = first === before && last === end;
      if (!isSame && this.#isFar() && this.#pages.length > 0) void this.#open(first);
      return;
    }
    this.#fill();
  }

  /** Loads what is in view again. The place stays the same. A reload under way is let end before another begins. */
  reload(): void {
    if (this.#reloading) {
      this.#reloadsAgain = true;
      return;
    }
    this.#reloading = true;
    void this.#open(this.#wanted[0], { keepsFiles: true }).then((hasEnded) => {
      this.#reloading = false;
      // Scrolling on may have ended it early. What it was to show is still wanted.
      const again = this.#reloadsAgain || (!hasEnded && this.#listeners.size > 0);
      this.#reloadsAgain = false;
      if (again) this.reload();
    });
  }

  /** Takes files out of the list at once, because they have been deleted or moved. */
  remove(fileIds: ReadonlySet<string>): void {
    const goes = ({ fileId }: LibraryFile) => fileIds.has(fileId);
    const gone = this.#state.files.filter(goes).length;
    this.#pages = this.#pages.map((page) => ({ ...page, files: page.files.filter((file) => !goes(file)) }));
    const { total } = this.#state;
    // Nobody knows whether the others were in this list.
    if (gone < fileIds.size) this.#marks.expire();
    this.#update({ files: this.#loaded(), ...(total !== undefined && { total: Math.max(0, total - gone) }) });
  }

  /** Shows changed files as they are now. */
  replace(files: readonly LibraryFile[]): void {
    const changed = new Map(files.map((file) => [file.fileId, file]));
    this.#pages = this.#pages.map((page) => ({
      ...page,
      files: page.files.map((file) => changed.get(file.fileId) ?? file),
    }));
    this.#update({ files: this.#loaded() });
  }

  #forget(): void {
    this.#marks.expire();
    this.#state = nothing;
  }

  #fill(): void {
    const [first, last] = this.#wanted;
    const { start, total = 0, problem } = this.#state;
    if (problem !== undefined) return;
    if (this.#isFar()) {
      void this.#open(first);
      return;
    }
    const end = start + this.#state.files.length;
    const [head, tail] = [this.#pages[0], this.#pages.at(-1)];
    if (last >= end - pageSize / 2 && tail?.next !== undefined) void this.#extend("next", tail.next);
    else if (first < start + pageSize / 2 && head?.previous !== undefined) void this.#extend("previous", head.previous);
    else if (last >= end && tail?.next === undefined && total !== end) this.#update({ total: end, isEstimate: false });
  }

  #isFar(): boolean {
    const [first, last] = this.#wanted;
    const end = this.#state.start + this.#state.files.length;
    return first > end + maxGap || last < this.#state.start - maxGap;
  }

  /** Opens the list at an index. @returns false if something else has taken its place */
  async #open(index: number, { keepsFiles = false } = {}): Promise<boolean> {
    const signal = this.#begin();
    const anchor = keepsFiles && index > 0 ? this.#state.files[index - this.#state.start]?.fileId : undefined;
    if (!keepsFiles) this.#update({ isLoading: true, problem: undefined });
    try {
      await this.#countFor(index, keepsFiles);
      signal.throwIfAborted();
      // The list may have become shorter than the index.
      const last = (this.#state.total ?? Number.POSITIVE_INFINITY) - 1;
      const { skip, startAt, start } = this.#marks.placeBefore(Math.max(0, Math.min(index, last) - pageSize / 2));
      const page = await this.#load({ skip, startAt }, signal);
      const begin = page.previous === undefined ? 0 : start;
      // No file in view disappears for a moment.
      const count = keepsFiles ? this.#wanted[1] + 1 - begin : 0;
      this.#pages = await this.#readOn(page, count, signal);
      const place = this.#loaded().findIndex(({ fileId }) => fileId === anchor);
      const shift = place < 0 ? 0 : begin + place - index;
      this.#settle(begin, page.estimate, shift);
    } catch (error) {
      this.#fail(error, signal);
    }
    return !signal.aborted;
  }

  /** The page, and those after it until there are that many files. */
  async #readOn(page: Page, count: number, signal: AbortSignal): Promise<Page[]> {
    const pages = [page];
    let [{ next }, loaded] = [page, page.files.length];
    while (next !== undefined && loaded < count && pages.length < maxPages) {
      const following = await this.#load({ cursor: next }, signal);
      pages.push(following);
      next = following.next;
      loaded += following.files.length;
    }
    return pages;
  }

  async #extend(towards: "next" | "previous", cursor: string): Promise<void> {
    const signal = this.#begin();
    this.#update({ isLoading: true });
    try {
      const page = await this.#load({ cursor }, signal);
      let { start } = this.#state;
      if (towards === "next") {
        this.#pages.push(page);
        if (this.#pages.length > maxPages) start += this.#pages.shift()?.files.length ?? 0;
      } else {
        this.#pages.unshift(page);
        start -= page.files.length;
        if (this.#pages.length > maxPages) this.#pages.pop();
      }
      // Marks are not exact once the list has changed. At its beginning the index is known again.
      if (this.#pages[0]?.previous === undefined) start = 0;
      this.#settle(Math.max(start, 0), undefined);
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  #settle(start: number, estimate: number | undefined, moved = 0): void {
    const files = this.#loaded();
    const isWhole = this.#pages.at(-1)?.next === undefined;
    const counted = this.#state.total ?? estimate;
    const total = isWhole ? start + files.length : Math.max(counted ?? 0, start + files.length + 1);
    // A list that goes on behind its end has grown since it was counted.
    const hasGrown = this.#marks.areKnown && counted !== undefined && total > counted;
    if (hasGrown) this.#marks.expire();
    const isEstimate = !isWhole && !this.#marks.areKnown;
    const shift = this.#state.shift + moved;
    this.#wanted = [this.#wanted[0] + moved, this.#wanted[1] + moved];
    this.#update({ start, shift, files, total, isEstimate, isLoading: false, problem: undefined });
    if (hasGrown) void this.#marks.count(false);
    this.#fill();
  }

  /**
   * Has the list counted. A jump needs the marks. The beginning of a list is shown without them, because a folder of a
   * million files takes up to some seconds to count.
   */
  async #countFor(index: number, isReload: boolean): Promise<void> {
    const counted = this.#marks.count(isReload);
    if (counted === undefined || (this.#state.files.length === 0 && index === 0)) return;
    if (isReload ? this.#marks.isQuick : index > 0 && !this.#marks.areKnown) await counted;
  }

  async #load(
    place: { readonly cursor?: string; readonly skip?: number; readonly startAt?: string | undefined },
    signal: AbortSignal,
  ): Promise<Page> {
    const { skip, ...others } = place;
    const counts = this.#listing.path === undefined && place.cursor === undefined;
    const query = {
      ...this.#listing,
      ...others,
      type: "file",
      limit: pageSize,
      include: "dominantColor",
      ...(skip ? { skip } : {}),
      ...(counts && { count: "estimate" }),
    };
    const { body, headers } = await call("GET /v1/files", { query: query as never }, signal);
    const estimate = headers.get("x-estimated-count");
    return {
      files: body as readonly LibraryFile[],
      next: headers.get("x-next-cursor") ?? undefined,
      previous: headers.get("x-previous-cursor") ?? undefined,
      estimate: estimate === null ? undefined : Number(estimate),
    };
  }

  #loaded(): readonly LibraryFile[] {
    return this.#pages.flatMap(({ files }) => files);
  }

  #begin(): AbortSignal {
    this.#work?.abort();
    this.#work = new AbortController();
    return this.#work.signal;
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const problem = asProblem(error);
    this.#update({ isLoading: false, problem });
    if (!problem.isPassing) return;
    setTimeout(() => {
      if (!signal.aborted && this.#listeners.size > 0) this.reload();
    }, retryMs);
  }

  #update(change: Partial<ChainState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
