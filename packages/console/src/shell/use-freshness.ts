import { useEffect } from "react";
import { tellChange } from "../library/changes.ts";

/** While somebody works here, what others change is shown after this time at most. */
const intervalMs = 20_000;
/** Whoever comes back to the page sees the library as it is, unless it was asked for just now. */
const returnMs = 3000;
/** Without a hand on mouse or keyboard for this time, nothing is asked for, so that the session can end. */
const idleMs = 5 * 60_000;

const uses = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"] as const;

/** Brings the views up to date with what other people and programs change. */
export function useFreshness(): void {
  useEffect(() => {
    let usedAt = Date.now();
    let freshAt = Date.now();
    const refresh = (minAge: number): void => {
      const now = Date.now();
      const isAway = document.visibilityState === "hidden" || now - usedAt > idleMs;
      if (isAway || now - freshAt < minAge) return;
      freshAt = now;
      tellChange({ kind: "changed" });
    };
    const onUse = (): void => {
      const wasIdle = Date.now() - usedAt > idleMs;
      usedAt = Date.now();
      if (wasIdle) refresh(returnMs);
    };
    const onReturn = (): void => {
      usedAt = Date.now();
      refresh(returnMs);
    };
    const timer = setInterval(() => refresh(intervalMs), intervalMs / 4);
    for (const use of uses) addEventListener(use, onUse, { passive: true });
    addEventListener("focus", onReturn);
    document.addEventListener("visibilitychange", onReturn);
    return () => {
      clearInterval(timer);
      for (const use of uses) removeEventListener(use, onUse);
      removeEventListener("focus", onReturn);
      document.removeEventListener("visibilitychange", onReturn);
    };
  }, []);
}
