import { Button, TextInput } from "@mantine/core";
import { storedFolderName } from "@sluice/grammar";
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
  const wanted = name.trim();
  const stored = storedFolderName(wanted);

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (wanted === "" || isBusy) return;
    setBusy(true);
    try {
      // A folder that exists is opened.
      if (!(await hasFolder(folder, stored))) await createFolder(folder, wanted);
      onMade(joinPath(folder, stored));
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
        description={<span role="status">{stored === wanted ? "" : texts.dialogs.willBeSaved(stored)}</span>}
        inputWrapperOrder={["input", "description", "error"]}
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
      <Button type="submit" loading={isBusy} disabled={wanted === ""}>
        {texts.dialogs.create}
      </Button>
    </form>
  );
}
