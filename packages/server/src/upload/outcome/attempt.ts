import { SluiceError } from "@sluice/protocol";

/**
 * A name of the client's own choice for one request. Browsers send a request again by themselves when a connection that
 * was idle breaks, and backends may sign one token for two uploads. By the name a client finds out what became of its
 * own upload.
 */
export const attemptHeader = "x-sluice-attempt";

/** @throws SluiceError PARAMETER_INVALID */
export function attemptOf(text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === "string" && /^[\w-]{1,64}$/.test(text)) return text;
  const problem = "It may have 1 to 64 letters, digits, hyphens and underscores.";
  throw new SluiceError("PARAMETER_INVALID", { parameter: attemptHeader, problem });
}
