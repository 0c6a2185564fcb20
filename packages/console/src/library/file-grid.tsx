import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { texts } from "../texts/texts.ts";
import { type CellActions, FileCell, FolderCell, WaitingCell } from "./cells.tsx";
import { startDrag } from "./drag-items.ts";
import type { ChainState } from "./file-chain.ts";
import styles from "./file-grid.module.css";
import { type Item, isFolder, keyOf } from "./items.ts";
import type { LibraryFolder } from "./library-file.ts";
import type { View } from "./library-state.ts";
import type { Place } from "./places.ts";
import { topItemAt, topOf, topOfItem } from "./rows.ts";
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
  readonly onDelete: (items: readonly Item[]) => void;
  readonly onRename: (item: Item) => void;
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
  const [anchor, setAnchor] = useState(0);
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

  // With another width of the view, its topmost item stays at the top.
  const layout = { ...sizes, columns };
  const layoutShown = useRef(layout);
  useLayoutEffect(() => {
    const before = layoutShown.current;
    layoutShown.current = layout;
    const isSame = before.columns === columns && before.fileHeight === fileHeight;
    if (!isSame && rows.top() > 0) rows.scrollTo(topOfItem(topItemAt(rows.top(), before), layout));
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
      setAnchor(at);
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

  function go(to: number, isRange: boolean): void {
    let target = Math.max(0, Math.min(end - 1, to));
    // The last row of folders may be short.
    if (target >= folders.length && target < fileStart) target = to > focused ? fileStart : folders.length - 1;
    setFocused(target);
    wantsFocus.current = true;
    scrollToRow(Math.floor(target / columns));
    if (isRange) selectRange(anchor, target);
    else setAnchor(target);
  }

  function selectRange(from: number, to: number): void {
    const items: Item[] = [];
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const item = itemAt(index);
      if (item !== undefined) items.push(item);
    }
    selection.set(items);
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
    if (to !== undefined && !event.altKey) go(to, event.shiftKey);
    else if (event.key === "Enter" && item) onOpen(item);
    else if (event.key === " " && item) selection.toggle(item);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.set([...folders, ...chain.files]);
    else if (event.key === "Delete" && (selection.items.length > 0 || item))
      onDelete(selection.items.length > 0 ? selection.items : item ? [item] : []);
    else if (event.key === "F2" && item) onRename(item);
    else if (event.key === "Escape" && selection.items.length > 0) selection.clear();
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
      if (event.shiftKey) selectRange(anchor, index);
      else {
        setAnchor(index);
        if (event.ctrlKey || event.metaKey || selection.items.length > 0) selection.toggle(item);
        else onOpen(item);
      }
    },
    toggle(index, item) {
      setAnchor(index);
      selection.toggle(item);
    },
    drag: (event, item) => startDrag(event, selection.has(item) ? selection.items : [item]),
  };
  const actions = useStable(handlers);
  const longPress = useLongPress((target) => {
    const index = indexOf(target);
    const item = index === undefined ? undefined : itemAt(index);
    if (index !== undefined && item !== undefined) handlers.toggle(index, item);
  });

  function cell(index: number) {
    const isPlace = index < fileStart ? index < folders.length : index < end;
    if (!isPlace) return <div key={index} role="presentation" />;
    const item = itemAt(index);
    if (item === undefined) return <WaitingCell key={index} view={view} />;
    const props = { index, view, isSelected: selection.has(item), isStop: index === focused, actions };
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
    toggle: (index, item) => newest.current.toggle(index, item),
    drag: (event, item) => newest.current.drag(event, item),
  }));
  return stable;
}

/** The index of the item in whose cell an element is. */
function indexOf(target: EventTarget | null): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>("[data-index]")?.dataset.index : undefined;
  return index === undefined ? undefined : Number(index);
}
