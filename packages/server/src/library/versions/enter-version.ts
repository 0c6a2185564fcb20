import { viewerOfServer } from "../../access/viewer.ts";
import { DatabaseError } from "../../database/database.ts";
import { type AssetRow, findVersionById } from "../../database/repositories/assets.ts";
import { newId } from "../../text/id.ts";
import { randomDigits } from "../../text/random-digits.ts";
import { type ContentDeps, type ContentToEnter, enterContent, type IncomingContent } from "../content/enter-content.ts";
import type { UnsecuredContent } from "../content/secure-blob.ts";

/**
 * Creates an `ik-obj-version`: 32 characters that name one version in its URLs. Nobody can guess them, because they
 * open versions that the plain URL no longer shows (docs/protocol/delivery.md §7).
 */
export function newObjectVersion(): string {
  return Buffer.from(randomDigits() + randomDigits(), "hex").toString("base64url");
}

/** The bytes of a new version, and the account that they belong to. */
interface IncomingVersion extends IncomingContent {
  /** The version's id, where it has been chosen before. */
  readonly versionId?: string | undefined;
}

/** The input for the transaction of one attempt, as plain data. */
export interface VersionToAdd extends ContentToEnter {
  /** Created before the commit, so that a commit whose answer is lost can be looked up. */
  readonly versionId: string;
  readonly objectVersion: string;
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
 * them (`enterContent`). When the answer to a COMMIT is lost, the database is asked whether the version is there.
 * @param commit runs the transaction, which adds the version with `addVersion`
 * @returns the version as it was committed, or why the transaction refused it; nothing is stored then
 * @throws SluiceError STORAGE_UNAVAILABLE, nothing is stored then; DatabaseError when the outcome stays unknown
 */
export async function enterVersion<Refusal extends { readonly outcome: string }>(
  deps: ContentDeps,
  { versionId = newId(deps.now()), ...incoming }: IncomingVersion,
  commit: (version: VersionToAdd) => Promise<VersionStored | UnsecuredContent | StartAgain | Refusal>,
  signal: AbortSignal,
): Promise<VersionStored | Refusal> {
  const enter = (content: ContentToEnter) =>
    commit({ ...content, versionId, objectVersion: newObjectVersion() }).catch((error: unknown) =>
      lookUp(deps, incoming.accountId, versionId, error),
    );
  return enterContent<VersionStored | Refusal>(deps, incoming, enter, signal);
}

/** Looks up the version after a COMMIT without an answer. If the look-up fails, the outcome stays unknown. */
async function lookUp(
  { database }: ContentDeps,
  accountId: string,
  versionId: string,
  error: unknown,
): Promise<VersionStored> {
  if (!(error instanceof DatabaseError)) throw error;
  const asset = await findVersionById(database.reader, viewerOfServer(accountId), versionId).catch(() => undefined);
  if (asset === undefined) throw error;
  return { outcome: "stored", asset };
}
