import { SluiceError } from "@sluice/protocol";
import { DatabaseError } from "../../database/database.ts";
import { type AssetRow, findVersionById } from "../../database/repositories/assets.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { newId } from "../../text/id.ts";
import { chooseBlob, FreshCopy } from "../content/choose-blob.ts";
import type { ContentNeeds } from "../content/needs.ts";
import type { ContentToSecure, UnsecuredContent } from "../content/secure-blob.ts";
import { newObjectVersion } from "./object-version.ts";

/** The number of times that a commit starts again because others changed the rows that it had read. */
const maxAttempts = 10;

/** The bytes of a new version, and the account that they belong to. */
export interface IncomingVersion {
  readonly accountId: string;
  readonly spooled: SpooledFile;
}

/** The input for the transaction of one attempt, as plain data. */
export interface VersionToAdd extends ContentToSecure {
  /** Created before the commit, so that a commit whose answer is lost can be looked up. */
  readonly versionId: string;
  readonly objectVersion: string;
  readonly now: number;
}

export interface VersionStored {
  readonly outcome: "stored";
  readonly asset: AssetRow;
}

/** The outcome of an attempt that lost a race which another attempt may win. */
export interface StartAgain {
  readonly outcome: "start again";
}

export const startAgain: StartAgain = { outcome: "start again" };

/**
 * The only way in which a version enters the library. First the bytes are made durable, then the rows that refer to
 * them (docs/architecture.md decision 2). An attempt starts again when others stored, swept or replaced the same
 * content meanwhile. When the answer to a COMMIT is lost, the database is asked whether the version is there.
 * @param commit runs the transaction, which adds the version with `addVersion`
 * @returns the version as it was committed, or why the transaction refused it; nothing is stored then
 * @throws SluiceError STORAGE_UNAVAILABLE, nothing is stored then; DatabaseError when the outcome stays unknown
 */
export async function enterVersion<Refusal extends { readonly outcome: string }>(
  needs: ContentNeeds,
  { accountId, spooled }: IncomingVersion,
  commit: (version: VersionToAdd) => Promise<VersionStored | UnsecuredContent | StartAgain | Refusal>,
  signal: AbortSignal,
): Promise<VersionStored | Refusal> {
  const { config, now } = needs;
  const { sha256, size } = spooled;
  const versionId = newId(now());
  const copy = new FreshCopy(needs, spooled, signal);
  let copyIsNobodys = true;
  let adopted: string | undefined;
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const blob = await chooseBlob(needs, accountId, copy, signal);
      const content = { blob, sha256, size, sweepGraceMs: config.limits.sweepGraceMs, madeAt: Date.now() };
      copyIsNobodys = false;
      const version = { ...content, versionId, objectVersion: newObjectVersion(), now: now() };
      const result = await commit(version).catch((error: unknown) => lookUp(needs, accountId, versionId, error));
      const outcome: string = result.outcome;
      adopted = outcome === "stored" && blob.kind === "adopt" ? blob.storageKey : undefined;
      copyIsNobodys = outcome !== "stored" || adopted !== undefined;
      // Another attempt can't help: an object that the sweep may already be looking at does not get younger.
      if (outcome === "blob too old") throw unavailable("its object is too old for the sweep's grace period");
      if (outcome !== "blob changed" && outcome !== "start again") return result as VersionStored | Refusal;
    }
    throw unavailable(`others changed the same content ${maxAttempts} times`);
  } finally {
    // A copy that may have been committed after all is left to the sweep, which checks for references before it
    // deletes.
    if (copyIsNobodys) await copy.discard(adopted);
  }
}

function unavailable(why: string): SluiceError {
  return new SluiceError("STORAGE_UNAVAILABLE", {}, { cause: new Error(`a new version was not stored: ${why}`) });
}

/** Looks up the version after a COMMIT without an answer. If the look-up fails, the outcome stays unknown. */
async function lookUp(
  { database }: ContentNeeds,
  accountId: string,
  versionId: string,
  error: unknown,
): Promise<VersionStored> {
  if (!(error instanceof DatabaseError)) throw error;
  const asset = await findVersionById(database.reader, accountId, versionId).catch(() => undefined);
  if (asset === undefined) throw error;
  return { outcome: "stored", asset };
}
