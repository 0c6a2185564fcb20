import { Popover } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { texts } from "../texts/texts.ts";
import styles from "./filter-bar.module.css";

interface FilterButtonProps {
  readonly label: string;
  /** The values by which the filter narrows the list; none while it is off. */
  readonly values: readonly string[];
  /** The filter's controls. `close` gives the keyboard back to the button. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that says what a filter is set to, and opens its controls. */
export function FilterButton({ label, values, children }: FilterButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const shown = values.length === 0 ? label : texts.search.filterOf(label, values);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.chip}
          data-on={values.length > 0 || undefined}
          title={shown}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles.label}>{shown}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={styles.dropdown ?? ""}>
        {children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  );
}
