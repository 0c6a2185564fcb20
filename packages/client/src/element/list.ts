import { make } from "./dom.ts";
import type { Row } from "./row.ts";

/**
 * The list of rows as one stop of the Tab key, however many there are: the buttons of the current row can be tabbed
 * to, the arrow keys lead from row to row.
 */
export interface List {
  readonly element: HTMLUListElement;
  append(row: Row): void;
  remove(row: Row): void;
}

const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** @param fallback where the focus goes when the last row goes with it */
export function makeList(fallback: HTMLElement): List {
  const element = make("ul", "list", { role: "list" });
  let rows: Row[] = [];
  let current: Row | undefined;

  function setCurrent(row: Row | undefined): void {
    for (const button of current?.buttons ?? []) button.tabIndex = -1;
    for (const button of row?.buttons ?? []) button.tabIndex = 0;
    current = row;
  }

  /** The button of the same use, or the one that every row has. */
  function focus(row: Row | undefined, index = 1): void {
    const [action, remove] = row?.buttons ?? [];
    (index === 0 && !action?.hidden ? action : (remove ?? fallback))?.focus();
  }

  element.addEventListener("focusin", ({ target }) => {
    setCurrent(rows.find((row) => row.element.contains(target as Node)));
  });
  element.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (event.key === "Delete") current?.buttons[1]?.click();
    if (step === undefined || current === undefined) return;
    event.preventDefault();
    focus(
      rows[step(rows.indexOf(current), rows.length - 1)],
      current.buttons.indexOf(event.target as HTMLButtonElement),
    );
  });

  return {
    element,
    append(row) {
      rows.push(row);
      element.append(row.element);
      if (current === undefined) setCurrent(row);
    },
    remove(row) {
      const index = rows.indexOf(row);
      const hadFocus = row.element.matches(":focus-within");
      rows = rows.filter((other) => other !== row);
      const neighbour = rows[index] ?? rows[index - 1];
      if (current === row) setCurrent(neighbour);
      if (hadFocus) focus(neighbour);
      row.release();
      row.element.remove();
    },
  };
}
