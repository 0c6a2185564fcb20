import { Folder, Lock, PencilLine } from "lucide-react";
import { type DragEvent, type HTMLAttributes, type MouseEvent, memo, type ReactNode } from "react";
import { texts } from "../texts/texts.ts";
import styles from "./cells.module.css";
import { dropFolder, endDrag } from "./drag-items.ts";
import type { Item } from "./items.ts";
import { dateText, type LibraryFile, type LibraryFolder, sizeText } from "./library-file.ts";
import type { View } from "./library-state.ts";
import { Thumbnail } from "./thumbnail.tsx";

/** The handlers of a cell. They stay the same object, so that a cell is drawn again only with another item. */
export interface CellActions {
  focus(index: number): void;
  pick(event: MouseEvent, index: number, item: Item): void;
  /** @param isRange whether everything from the last picked item on is selected */
  toggle(index: number, item: Item, isRange: boolean): void;
  drag(event: DragEvent, item: Item): void;
}

interface CellProps {
  readonly index: number;
  readonly view: View;
  readonly isSelected: boolean;
  /** Whether the tab key leads to this cell. */
  readonly isStop: boolean;
  readonly actions: CellActions;
}

const words = texts.library;

/** @param width of the cell, in CSS pixels */
export const FileCell = memo(function FileCell({
  file,
  width,
  isOpen,
  ...cell
}: CellProps & { readonly file: LibraryFile; readonly width: number; readonly isOpen: boolean }) {
  const { view, isSelected } = cell;
  const { name, size, updatedAt, mime } = file;
  return (
    <div
      role="gridcell"
      className={styles.file}
      data-view={view}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      data-index={cell.index}
      {...handlersOf(file, cell)}
    >
      <Tick item={file} cell={cell} />
      <div className={styles.picture}>
        <Thumbnail key={`${file.versionInfo.id} ${updatedAt}`} file={file} width={view === "list" ? 48 : width} />
      </div>
      <div className={styles.words}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span className={styles.facts}>
          <Flags file={file} />
          {sizeText(size)}
        </span>
      </div>
      {view === "list" && (
        <>
          <span className={styles.column}>{mime}</span>
          <span className={styles.column}>{dateText(updatedAt)}</span>
        </>
      )}
    </div>
  );
});

function handlersOf(item: Item, { index, isSelected, isStop, actions }: CellProps): HTMLAttributes<HTMLDivElement> {
  return {
    tabIndex: isStop ? 0 : -1,
    "aria-selected": isSelected,
    onFocus: () => actions.focus(index),
    onClick: (event) => actions.pick(event, index, item),
    draggable: true,
    onDragStart: (event) => actions.drag(event, item),
    onDragEnd: endDrag,
  };
}

function Flags({ file: { isPrivateFile, isPublished } }: { readonly file: LibraryFile }): ReactNode {
  return (
    <>
      {isPrivateFile && <Lock size={12} role="img" aria-label={words.private} />}
      {!isPublished && <PencilLine size={12} role="img" aria-label={words.draft} />}
    </>
  );
}

export const FolderCell = memo(function FolderCell({
  folder,
  ...cell
}: CellProps & { readonly folder: LibraryFolder }) {
  const { view, isSelected } = cell;
  const { name, folderPath, updatedAt } = folder;
  return (
    <div
      role="gridcell"
      className={styles.folder}
      data-view={view}
      data-selected={isSelected || undefined}
      data-index={cell.index}
      {...handlersOf(folder, cell)}
      {...dropFolder(folderPath)}
    >
      <Tick item={folder} cell={cell} />
      <Folder className={styles.folderIcon} size={20} aria-hidden />
      <span className={styles.name} title={name}>
        {name}
      </span>
      {view === "list" && (
        <>
          <span className={styles.column} />
          <span className={styles.column}>{dateText(updatedAt)}</span>
        </>
      )}
    </div>
  );
});

function Tick({ item, cell: { index, isSelected, actions } }: { readonly item: Item; readonly cell: CellProps }) {
  return (
    <span
      className={styles.tick}
      role="presentation"
      onClick={(event) => {
        // A click here selects, and must not open the item as well.
        event.stopPropagation();
        // Some browsers pass no click with Shift on from the label to the box.
        if (!event.shiftKey || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        actions.toggle(index, item, true);
      }}
    >
      <label>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={words.select(item.name)}
          checked={isSelected}
          onClick={(event) => actions.toggle(index, item, event.shiftKey)}
          readOnly
        />
      </label>
    </span>
  );
}

/** The place of a file that is still being asked for. */
export const WaitingCell = memo(function WaitingCell({
  view,
  isSelected,
}: {
  readonly view: View;
  readonly isSelected: boolean;
}) {
  return (
    <div
      role="gridcell"
      className={styles.file}
      data-view={view}
      data-selected={isSelected || undefined}
      data-waiting
      aria-selected={isSelected}
      aria-busy="true"
    >
      <div className={styles.picture} />
      <div className={styles.words}>
        <span className={styles.bar} />
      </div>
    </div>
  );
});
