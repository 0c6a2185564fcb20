import { type FocusEvent, useEffect, useRef } from "react";

interface LastFocus {
  readonly element: Element;
  /** The place of its row among the card's rows. */
  readonly index: number;
}

/**
 * The properties of a card that lead the keyboard on when the row that had it is deleted: to the row that takes its
 * place, to the last one, or to the button that makes a row.
 */
export function useRowFocus() {
  const card = useRef<HTMLElement>(null);
  const last = useRef<LastFocus>(undefined);
  useEffect(() => {
    const { element, index } = last.current ?? {};
    if (element === undefined || index === undefined || element.isConnected) return;
    last.current = undefined;
    if (document.activeElement !== document.body) return;
    const rows = rowsIn(card.current);
    // A row may have no button.
    const places = [rows[Math.min(index, rows.length - 1)], card.current];
    const [target] = places.flatMap((place) => place?.querySelector<HTMLElement>("button, a") ?? []);
    target?.focus({ preventScroll: true });
  });
  return {
    ref: card,
    onFocus({ target }: FocusEvent): void {
      const row = target.closest("li");
      const index = row === null ? -1 : rowsIn(card.current).indexOf(row);
      last.current = index < 0 ? undefined : { element: target, index };
    },
  };
}

function rowsIn(card: HTMLElement | null): HTMLLIElement[] {
  return [...(card?.querySelectorAll("li") ?? [])];
}
