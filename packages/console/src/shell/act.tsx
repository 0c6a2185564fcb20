import { ActionIcon, Tooltip } from "@mantine/core";
import type { LucideIcon } from "lucide-react";

interface ActProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isOff?: boolean;
  readonly run: () => void;
}

/** A small button of one icon, with its name as a tooltip. */
export function Act({ label, icon: Icon, isOff = false, run }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} disabled={isOff} onClick={run}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
