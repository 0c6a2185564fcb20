import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { texts } from "../texts/texts.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": texts.shell.close }}>
      {children}
    </Modal>
  );
}
