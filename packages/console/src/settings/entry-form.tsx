import { Alert, Button, Group } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { texts } from "../texts/texts.ts";
import { type FieldProblem, type FieldsByReason, fieldProblemIn } from "./field-problem.ts";

/** The text of a field of the form, without blanks around it. */
export type TextOf = (name: string) => string;

interface EntryFormProps {
  readonly title: string;
  readonly submit: string;
  /** The names of the fields, as the API calls them. */
  readonly fields: readonly string[];
  readonly byReason?: FieldsByReason;
  /** Sends the form. What it throws is shown at the field that it is about, and the form stays. */
  readonly onSend: (text: TextOf) => Promise<unknown>;
  readonly onClose: () => void;
  /** The fields, given what the server says of each. */
  readonly children: (problemOf: (field: string) => string | undefined) => ReactNode;
}

/** A dialog in which an entry of the settings is made or changed. It closes once the server has accepted it. */
export function EntryForm({ title, submit, fields, byReason, onSend, onClose, children }: EntryFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<FieldProblem>();
  const [isBusy, setBusy] = useState(false);
  // The field that is wrong gets the keyboard.
  useEffect(() => {
    if (problem !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await onSend((name) => String(data.get(name) ?? "").trim());
      onClose();
    } catch (error) {
      setProblem(fieldProblemIn(asProblem(error), fields, byReason));
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form ref={form} onSubmit={(event) => void send(event)} autoComplete="off">
        {children((field) => (problem?.field === field ? problem.text : undefined))}
        {problem !== undefined && problem.field === undefined && (
          <Alert color="red" role="alert" mt="md">
            {problem.text}
          </Alert>
        )}
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
