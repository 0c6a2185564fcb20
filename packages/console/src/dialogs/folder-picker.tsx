import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, CornerLeftUp, Folder, FolderPlus, History, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { asProblem } from "../api/problem.ts";
import type { LibraryFolder } from "../library/library-file.ts";
import { nameOf, parentOf } from "../library/library-state.ts";
import { recentFolders } from "../library/recent-folders.ts";
import { useFolders } from "../library/use-folders.ts";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import { existingAmong, findFolders } from "./find-folders.ts";
import styles from "./folder-picker.module.css";
import { NewFolderField } from "./new-folder-field.tsx";

interface FolderPickerProps {
  readonly folder: string;
  readonly onChange: (folder: string) => void;
}

const words = texts.dialogs;
/** A search begins once nobody has typed for this time. */
const typingMs = 250;

/** Goes from folder to folder, by search, or by those used last. The folder that is open is the one that is chosen. */
export function FolderPicker({ folder, onChange }: FolderPickerProps) {
  const [typed, setTyped] = useState("");
  const [isMaking, setMaking] = useState(false);
  const text = typed.trim();

  function choose(path: string): void {
    setTyped("");
    setMaking(false);
    onChange(path);
  }

  return (
    <>
      <TextInput
        aria-label={words.searchFolders}
        placeholder={words.searchFolders}
        leftSection={<Search size={16} aria-hidden />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        mb="sm"
        data-autofocus
      />
      {text === "" && <RecentFolders folder={folder} onChoose={choose} />}
      <div className={styles.picker} role="group" aria-label={words.chooseFolder}>
        <div className={styles.head}>
          <span className={styles.here} aria-live="polite">
            {pathText(folder)}
          </span>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<FolderPlus size={16} aria-hidden />}
            aria-expanded={isMaking}
            onClick={() => setMaking(!isMaking)}
          >
            {words.newFolder}
          </Button>
        </div>
        {isMaking && <NewFolderField folder={folder} onMade={choose} onClose={() => setMaking(false)} />}
        {text === "" ? <Folders folder={folder} onChoose={choose} /> : <FoundFolders text={text} onChoose={choose} />}
      </div>
    </>
  );
}

interface ListProps {
  readonly onChoose: (folder: string) => void;
}

/** The folders of the one that is open. */
function Folders({ folder, onChoose }: ListProps & { readonly folder: string }) {
  const { folders, error } = useFolders(folder);
  return (
    <FolderList folders={folders} error={error} onChoose={onChoose}>
      {folder !== "/" && (
        <li>
          <button type="button" className={styles.folder} onClick={() => onChoose(parentOf(folder))}>
            <CornerLeftUp size={16} aria-hidden />
            {nameIn(parentOf(folder))}
          </button>
        </li>
      )}
    </FolderList>
  );
}

/** The folders of the whole library that a search finds, each with the path to it. */
function FoundFolders({ text, onChoose }: ListProps & { readonly text: string }) {
  const [settled] = useDebouncedValue(text, typingMs);
  const { data: folders, error } = useQuery({
    queryKey: ["folders", "search", settled],
    queryFn: ({ signal }) => findFolders(settled, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <FolderList folders={folders} error={error} onChoose={onChoose} hasPaths>
      {folders?.length === 0 && <li className={styles.none}>{words.noFolders}</li>}
    </FolderList>
  );
}

interface FolderListProps extends ListProps {
  readonly folders: readonly LibraryFolder[] | undefined;
  readonly error: unknown;
  readonly hasPaths?: boolean;
  /** The rows before the folders. */
  readonly children: ReactNode;
}

function FolderList({ folders, error, hasPaths = false, onChoose, children }: FolderListProps) {
  return (
    <ul className={styles.list}>
      {children}
      {error !== null && <li className={styles.problem}>{asProblem(error).message}</li>}
      {folders === undefined && error === null && (
        <li>
          <Busy />
        </li>
      )}
      {folders?.map(({ folderPath, name }) => (
        <li key={folderPath}>
          <button type="button" className={styles.folder} onClick={() => onChoose(folderPath)}>
            <Folder size={16} aria-hidden />
            <span>
              {name}
              {hasPaths && <small>{pathText(parentOf(folderPath))}</small>}
            </span>
            <ChevronRight size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The folders into which the user has put something last. */
function RecentFolders({ folder, onChoose }: ListProps & { readonly folder: string }) {
  const [recent] = useState(recentFolders);
  const { data: existing = [] } = useQuery({
    queryKey: ["folders", "recent", recent],
    queryFn: ({ signal }) => existingAmong(recent, signal),
    enabled: recent.length > 0,
  });
  const offered = existing.filter((path) => path !== folder);
  if (offered.length === 0) return null;
  return (
    <div className={styles.recent} role="group" aria-label={words.recentFolders}>
      <History size={16} role="img" aria-label={words.recentFolders} />
      {offered.map((path) => (
        <Button key={path} size="compact-sm" variant="default" title={pathText(path)} onClick={() => onChoose(path)}>
          {nameIn(path)}
        </Button>
      ))}
    </div>
  );
}

function nameIn(path: string): string {
  return path === "/" ? texts.library.root : nameOf(path);
}

function pathText(path: string): string {
  return path === "/" ? texts.library.root : path;
}
