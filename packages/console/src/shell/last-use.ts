/** Without a hand on mouse or keyboard for this time, nothing is asked for, so that the session can end. */
export const idleMs = 5 * 60_000;

const uses = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"] as const;

/** Tells each time that somebody uses the page. @returns a function that ends it */
export function watchUse(onUse: () => void): () => void {
  for (const use of uses) addEventListener(use, onUse, { passive: true });
  return () => {
    for (const use of uses) removeEventListener(use, onUse);
  };
}
