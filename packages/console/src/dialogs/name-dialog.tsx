import { TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import { FormDialog } from "./form-dialog.tsx";

interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly submit: string;
  /** The name before. Its stem is selected, so that the extension stays. */
  readonly name: string;
  readonly onSubmit: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a name, and shows under the field why the server refuses it. */
export function NameDialog({ title, label, submit, name, onSubmit, onClose }: NameDialogProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const stem = name.includes(".") ? name.lastIndexOf(".") : name.length;
    input.current?.focus();
    input.current?.setSelectionRange(0, stem);
  }, [name]);

  async function send(fields: FormData): Promise<void> {
    const wanted = String(fields.get("name")).trim();
    if (wanted !== "" && wanted !== name) await onSubmit(wanted);
  }

  return (
    <FormDialog title={title} submit={submit} onSubmit={send} onClose={onClose}>
      {(problem) => (
        <TextInput
          ref={input}
          name="name"
          label={label}
          defaultValue={name}
          error={problem}
          spellCheck={false}
          data-autofocus
        />
      )}
    </FormDialog>
  );
}
