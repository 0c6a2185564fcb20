import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { hasFolder } from "../library/existing-folder.ts";
import { joinPath } from "../library/library-state.ts";
import { createFolder } from "../library/organise.ts";
import { texts } from "../texts/texts.ts";
import styles from "./folder-picker.module.css";

interface NewFolderFieldProps {
  /** The folder in which the new one is made. */
  readonly folder: string;
  readonly onMade: (path: string) => void;
  readonly onClose: () => void;
}

/** One function, which React calls when the field appears: a new one in each render would be called each time. */
function focus(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Makes a folder where another one is chosen. */
export function NewFolderField({ folder, onMade, onClose }: NewFolderFieldProps) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === "" || isBusy) return;
    setBusy(true);
    try {
      // A folder that exists is opened.
      if (!(await hasFolder(folder, wanted))) await createFolder(folder, wanted);
      // The server replaces characters that no name can have. The list then shows the folder under its name.
      onMade((await hasFolder(folder, wanted)) ? joinPath(folder, wanted) : folder);
    } catch (error) {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
      setBusy(false);
    }
  }

  return (
    <form className={styles.making} onSubmit={(event) => void make(event)}>
      <TextInput
        aria-label={texts.dialogs.folderName}
        placeholder={texts.dialogs.folderName}
        value={name}
        error={problem}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
        // Escape closes the field, and not the dialog around it.
        data-mantine-stop-propagation
        spellCheck={false}
        autoComplete="off"
        ref={focus}
      />
      <Button type="submit" loading={isBusy} disabled={name.trim() === ""}>
        {texts.dialogs.create}
      </Button>
    </form>
  );
}
