import { SluiceError } from "@sluice/protocol";
import { pageOfTrash, type TrashPosition } from "../../database/repositories/trash.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isId } from "../../text/id.ts";
import { untilDone } from "../files/organise-files.ts";
import { maxVersions } from "../versions/add-version.ts";
import type { TrashNeeds } from "./needs.ts";
import { positionOf, searchTrash, type TrashPage } from "./search-trash.ts";

/** The account whose trash it is, and the endpoints that are told of a change. */
export interface TrashCaller {
  readonly accountId: string;
  readonly events: EventContext | undefined;
}

export interface TrashListing {
  readonly limit: number;
  readonly after: TrashPosition | undefined;
  /** The text that names contain; undefined for all files. */
  readonly nameContains?: string | undefined;
}

/** Lists the files in an account's trash, what was put there last first. */
export async function listTrash(
  { database: { reader } }: Pick<TrashNeeds, "database">,
  accountId: string,
  { after, limit, nameContains }: TrashListing,
): Promise<TrashPage> {
  if (nameContains !== undefined) return searchTrash(reader, accountId, { after, limit, nameContains });
  const found = await pageOfTrash(reader, accountId, { after, limit: limit + 1 });
  const files = found.slice(0, limit);
  const last = files.at(-1);
  return { files, next: found.length > limit && last !== undefined ? positionOf(last) : undefined };
}

export interface RestoredFiles {
  readonly restored: readonly {
    readonly fileId: string /** The file at the path. */;
    readonly restoredFileId: string;
  }[];
  readonly errors: readonly { readonly fileId: string; readonly error: SluiceError }[];
}

/**
 * Takes files out of the trash, each in a transaction of its own and in the order of the ids.
 * @throws SluiceError ACCOUNT_DISABLED, FILES_NOT_IN_TRASH where none of them is in the trash
 */
export async function restoreFiles(
  { database, now }: TrashNeeds,
  { accountId, events }: TrashCaller,
  fileIds: readonly string[],
  signal: AbortSignal,
): Promise<RestoredFiles> {
  const restored: { fileId: string; restoredFileId: string }[] = [];
  const errors: { fileId: string; error: SluiceError }[] = [];
  for (const fileId of new Set(fileIds)) {
    signal.throwIfAborted();
    const result = isId(fileId)
      ? await untilDone(() => database.run("restoreFromTrash", { accountId, fileId, events, now: now() }))
      : ({ outcome: "no file" } as const);
    if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
    if (result.outcome === "done") restored.push({ fileId, restoredFileId: result.fileId });
    else if (result.outcome === "no file") errors.push({ fileId, error: new SluiceError("FILE_NOT_IN_TRASH") });
    else errors.push({ fileId, error: new SluiceError("TOO_MANY_VERSIONS_TOGETHER", { limit: maxVersions }) });
  }
  if (errors.length > 0 && restored.length === 0 && errors.every(({ error }) => error.reason === "FILE_NOT_IN_TRASH")) {
    throw missingFiles(errors.map(({ fileId }) => fileId));
  }
  return { restored, errors };
}

/**
 * Deletes files in the trash for good.
 * @throws SluiceError ACCOUNT_DISABLED, FILES_NOT_IN_TRASH; nothing is deleted then
 */
export async function deleteFromTrash(
  { database, now }: TrashNeeds,
  { accountId, events }: TrashCaller,
  fileIds: readonly string[],
): Promise<void> {
  let left: readonly string[] = [...new Set(fileIds)];
  for (let mustExist = true; left.length > 0; mustExist = false) {
    const result = await database.run("deleteFromTrash", { accountId, fileIds: left, mustExist, events, now: now() });
    if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
    if (result.outcome === "missing") throw missingFiles(result.fileIds);
    left = result.left;
  }
}

/**
 * Empties the trash.
 * @returns whether a job goes on with it @throws SluiceError ACCOUNT_DISABLED
 */
export async function emptyTrash(
  { database, now }: TrashNeeds,
  { accountId, events }: TrashCaller,
): Promise<{ readonly isUnderWay: boolean }> {
  const result = await database.run("emptyTrash", { accountId, events, now: now() });
  if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
  return result;
}

function missingFiles(fileIds: readonly string[]): SluiceError {
  return new SluiceError("FILES_NOT_IN_TRASH", {}, { missingFileIds: fileIds });
}
