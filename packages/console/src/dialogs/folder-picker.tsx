import { Text } from "@mantine/core";
import { ChevronRight, CornerLeftUp, Folder } from "lucide-react";
import { asProblem } from "../api/problem.ts";
import { nameOf, parentOf } from "../library/library-state.ts";
import { useFolders } from "../library/use-folders.ts";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./folder-picker.module.css";

interface FolderPickerProps {
  readonly folder: string;
  readonly onChange: (folder: string) => void;
}

/** Goes from folder to folder. The folder that is open is the one that is chosen. */
export function FolderPicker({ folder, onChange }: FolderPickerProps) {
  const { folders, error } = useFolders(folder);
  return (
    <div className={styles.picker} role="group" aria-label={texts.dialogs.chooseFolder}>
      <div className={styles.here} aria-live="polite">
        {folder === "/" ? texts.library.root : folder}
      </div>
      <ul className={styles.list}>
        {folder !== "/" && (
          <li>
            <button type="button" className={styles.folder} onClick={() => onChange(parentOf(folder))}>
              <CornerLeftUp size={16} aria-hidden />
              {parentOf(folder) === "/" ? texts.library.root : nameOf(parentOf(folder))}
            </button>
          </li>
        )}
        {error && <Text c="var(--bad)">{asProblem(error).message}</Text>}
        {folders === undefined && !error && <Busy />}
        {folders?.map(({ folderPath, name }) => (
          <li key={folderPath}>
            <button type="button" className={styles.folder} onClick={() => onChange(folderPath)}>
              <Folder size={16} aria-hidden />
              <span>{name}</span>
              <ChevronRight size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
