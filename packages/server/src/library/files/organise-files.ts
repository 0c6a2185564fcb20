import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { storageExceeded, storageLimitOf } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import type { EventContext } from "../../events/event-context.ts";
import { shortened } from "../../text/shortened.ts";
import type { LibraryDeps } from "../deps.ts";
import { joinPath } from "../names.ts";
import { maxVersions } from "../versions/add-version.ts";
import type { StartAgain } from "../versions/enter-version.ts";
import type { FilePath } from "./lock-places.ts";
import { copyFileTo, moveFileTo } from "./organise-transactions.ts";

export interface OrganiseDeps {
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<LibraryDeps["database"], "run">;
}

export interface CopyRequest {
  readonly from: FilePath;
  readonly folder: string;
  readonly includeVersions: boolean;
}

/** The endpoints that are told of a change, and its time in Unix milliseconds. */
export interface ChangeContext {
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Copies a file into a folder.
 * @throws SluiceError SOURCE_FILE_MISSING, TOO_MANY_VERSIONS_TOGETHER, STORAGE_LIMIT_EXCEEDED, ACCOUNT_DISABLED,
 *   SERVER_BUSY; nothing is copied then
 */
export async function copyFile(
  { config, database }: OrganiseDeps,
  principal: Principal,
  { from, folder, includeVersions }: CopyRequest,
  change: ChangeContext,
): Promise<void> {
  const { accountId } = principal;
  const isLimited = storageLimitOf(principal, config) !== undefined;
  const storageLimit = isLimited ? config.limits.storageBytes : undefined;
  const input = { accountId, from, folder, includeVersions, storageLimit, ...change };
  const result = await untilDone(() => database.run(copyFileTo, input));
  switch (result.outcome) {
    case "done":
      return;
    case "storage limit":
      throw storageExceeded(result);
    case "version limit":
      throw new SluiceError("TOO_MANY_VERSIONS_TOGETHER", { limit: maxVersions });
    default:
      throw refusalOf(result.outcome, () => sourceMissing(from));
  }
}

/**
 * Moves a file into a folder.
 * @throws SluiceError SOURCE_FILE_MISSING, TOO_MANY_VERSIONS_TOGETHER, ACCOUNT_DISABLED, SERVER_BUSY; nothing is moved
 *   then
 */
export async function moveFile(
  { database }: Pick<OrganiseDeps, "database">,
  { accountId }: Principal,
  { from, folder }: Omit<CopyRequest, "includeVersions">,
  change: ChangeContext,
): Promise<void> {
  const { outcome } = await untilDone(() => database.run(moveFileTo, { accountId, from, folder, ...change }));
  if (outcome === "done") return;
  if (outcome === "version limit") throw new SluiceError("TOO_MANY_VERSIONS_TOGETHER", { limit: maxVersions });
  throw refusalOf(outcome, () => sourceMissing(from));
}

/** The error for a change of a file that could not be made. */
export function refusalOf(outcome: "no file" | "account disabled", missing: () => SluiceError): SluiceError {
  return outcome === "no file" ? missing() : new SluiceError("ACCOUNT_DISABLED");
}

/** The path of a file for a message. A client may send any text as a path. */
export function shownPath({ folder, name }: FilePath): string {
  return shortened(joinPath(folder, name), 1100);
}

function sourceMissing(from: FilePath): SluiceError {
  return new SluiceError("SOURCE_FILE_MISSING", { path: shownPath(from) });
}

/** A change starts again so often where others change the same files. */
const maxAttempts = 12;

/**
 * Runs a script until no other transaction has changed its files between its look and its locks.
 * @throws SluiceError SERVER_BUSY; nothing is changed then
 */
export async function untilDone<Outcome extends { readonly outcome: string }>(
  attempt: () => Promise<Outcome | StartAgain>,
): Promise<Exclude<Outcome, StartAgain>> {
  for (let count = 0; count < maxAttempts; count++) {
    const result = await attempt();
    if (result.outcome !== "start again") return result as Exclude<Outcome, StartAgain>;
    // Those that met once would meet again.
    await sleep(Math.min(2 ** count, 100) * Math.random());
  }
  throw new SluiceError("SERVER_BUSY", {}, { cause: new Error("others changed the same files again and again") });
}
