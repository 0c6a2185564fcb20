import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { texts } from "../texts/texts.ts";
import { FormDialog } from "./form-dialog.tsx";
import styles from "./name-dialog.module.css";

interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly submit: string;
  /** The name before. Its stem is selected, so that the extension stays. */
  readonly name: string;
  /** The spelling of a name that the library keeps. */
  readonly storedName: (name: string) => string;
  readonly onSubmit: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a name. Under the field it says how the name will be spelled, and why the server refuses it. */
export function NameDialog({ title, label, submit, name, storedName, onSubmit, onClose }: NameDialogProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(name);
  const wanted = typed.trim();
  const stored = storedName(wanted);
  useEffect(() => {
    const stem = name.includes(".") ? name.lastIndexOf(".") : name.length;
    input.current?.focus();
    input.current?.setSelectionRange(0, stem);
  }, [name]);

  async function send(): Promise<void> {
    if (wanted !== "" && stored !== name) await onSubmit(wanted);
  }

  return (
    <FormDialog title={title} submit={submit} onSubmit={send} onClose={onClose}>
      {(problem) => (
        <TextInput
          ref={input}
          name="name"
          label={label}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          error={problem}
          // The line keeps its place, so that nothing moves under the pointer.
          description={
            <span className={styles.stored} role="status">
              {stored === wanted ? "" : texts.dialogs.willBeSaved(stored)}
            </span>
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          spellCheck={false}
          data-autofocus
        />
      )}
    </FormDialog>
  );
}
