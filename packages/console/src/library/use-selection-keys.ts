import { useEffect, useRef } from "react";
import type { Choice } from "./choice.ts";
import type { Selection } from "./use-selection.ts";

/** What keys don't belong to the selection: fields, dialogs, menus, and the details, whose text can be selected. */
const others = "input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu], aside *";

/** The keys of a selection work wherever the focus is in the library, because it is often nowhere. */
export function useSelectionKeys(selection: Selection, onDelete: (choice: Choice) => void): void {
  const newest = useRef({ selection, onDelete });
  newest.current = { selection, onDelete };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
      if (event.defaultPrevented || (target instanceof Element && target.closest(others))) return;
      if (document.querySelector("[role=dialog][aria-modal=true], [role=menu]")) return;
      const { selection, onDelete } = newest.current;
      const isAll = key.toLowerCase() === "a" && (ctrlKey || metaKey) && !altKey && !shiftKey;
      if (isAll) selection.selectAll();
      else if (key === "Delete" && !selection.isEmpty) onDelete(selection.choice);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
