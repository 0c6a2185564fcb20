import { useEffect } from "react";
import { tellChange } from "../library/changes.ts";
import { idleMs, watchUse } from "./last-use.ts";

/** While somebody works here, what others change is shown after this time at most. */
const intervalMs = 20_000;
/** Whoever comes back to the page sees the library as it is, unless it was asked for just now. */
const returnMs = 3000;

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
    const endWatch = watchUse(onUse);
    addEventListener("focus", onReturn);
    document.addEventListener("visibilitychange", onReturn);
    return () => {
      clearInterval(timer);
      endWatch();
      removeEventListener("focus", onReturn);
      document.removeEventListener("visibilitychange", onReturn);
    };
  }, []);
}
