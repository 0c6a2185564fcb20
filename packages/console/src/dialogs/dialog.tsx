import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusBack } from "../shell/use-focus-back.ts";
import { texts } from "../texts/texts.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether only its own buttons close the dialog, because what it shows is shown once. */
  readonly isSticky?: boolean;
  readonly children: ReactNode;
}

export function Dialog({ title, onClose, isSticky = false, children }: DialogProps) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!isSticky}
      closeOnEscape={!isSticky}
      title={title}
      closeButtonProps={{ "aria-label": texts.shell.close }}
    >
      {children}
    </Modal>
  );
}
