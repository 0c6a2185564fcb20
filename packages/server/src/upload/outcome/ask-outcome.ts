import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import type { UploadOutcome } from "@sluice/protocol/schemas";
import { findVersionById } from "../../database/repositories/assets.ts";
import { hasLivingSession } from "../../database/repositories/upload-sessions.ts";
import { findUsedToken, type TokenKey, type UsedToken } from "../../database/repositories/used-tokens.ts";
import { type RecallDeps, recallResponse } from "../answer/answer-upload.ts";
import type { UploadDeps } from "../deps.ts";
import { verifyToken } from "../form/authorise/upload-token.ts";
import { isOfAnother, secondsInLedger, settleToken } from "../ledger/token-transactions.ts";
import { validate } from "../resolve/validate.ts";
import { hasOtherProcesses } from "./uploads-under-way.ts";

export interface OutcomeQuestion {
  readonly token: string;
  /** When this name is given, the question is about the request with this name, and no other with the same token. */
  readonly attempt?: string | undefined;
}

export type OutcomeDeps = RecallDeps & Pick<UploadDeps, "accountsByKey" | "uploadsUnderWay">;

/** The nodes' clocks differ, and nobody may ask for a ledger row that another node has already deleted. */
const clockDifferenceSeconds = 3600;
/** Pauses between looks at the ledger. They double, because many clients may ask at once, even about one token. */
const pollMs = { first: 100, max: 1000 };

/**
 * Tells what became of the upload with this token. Asking settles the outcome: after the answer "nothing", the upload
 * that was asked about will never be stored. A resumable upload is pending while its session is open. When the question
 * names an attempt, another attempt's upload may still be stored with the same token.
 * @param arrivedAt Unix milliseconds
 * @throws SluiceError as for an upload; TOKEN_EXPIRED once the token's ledger row may be gone; OUTCOME_UNKNOWN for a
 * token that was presented to a version of this program that kept no outcomes, and for an upload that was stored
 * without the attempt's name
 */
export async function askOutcome(
  services: OutcomeDeps,
  asked: OutcomeQuestion,
  arrivedAt: number,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const { config, database, accountsByKey, now } = services;
  const expiryTolerance = secondsInLedger(config.limits) - clockDifferenceSeconds;
  const asking = { expiryTolerance, admits: false };
  const { token, principal } = await verifyToken(accountsByKey, asked.token, arrivedAt, asking);
  const { accountId, viewer } = principal;
  const { digest, expiresAt } = token;
  const attempt = asked.attempt ?? null;
  const row = await waitForEnd(services, { digest, expires_at: expiresAt, attempt }, signal);
  if (row === "running") return { outcome: "pending" };

  const settled =
    row === undefined || row.outcome === "open"
      ? await database.run(settleToken, { accountId, digest, expiresAt, attempt, now: now() })
      : row;
  if (settled?.outcome === "abandoned" || isOfAnother(settled, attempt)) return { outcome: "nothing" };
  if (settled?.outcome === "open" || settled?.outcome === "queued") return { outcome: "pending" };
  const versionId = settled?.version_id ?? null;
  const isNamed = attempt === null || settled?.attempt === attempt;
  if (versionId === null || !isNamed) throw new SluiceError("OUTCOME_UNKNOWN");
  const version = await findVersionById(database.reader, viewer, versionId);
  if (version === undefined) return { outcome: "stored", response: null };
  const request = validate(token.claims as ReadonlyMap<string, string>);
  const kept = settled?.answer ?? null;
  return {
    outcome: "stored",
    response: await recallResponse(services, { principal, version, kept, request }, signal),
  };
}

/**
 * Gives an upload that may be about to be committed some time, since the client must send an abandoned upload again.
 * An upload that is still being received gets no time when this is the only process, because a client that asks is no
 * longer sending it. With other processes it gets the time too: this process can't tell it from an upload that another
 * process has received.
 * @returns the ledger's row after the wait, or undefined if there is none; "running" when this process's own upload did
 *   not end in time, or when the signal was aborted
 */
async function waitForEnd(
  { config, database, now, uploadsUnderWay }: OutcomeDeps,
  key: TokenKey & { readonly attempt: string | null },
  signal: AbortSignal,
): Promise<UsedToken | "running" | undefined> {
  const ended = uploadsUnderWay.endOf(key.digest);
  const find = () => findUsedToken(database.reader, key);
  const row = await find();
  if (row?.outcome !== "open" || isOfAnother(row, key.attempt)) return row;
  // A resumable upload may go on for a day, on any node.
  if (await hasLivingSession(database.reader, { ...key, now: now() })) return "running";
  const { outcomeMs } = config.limits;
  if (ended !== undefined) return (await endsWithin(outcomeMs, ended, signal)) ? find() : "running";
  // This process can't tell whether another one runs the upload, or which one.
  const deadline = performance.now() + (hasOtherProcesses(config) ? outcomeMs : 0);
  for (let wait = pollMs.first; performance.now() < deadline; wait = Math.min(2 * wait, pollMs.max)) {
    await pause(wait, signal);
    if (signal.aborted) return "running";
    const found = await find();
    if (found?.outcome !== "open") return found;
  }
  return row;
}

async function endsWithin(ms: number, ended: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const inTime = new AbortController();
  const late = pause(ms, AbortSignal.any([signal, inTime.signal])).then(() => false);
  try {
    return await Promise.race([ended.then(() => true), late]);
  } finally {
    inTime.abort();
  }
}

/** Waits until the time is over or the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

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
