import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

interface ConfirmProps {
  readonly title: string;
  /** Sentences that say what happens. */
  readonly children?: ReactNode;
  readonly confirm: string;
  /** Whether what is asked about is still being counted, so that nobody can confirm it yet. */
  readonly isCounting?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that can't be undone easily. The button that does nothing has the focus. */
export function ConfirmDialog({ title, children, confirm, isCounting = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {texts.dialogs.cancel}
        </Button>
        <Button
          color="red"
          loading={isCounting}
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
