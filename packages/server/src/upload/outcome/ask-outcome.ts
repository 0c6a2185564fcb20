import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import { findVersionById } from "../../database/repositories/assets.ts";
import { findUsedToken, type TokenKey, type UsedToken } from "../../database/repositories/used-tokens.ts";
import { secondsInLedger } from "../../maintenance/expire-tokens.ts";
import type { Services } from "../../services.ts";
import { verifyToken } from "../authorise/verify-token.ts";
import { respond, type UploadResponse } from "../respond.ts";
import { validate } from "../validate.ts";

/** `response` is null when what was stored has been deleted since. */
export type UploadOutcome =
  | { readonly outcome: "stored"; readonly response: UploadResponse | null }
  | { readonly outcome: "nothing" | "pending" };

export type OutcomeServices = Pick<
  Services,
  "config" | "database" | "keyPairs" | "now" | "publicUrl" | "uploadsUnderWay"
>;

/** Nodes' clocks differ, and a row that is asked for must not be one that another node has forgotten. */
const clockDifferenceSeconds = 3600;
const pollMs = 100;

/**
 * What became of the upload with this token, settled by the asking: after "nothing", nothing will ever be stored with it.
 * @param arrivedAt Unix milliseconds
 * @throws SluiceError as for an upload, TOKEN_EXPIRED once its ledger row may be gone; OUTCOME_UNKNOWN for a token that
 * was presented to a version of this program that kept no outcomes
 */
export async function askOutcome(
  services: OutcomeServices,
  text: string,
  arrivedAt: number,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const { config, database, keyPairs, now, publicUrl } = services;
  const tolerance = secondsInLedger(config.limits) - clockDifferenceSeconds;
  const { token, principal } = await verifyToken(keyPairs, text, arrivedAt, tolerance);
  const { accountId, imagekitId } = principal;
  const { digest, expiresAt } = token;
  const row = await waitForEnd(services, { digest, expires_at: expiresAt }, signal);
  if (row === "running") return { outcome: "pending" };

  const settled = isSettled(row)
    ? row
    : await database.run("settleToken", { accountId, digest, expiresAt, now: now() });
  const { outcome = null, version_id: versionId = null } = settled ?? {};
  if (outcome === "abandoned") return { outcome: "nothing" };
  if (versionId === null) throw new SluiceError("OUTCOME_UNKNOWN");
  const asset = await findVersionById(database.reader, accountId, versionId);
  if (asset === undefined) return { outcome: "stored", response: null };
  const { responseFields } = validate(token.claims as ReadonlyMap<string, string>);
  return { outcome: "stored", response: respond(asset, responseFields, { publicUrl: publicUrl(), imagekitId }) };
}

/**
 * An upload that may be about to be committed gets some time for it, since to abandon it means to send it again. What is
 * still being received does not: the client that asks is no longer sending it.
 * @returns what the ledger says then
 */
async function waitForEnd(
  { config, database, uploadsUnderWay }: OutcomeServices,
  key: TokenKey,
  signal: AbortSignal,
): Promise<UsedToken | "running" | undefined> {
  const { outcomeMs } = config.limits;
  const ended = uploadsUnderWay.endOf(key.digest);
  if (ended !== undefined && !(await endsWithin(outcomeMs, ended, signal))) return "running";
  // Which process runs it, if any does, can't be told.
  const deadline = performance.now() + (ended === undefined && hasOthers(config) ? outcomeMs : 0);
  for (;;) {
    const row = await findUsedToken(database.reader, key);
    if (row?.outcome !== "open" || performance.now() >= deadline) return row;
    await pause(pollMs, signal);
    if (signal.aborted) return "running";
  }
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

/** Ends early with the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function isSettled(row: UsedToken | undefined): boolean {
  return row !== undefined && row.outcome !== "open";
}

function hasOthers({ workers, databaseUrl }: Services["config"]): boolean {
  return workers > 1 || databaseUrl !== undefined;
}
