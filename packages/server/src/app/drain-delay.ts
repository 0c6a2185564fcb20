import { setTimeout as sleep } from "node:timers/promises";

/** Waits until load balancers have noticed that the server drains, or until the server has failed. */
export async function drainDelay(ms: number, failed?: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await sleep(ms, undefined, failed && { signal: failed }).catch(() => undefined);
}
