import { listExtensionRunsBefore } from "../database/repositories/extension-runs.ts";
import { endAsFailed, type RunNeeds, runOf } from "./run-extension.ts";

/** Longer than all attempts of a job take, so a run that is older has lost its job. */
const maxAgeMs = 24 * 3600 * 1000;
const batchSize = 100;

/**
 * Ends runs that nobody works on any more as failed, so that the receivers of their results are told.
 * @returns how many runs were ended
 */
export async function expireExtensions(
  services: Pick<RunNeeds, "database" | "logger" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const error = { reason: "PROVIDER_FAILED", message: "The extension was not done within a day." };
  let ended = 0;
  for (;;) {
    const rows = await listExtensionRunsBefore(services.database.reader, services.now() - maxAgeMs, batchSize);
    for (const row of rows) {
      signal.throwIfAborted();
      await endAsFailed(services, runOf(row), error, false);
      ended += 1;
    }
    if (rows.length < batchSize) return ended;
  }
}
