import { Button, Group } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

interface FormDialogProps {
  readonly title: string;
  readonly submit: string;
  /** The fields, given why the server has refused them. */
  readonly children: (problem: string | undefined) => ReactNode;
  /** Sends the form's fields. What it throws is shown, and the dialog stays. */
  readonly onSubmit: (fields: FormData) => Promise<void>;
  readonly onClose: () => void;
}

/** A dialog with a form. It closes once the form has been accepted. */
export function FormDialog({ title, submit, children, onSubmit, onClose }: FormDialogProps) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      await onSubmit(new FormData(event.currentTarget));
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
        {children(problem)}
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
