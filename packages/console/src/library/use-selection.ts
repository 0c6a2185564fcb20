import { useEffect, useMemo, useRef, useState } from "react";
import type { Choice } from "./choice.ts";
import type { ChainState } from "./file-chain.ts";
import { type Item, keyOf } from "./items.ts";
import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import type { Listing } from "./listing.ts";
import {
  choiceFrom,
  isSelected,
  nothing,
  ofItems,
  replaced,
  type Selected,
  toggled,
  withFolders,
  without,
} from "./selected.ts";
import { Span, type SpanEnds, type SpanRows } from "./span.ts";

/**
 * Of a span of at most this many files, the ids are asked for at once, so that its files stay the same whatever comes or
 * goes. Those of a longer one are asked for when something is done to them.
 */
const maxEager = 20_000;

/** What is selected in a view. It stays selected while it is scrolled out of sight. */
export interface Selection extends Changes {
  readonly isEmpty: boolean;
  readonly choice: Choice;
  /** @param index of a file in the list, counted from 0 */
  has(item: Item, index: number): boolean;
  /** Whether a file is selected that has not been loaded yet. */
  covers(index: number): boolean;
  toggle(item: Item, index: number): void;
  set(items: readonly Item[]): void;
  /** Selects items, and the files from one row of the list to another. The last row may be infinite. */
  setRows(items: readonly Item[], rows: Omit<SpanRows, "shift">, ends: SpanEnds): void;
  selectAll(): void;
}

/** Changes of what is selected. They stay the same functions. */
export interface Changes {
  clear(): void;
  /** Unselects what is no longer there. */
  drop(keys: ReadonlySet<string>): void;
  /** Keeps selected files as they are now. */
  replace(files: readonly LibraryFile[]): void;
}

interface ListView {
  readonly listing: Listing;
  readonly list: ChainState;
  readonly folders: readonly LibraryFolder[];
  readonly hasAllFolders: boolean;
}

export function useSelection({ listing, list, folders, hasAllFolders }: ListView): Selection {
  const [selected, setSelected] = useState<Selected>(nothing);
  const { total: counted, isEstimate, shift, start, files } = list;
  const total = isEstimate ? undefined : counted;
  const { span } = selected;
  const shiftNow = useRef(shift);
  shiftNow.current = shift;

  // What a view that changes meanwhile does to the number doesn't matter here: it only says whether to ask now.
  const isEager = span !== undefined && span.found === undefined && (span.count(counted) ?? 0) <= maxEager;
  const hasBegun = counted !== undefined;
  useEffect(() => {
    if (span === undefined || !isEager || !hasBegun) return;
    const stop = new AbortController();
    const again = (): void => setSelected((before) => (before.span === span ? { ...before } : before));
    // What fails now is asked for again, and told, when something is done to the files.
    span.collect(shiftNow.current, stop.signal).then(again, () => {});
    return () => stop.abort();
  }, [span, isEager, hasBegun]);
  useEffect(() => setSelected((before) => withFolders(before, folders, hasAllFolders)), [folders, hasAllFolders]);

  const changes = useMemo<Changes>(
    () => ({
      clear: () => setSelected((before) => (before.items.size === 0 && !before.span ? before : nothing)),
      drop: (keys) => setSelected((before) => without(before, keys)),
      replace: (changed) => setSelected((before) => replaced(before, changed)),
    }),
    [],
  );
  const choice = useMemo(
    () => choiceFrom(selected, { total, shift, hasAllFolders }),
    [selected, total, shift, hasAllFolders],
  );
  return {
    ...changes,
    isEmpty: choice.count === 0,
    choice,
    has: (item, index) => isSelected(selected, item, index, shift),
    covers: (index) => span?.has(undefined, index, shift) === true,
    toggle: (item, index) => setSelected((before) => toggled(before, item, index, shift)),
    set: (items) => setSelected(ofItems(items)),
    setRows: (items, rows, ends) => setSelected(ofItems(items, new Span(listing, { ...rows, shift }, ends))),
    selectAll() {
      const isWhole = !list.isLoading && start === 0 && total === files.length;
      const all = isWhole ? ofItems([...folders, ...files]) : ofItems(folders, wholeOf(listing, shift));
      setSelected({ ...all, seenFolders: hasAllFolders ? undefined : new Set(folders.map(keyOf)) });
    },
  };
}

function wholeOf(listing: Listing, shift: number): Span {
  return new Span(listing, { first: 0, last: Number.POSITIVE_INFINITY, shift });
}
