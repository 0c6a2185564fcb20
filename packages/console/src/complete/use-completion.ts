import { type KeyboardEvent, useEffect, useId, useState } from "react";

/** A text that can be picked from a list while it is typed. */
export interface Option {
  /** Tells the options of a list apart. */
  readonly key: string;
  readonly label: string;
  /** More about the option, in quieter letters. */
  readonly hint?: string | undefined;
}

export interface Completion<Picked extends Option> {
  readonly listId: string;
  readonly options: readonly Picked[];
  readonly active: number;
  readonly pick: (option: Picked) => void;
  /** These attributes make the field a combobox for whoever can't see the list. */
  readonly fieldProps: {
    readonly role: "combobox";
    readonly "aria-autocomplete": "list";
    readonly "aria-expanded": boolean;
    readonly "aria-controls": string | undefined;
    readonly "aria-activedescendant": string | undefined;
    readonly autoComplete: "off";
  };
  /** @returns whether the key was for the list, so that the field has nothing to do with it */
  readonly takeKey: (event: KeyboardEvent) => boolean;
  readonly close: () => void;
}

/**
 * A list of options for a field. Arrow keys go through it and Enter or Tab picks; no option is active before that, so
 * that Enter means the field as long as nobody has gone into the list. Escape closes the list until something is typed,
 * whatever options come meanwhile.
 * @param typed what the field holds
 */
export function useCompletion<Picked extends Option>(
  typed: string,
  offered: readonly Picked[],
  onPick: (option: Picked) => void,
): Completion<Picked> {
  const listId = useId();
  const [active, setActive] = useState(-1);
  const [closedAt, setClosedAt] = useState<string>();
  // A text that comes again opens the list again.
  if (closedAt !== undefined && closedAt !== typed) setClosedAt(undefined);
  const state = offered.map(({ key }) => key).join("\n");
  // Other options are another list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the options that counts
  useEffect(() => setActive(-1), [state]);
  const options = closedAt === typed ? [] : offered;
  const isOpen = options.length > 0;

  function pick(option: Picked): void {
    setActive(-1);
    onPick(option);
  }

  function takeKey(event: KeyboardEvent): boolean {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const chosen = options[active];
    if (event.key === "ArrowDown") setActive((active + 1) % options.length);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? options.length - 1 : active - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) pick(chosen);
    else if (event.key === "Escape") setClosedAt(typed);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    listId,
    options,
    active,
    pick,
    fieldProps: {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": isOpen,
      "aria-controls": isOpen ? listId : undefined,
      "aria-activedescendant": isOpen && active >= 0 ? optionId(listId, active) : undefined,
      autoComplete: "off",
    },
    takeKey,
    close: () => setClosedAt(typed),
  };
}

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}
