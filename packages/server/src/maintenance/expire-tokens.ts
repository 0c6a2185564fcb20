import type { Services } from "../services.ts";

const day = 24 * 60 * 60;
const batch = 5000;

/** Forgets the tokens that could no longer pass. @returns how many there were */
export async function expireTokens(
  { config, database, now }: Pick<Services, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  // One presented just before its end may still be on its way for the longest possible request.
  const keepSeconds = Math.ceil(config.limits.requestMs / 1000) + day;
  for (let expired = 0; ; ) {
    signal.throwIfAborted();
    const count = await database.run("pruneTokens", { now: Math.floor(now() / 1000), keepSeconds, limit: batch });
    if (count === 0) return expired;
    expired += count;
  }
}
