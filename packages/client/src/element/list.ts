import { make } from "./dom.ts";

/**
 * The list of rows is one stop of the Tab key, however many rows it has. Tab reaches the buttons of the current row,
 * and the arrow keys move from row to row.
 */
export interface List {
  readonly element: HTMLUListElement;
  append(row: Element): void;
  /** Moves a row that needs attention above the others, below rows that were raised earlier. */
  raise(row: HTMLElement): void;
  remove(row: Element): void;
}

/** @param fallback gets the focus when the last row is removed while it has the focus */
export function makeList(fallback: HTMLElement): List {
  const element = make("ul", "list", { role: "list" });

  function setCurrent(row: Element | null): void {
    for (const button of element.querySelectorAll<HTMLElement>("[href], button"))
      button.tabIndex = row?.contains(button) ? 0 : -1;
  }

  /** Focuses the button with the same purpose, or else the button that every row has. */
  function focus(row: Element | null, part: string): void {
    const [button] = row?.querySelectorAll<HTMLElement>(`.${part}:is([href], button):not([hidden]), .remove`) ?? [];
    (button ?? fallback).focus();
  }

  element.addEventListener("focusin", ({ target }) => setCurrent((target as Element).closest("li")));
  element.onkeydown = (event) => {
    const button = event.target as Element;
    const row = button.closest("li");
    const next = {
      ArrowDown: row?.nextElementSibling,
      ArrowUp: row?.previousElementSibling,
      Home: element.firstElementChild,
      End: element.lastElementChild,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next) focus(next, button.classList[1] ?? "");
  };

  return {
    element,
    append(row) {
      element.append(row);
      if (element.childElementCount === 1) setCurrent(row);
    },
    raise(row) {
      if (row.dataset.raised) return;
      const focused = row.querySelector<HTMLElement>(":focus");
      row.dataset.raised = "true";
      element.insertBefore(row, element.querySelector("li:not([data-raised])"));
      focused?.focus();
      // Tab leads to this row, unless the user is working elsewhere in the list.
      if (!element.matches(":focus-within")) setCurrent(element.firstElementChild);
      // The user has just added this file.
      if (row.dataset.state === "refused") element.scrollTop = 0;
    },
    remove(row) {
      const neighbour = row.nextElementSibling ?? row.previousElementSibling;
      const hadFocus = row.matches(":focus-within");
      const wasCurrent = row.querySelector("[tabindex='0']");
      row.remove();
      if (wasCurrent) setCurrent(neighbour);
      if (hadFocus) focus(neighbour, "remove");
    },
  };
}
