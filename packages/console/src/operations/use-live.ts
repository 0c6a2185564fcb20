import { useEffect } from "react";
import { idleMs, watchUse } from "../shell/last-use.ts";

/** The views for operators are brought up to date after this time. */
const intervalMs = 5000;

/** A list of more pages than this is left as it is, because each page is a request. */
const maxPages = 3;

/** Whether a list is short enough to be asked for again every few seconds. */
export function isShort({ state: { data } }: { readonly state: { readonly data: unknown } }): boolean {
  const { pages } = Object(data) as { readonly pages?: readonly unknown[] };
  return pages === undefined || pages.length <= maxPages;
}

/**
 * Calls the function every few seconds while somebody looks at the page. An answer may take longer than that, so the
 * function must not give up what is still being asked for.
 */
export function useLive(renew: () => unknown): void {
  useEffect(() => {
    let usedAt = Date.now();
    const endWatch = watchUse(() => {
      usedAt = Date.now();
    });
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && Date.now() - usedAt < idleMs) renew();
    }, intervalMs);
    return () => {
      clearInterval(timer);
      endWatch();
    };
  }, [renew]);
}
