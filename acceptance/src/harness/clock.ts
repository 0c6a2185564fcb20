import { setImmediate } from "node:timers/promises";

/** Resolves once the clock shows a later millisecond, so that the next action has a later timestamp. */
export async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now) await setImmediate();
}
