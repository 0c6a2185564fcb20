import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { texts } from "../texts/texts.ts";
import { type CellActions, FileCell, FolderCell, WaitingCell } from "./cells.tsx";
import { type Choice, choiceOf } from "./choice.ts";
import { startDrag } from "./drag-items.ts";
import type { ChainState } from "./file-chain.ts";
import styles from "./file-grid.module.css";
import { type Item, isFolder, keyOf } from "./items.ts";
import type { LibraryFolder } from "./library-file.ts";
import type { View } from "./library-state.ts";
import type { Place } from "./places.ts";
import { type Layout, topItemAt, topOf, topOfItem } from "./rows.ts";
import { useLongPress } from "./use-long-press.ts";
import { usePlace } from "./use-place.ts";
import { useRows } from "./use-rows.ts";
import type { Selection } from "./use-selection.ts";

interface GridProps {
  readonly folders: readonly LibraryFolder[];
  readonly chain: ChainState;
  readonly view: View;
  readonly selection: Selection;
  /** The file whose details are open. */
  readonly openFile: string | undefined;
  /** Says which list is shown. */
  readonly list: string;
  /** The place at which the list was left, if it is shown again. */
  readonly place: Place | undefined;
  /** Whether all folders of the first page have come. */
  readonly areFoldersKnown: boolean;
  /** Called with the indexes of the files in sight. */
  readonly onShow: (first: number, last: number) => void;
  readonly onOpen: (item: Item) => void;
  readonly onDelete: (choice: Choice) => void;
  readonly onRename: (item: Item) => void;
}

/** A place in the view, and what stood there. Files that came or went before it since `shift` have moved it. */
interface Anchor {
  readonly index: number;
  readonly key?: string;
  readonly shift?: number;
}

/** A range of items is selected from its anchor to its head, which further keys move. */
interface Range {
  readonly anchor: Anchor;
  readonly head: number;
}

const gap = 12;
const heights = { folder: 52, list: 56, caption: 50 };
/** Cells grow with the screen, from two columns on a phone to a dozen on a very wide one. */
const minCellWidth = (width: number) => Math.max(150, Math.min(220, 120 + width / 20));

/**
 * The folders and files of a view, as a grid of cells or as a list. Only the rows in sight are in the page, so a view of
 * a million files costs what one of a hundred does.
 */
export function FileGrid(props: GridProps) {
  const { folders, chain, view, selection, openFile, list, place, areFoldersKnown } = props;
  const { onShow, onOpen, onDelete, onRename } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, width } = useElementSize();
  const [focused, setFocused] = useState(0);
  const [range, setRange] = useState<Range>({ anchor: { index: 0 }, head: 0 });
  const wantsFocus = useRef(false);
  const isFocusLost = useRef(false);

  const isList = view === "list";
  const columns = isList ? 1 : Math.max(2, Math.floor((width + gap) / (minCellWidth(width) + gap)));
  const cellWidth = (width - gap * (columns - 1)) / columns;
  const fileHeight = isList ? heights.list : Math.round(cellWidth * 0.75) + heights.caption + gap;
  const folderHeight = isList ? heights.list : heights.folder + gap;
  const total = chain.total ?? (chain.isLoading ? 30 : 0);
  const folderRows = Math.ceil(folders.length / columns);
  const fileRows = Math.ceil(total / columns);
  const sizes = { folderRows, folderHeight, fileRows, fileHeight };
  const rows = useRows(scroller, sizes);
  const { first, last, shift, height, scrollToRow, scrollBy } = rows;

  // The rows in view stay where they are when others come or go before them.
  const shiftShown = useRef(chain.shift);
  useLayoutEffect(() => {
    const movedRows = Math.round((chain.shift - shiftShown.current) / columns);
    if (movedRows === 0) return;
    shiftShown.current += movedRows * columns;
    scrollBy(movedRows * fileHeight);
  }, [scrollBy, chain.shift, columns, fileHeight]);

  // With another width of the view, its topmost item stays at the top, and the open file stays in sight.
  const layout = { ...sizes, columns };
  const layoutShown = useRef(layout);
  const openAt = chain.files.findIndex(({ fileId }) => fileId === openFile);
  const rowOfOpen = ({ folderRows, columns }: Layout) => folderRows + Math.floor((chain.start + openAt) / columns);
  useLayoutEffect(() => {
    const before = layoutShown.current;
    layoutShown.current = layout;
    if (before.columns === columns && before.fileHeight === fileHeight) return;
    const isOpenInSight = openAt >= 0 && rows.isInSight(rowOfOpen(before), before);
    if (rows.top() > 0) rows.scrollTo(topOfItem(topItemAt(rows.top(), before), layout));
    if (isOpenInSight) scrollToRow(rowOfOpen(layout));
  });

  const isPlaced = usePlace({
    list,
    place,
    isReady: width > 0 && areFoldersKnown && chain.total !== undefined,
    current() {
      // A click on a folder leads away before the grid is drawn with it.
      const item = itemAt(indexOf(document.activeElement) ?? focused);
      return { first: topItemAt(rows.top(), layout), focused: item && keyOf(item) };
    },
    restore({ first: topItem, focused: key }) {
      rows.scrollTo(topOfItem(topItem, layout));
      const folder = folders.findIndex((each) => keyOf(each) === key);
      const file = chain.files.findIndex((each) => keyOf(each) === key);
      if (folder < 0 && file < 0) return;
      const at = folder < 0 ? fileStart + chain.start + file : folder;
      setFocused(at);
      setRange({ anchor: anchorAt(at), head: at });
      // The keyboard goes there if the last view had it.
      isFocusLost.current = document.activeElement === document.body;
    },
  });
  // The cell is there with the next rows.
  useEffect(() => {
    if (isPlaced && isFocusLost.current) wantsFocus.current = true;
    isFocusLost.current = false;
  }, [isPlaced]);

  const firstFile = (first - folderRows) * columns;
  const lastFile = (last - folderRows + 1) * columns - 1;
  useEffect(() => {
    if (width > 0 && isPlaced) onShow(Math.max(0, firstFile), Math.max(0, lastFile));
  }, [onShow, firstFile, lastFile, width, isPlaced]);

  /** An item's index counts folders first, each section from the beginning of a row. */
  const fileStart = folderRows * columns;
  const itemAt = useMemo(
    () =>
      (index: number): Item | undefined =>
        index < fileStart ? folders[index] : chain.files[index - fileStart - chain.start],
    [chain, fileStart, folders],
  );
  const end = fileStart + total;

  function anchorAt(index: number): Anchor {
    const item = itemAt(index);
    return { index, shift: chain.shift, ...(item && { key: keyOf(item) }) };
  }

  /** Moves the focus, and with it the end of a range. @param from where the key was pressed */
  function go(from: number, to: number, isRange: boolean): void {
    let target = Math.max(0, Math.min(end - 1, to));
    // The last row of folders may be short.
    if (target >= folders.length && target < fileStart) target = to > from ? fileStart : folders.length - 1;
    setFocused(target);
    wantsFocus.current = true;
    scrollToRow(Math.floor(target / columns));
    // A range goes on where it has ended. Anywhere else another one begins.
    const anchor = isRange && from === range.head ? range.anchor : anchorAt(isRange ? from : target);
    setRange({ anchor, head: target });
    if (isRange) selectRange(anchor, target);
  }

  /** Selects what stands between two places, whether it has been loaded or not. */
  function selectRange(anchor: Anchor, to: number): void {
    // Files that came or went before the anchor have moved it.
    const { index, shift = chain.shift } = anchor;
    const from = index < fileStart ? index : index + chain.shift - shift;
    const [begin, last] = [Math.min(from, to), Math.max(from, to)];
    const chosen = folders.slice(begin, last + 1);
    const [firstFile, lastFile] = [Math.max(0, begin - fileStart), last - fileStart];
    const isLoaded = firstFile >= chain.start && lastFile < chain.start + chain.files.length;
    if (lastFile < 0) selection.set(chosen);
    else if (isLoaded)
      selection.set([...chosen, ...chain.files.slice(firstFile - chain.start, lastFile - chain.start + 1)]);
    else {
      const idAt = (place: number): string | undefined => {
        if (place < fileStart) return undefined;
        return place === from && anchor.key !== undefined ? anchor.key : anchorAt(place).key;
      };
      const ends = { first: idAt(begin), last: idAt(last) };
      // The number of a list's files may be an estimate. A last row that nobody sees stands for its end.
      const isToEnd = lastFile === total - 1 && ends.last === undefined;
      selection.setRows(chosen, { first: firstFile, last: isToEnd ? Number.POSITIVE_INFINITY : lastFile }, ends);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / fileHeight)) * columns;
    const at = indexOf(event.target) ?? focused;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      PageUp: at - perPage,
      PageDown: at + perPage,
      Home: 0,
      End: end - 1,
    };
    // The list may have changed under the focus, which stays on its file.
    const item = itemAt(at);
    const to = moves[event.key];
    if (to !== undefined && !event.altKey) go(at, to, event.shiftKey);
    else if (event.key === "Enter" && item) onOpen(item);
    else if (event.key === " " && item) selection.toggle(item, at - fileStart);
    // Everything else about a selection is a key of the whole library.
    else if (event.key === "Delete" && selection.isEmpty && item) onDelete(choiceOf([item]));
    else if (event.key === "F2" && item) onRename(item);
    else if (event.key === "Escape" && !selection.isEmpty) selection.clear();
    else return;
    event.preventDefault();
  }

  useEffect(() => {
    if (!wantsFocus.current) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-index="${focused}"]`);
    if (!cell) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
  });

  const handlers: CellActions = {
    focus: setFocused,
    pick(event, index, item) {
      setFocused(index);
      if (event.shiftKey) {
        setRange({ ...range, head: index });
        selectRange(range.anchor, index);
        return;
      }
      setRange({ anchor: anchorAt(index), head: index });
      if (event.ctrlKey || event.metaKey || !selection.isEmpty) selection.toggle(item, index - fileStart);
      else onOpen(item);
    },
    toggle(index, item, isRange) {
      if (isRange) {
        setFocused(index);
        setRange({ ...range, head: index });
        selectRange(range.anchor, index);
        return;
      }
      setRange({ anchor: anchorAt(index), head: index });
      selection.toggle(item, index - fileStart);
    },
    drag(event, item) {
      const isChosen = selection.has(item, (indexOf(event.target) ?? 0) - fileStart);
      startDrag(event, isChosen ? selection.choice : choiceOf([item]));
    },
  };
  const actions = useStable(handlers);
  const longPress = useLongPress((target) => {
    const index = indexOf(target);
    const item = index === undefined ? undefined : itemAt(index);
    if (index !== undefined && item !== undefined) handlers.toggle(index, item, false);
  });

  function cell(index: number) {
    const isPlace = index < fileStart ? index < folders.length : index < end;
    if (!isPlace) return <div key={index} role="presentation" />;
    const item = itemAt(index);
    if (item === undefined)
      return <WaitingCell key={index} view={view} isSelected={selection.covers(index - fileStart)} />;
    const props = {
      index,
      view,
      isSelected: selection.has(item, index - fileStart),
      isStop: index === focused,
      actions,
    };
    return isFolder(item) ? (
      <FolderCell key={keyOf(item)} folder={item} {...props} />
    ) : (
      <FileCell key={keyOf(item)} file={item} width={cellWidth} isOpen={item.fileId === openFile} {...props} />
    );
  }

  return (
    <div ref={scroller} className={styles.scroller} data-view={view}>
      <div ref={measure} className={styles.measure}>
        <div
          role="grid"
          aria-label={texts.library.files}
          aria-multiselectable="true"
          aria-rowcount={folderRows + fileRows}
          aria-colcount={columns}
          aria-busy={chain.isLoading}
          className={styles.grid}
          style={{ blockSize: height }}
          onKeyDown={onKeyDown}
          {...longPress}
        >
          {Array.from({ length: last - first + 1 }, (_, place) => first + place).map((row) => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 1}
              className={styles.row}
              style={{
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                translate: `0 ${topOf(row, sizes) - shift}px`,
                blockSize: (row < folderRows ? folderHeight : fileHeight) - (isList ? 0 : gap),
              }}
            >
              {Array.from({ length: columns }, (_, column) => cell(row * columns + column))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** An object that stays the same and does what the newest handlers do. */
function useStable(handlers: CellActions): CellActions {
  const newest = useRef(handlers);
  useLayoutEffect(() => {
    newest.current = handlers;
  });
  const [stable] = useState<CellActions>(() => ({
    focus: (index) => newest.current.focus(index),
    pick: (event, index, item) => newest.current.pick(event, index, item),
    toggle: (index, item, isRange) => newest.current.toggle(index, item, isRange),
    drag: (event, item) => newest.current.drag(event, item),
  }));
  return stable;
}

/** The index of the item in whose cell an element is. */
function indexOf(target: EventTarget | null): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>("[data-index]")?.dataset.index : undefined;
  return index === undefined ? undefined : Number(index);
}
