import { setTimeout as sleep } from "node:timers/promises";

/** A look takes no longer by default, so that whoever asks is answered while a database or a disk hangs. */
const maxLookMs = 1500;

/**
 * Makes a function that looks at something for all who ask. Callers that come while a look is under way share it, so that
 * looks don't pile up at something that hangs.
 * @returns a function that resolves with undefined where the look fails, or takes too long
 */
export function shareCheck<Found>(look: () => Promise<Found>, maxMs = maxLookMs): () => Promise<Found | undefined> {
  let looking: Promise<Found | undefined> | undefined;
  return async () => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    const ended = new AbortController();
    try {
      const late = sleep(maxMs, undefined, { signal: ended.signal, ref: false });
      return await Promise.race([looking, late]);
    } finally {
      ended.abort();
    }
  };
}
