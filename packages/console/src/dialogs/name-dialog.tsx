import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

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
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const stem = name.includes(".") ? name.lastIndexOf(".") : name.length;
    input.current?.focus();
    input.current?.setSelectionRange(0, stem);
  }, [name]);

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted === "" || wanted === name) return onClose();
    setBusy(true);
    try {
      await onSubmit(wanted);
      onClose();
    } catch (error) {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <TextInput
          ref={input}
          label={label}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={problem}
          spellCheck={false}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {submit}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
