import { Checkbox } from "@mantine/core";
import { File, FileText, Film, Folder, Image, Lock, Music, PencilLine } from "lucide-react";
import { type HTMLAttributes, type ReactNode, useState } from "react";
import { texts } from "../texts/texts.ts";
import styles from "./cells.module.css";
import { dropFolder } from "./drag-items.ts";
import { dateText, kindOf, type LibraryFile, type LibraryFolder, sizeText, thumbnailOf } from "./library-file.ts";
import type { View } from "./library-state.ts";

interface CellProps {
  readonly view: View;
  readonly isSelected: boolean;
  /** CSS pixels. */
  readonly width: number;
  readonly cellProps: HTMLAttributes<HTMLDivElement> & { readonly "data-index": number };
  readonly onToggle: () => void;
}

const words = texts.library;
const icons = { image: Image, video: Film, audio: Music, pdf: FileText, text: FileText, other: File } as const;

export function FileCell({
  file,
  view,
  isSelected,
  width,
  cellProps,
  onToggle,
}: CellProps & { readonly file: LibraryFile }) {
  const { name, size, updatedAt, mime } = file;
  return (
    <div
      role="gridcell"
      className={styles.file}
      data-view={view}
      data-selected={isSelected || undefined}
      {...cellProps}
    >
      <Tick name={name} isSelected={isSelected} onToggle={onToggle} />
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
}

function Flags({ file: { isPrivateFile, isPublished } }: { readonly file: LibraryFile }): ReactNode {
  return (
    <>
      {isPrivateFile && <Lock size={12} role="img" aria-label={words.private} />}
      {!isPublished && <PencilLine size={12} role="img" aria-label={words.draft} />}
    </>
  );
}

/** The picture of a file. Its place has the same size whether or not there is one. */
function Thumbnail({ file, width }: { readonly file: LibraryFile; readonly width: number }) {
  const [isBroken, setBroken] = useState(false);
  const url = thumbnailOf(file, width);
  const Icon = icons[kindOf(file)];
  if (url === undefined || isBroken) return <Icon className={styles.icon} aria-hidden />;
  return (
    <img
      className={styles.thumbnail}
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
      draggable={false}
    />
  );
}

export function FolderCell({
  folder,
  view,
  isSelected,
  cellProps,
  onToggle,
}: CellProps & { readonly folder: LibraryFolder }) {
  const { name, folderPath, updatedAt } = folder;
  return (
    <div
      role="gridcell"
      className={styles.folder}
      data-view={view}
      data-selected={isSelected || undefined}
      {...cellProps}
      {...dropFolder(folderPath)}
    >
      <Tick name={name} isSelected={isSelected} onToggle={onToggle} />
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
}

function Tick({
  name,
  isSelected,
  onToggle,
}: {
  readonly name: string;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}) {
  return (
    // A click here selects, and must not open the item as well.
    <span className={styles.tick} role="presentation" onClick={(event) => event.stopPropagation()}>
      <Checkbox size="xs" tabIndex={-1} aria-label={words.select(name)} checked={isSelected} onChange={onToggle} />
    </span>
  );
}

/** The place of a file that is still being asked for. */
export function WaitingCell({ view }: { readonly view: View }) {
  return (
    <div role="gridcell" className={styles.file} data-view={view} data-waiting aria-busy="true">
      <div className={styles.picture} />
      <div className={styles.words}>
        <span className={styles.bar} />
      </div>
    </div>
  );
}
