import { useEffect, useState } from "react";

/** The element that had the keyboard before there was any dialog. */
let outside: HTMLElement | null = null;

/** Gives the keyboard back to what had it, once the component that has taken it is gone. */
export function useFocusBack(): void {
  const [before] = useState(opener);
  useEffect(
    () => () => {
      const target = before?.isConnected ? before : outside;
      if (target?.isConnected) target.focus({ preventScroll: true });
    },
    [before],
  );
}

function opener(): HTMLElement | null {
  const focused = document.activeElement as HTMLElement | null;
  // An item of a menu goes with it, so the button of the menu stands in for the item.
  const menu = focused?.closest('[role="menu"]');
  const found = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : focused;
  if (document.querySelector('[role="dialog"]') === null) outside = found;
  // A dialog that follows another one has been opened from there, and the button in that one is switched off by now.
  return found === document.body ? outside : found;
}
