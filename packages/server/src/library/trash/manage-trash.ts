import { setImmediate as nextTurn } from "node:timers/promises";
import { toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection, Database } from "../../database/database.ts";
import {
  findTrashedAssets,
  pageOfTrash,
  pageOfTrashedNames,
  type TrashedAsset,
  type TrashPosition,
} from "../../database/repositories/trash.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isId } from "../../text/id.ts";
import { untilDone } from "../files/organise-files.ts";
import { maxVersions } from "../versions/add-version.ts";
import { restoreFromTrash } from "./restore-transaction.ts";
import { deleteFromTrashTransaction, emptyTrashTransaction } from "./trash-transactions.ts";

/** The parts that are needed to manage the trash. */
export interface TrashDeps {
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

interface TrashPage {
  readonly files: readonly TrashedAsset[];
  /** Undefined on the last page. */
  readonly next: TrashPosition | undefined;
}

/** The names that one query reads, and those that one request reads at most. A million names take some seconds. */
const namesAtOnce = 1000;
const maxNamesRead = 20_000;

/**
 * Lists the files whose name contains a text, in upper or lower case. The names are compared here: SQLite and PostgreSQL
 * would know no case but that of A to Z. In a trash of more names than a request reads, the page ends early.
 */
async function searchTrash(
  reader: Connection,
  viewer: Viewer,
  { after, limit, nameContains }: { after: TrashPosition | undefined; limit: number; nameContains: string },
): Promise<TrashPage> {
  const wanted = fold(nameContains);
  const found: Awaited<ReturnType<typeof pageOfTrashedNames>> = [];
  let position = after;
  let read = 0;
  let isEnd = false;
  while (found.length <= limit && read < maxNamesRead && !isEnd) {
    const names = await pageOfTrashedNames(reader, viewer, { after: position, limit: namesAtOnce });
    found.push(...names.filter(({ name }) => fold(name).includes(wanted)));
    const last = names.at(-1);
    if (last !== undefined) position = positionOf(last);
    read += names.length;
    isEnd = names.length < namesAtOnce;
    // Reading SQLite holds the event loop. Other requests get their turn between the pages.
    await nextTurn();
  }
  const page = found.slice(0, limit);
  const files = await findTrashedAssets(
    reader,
    viewer,
    page.map(({ id }) => id),
  );
  const last = page.at(-1);
  if (found.length > limit && last !== undefined) return { files, next: positionOf(last) };
  return { files, next: isEnd ? undefined : position };
}

/** The position of a file in the list of the trash. */
function positionOf({ id, trashed_at: trashedAt }: { readonly id: string; readonly trashed_at: number }) {
  return { trashedAt, id };
}

/** As capital letters, "ß" is "SS", and "σ" and "ς" are both "Σ". That becomes "ς" again at the end of a word. */
function fold(text: string): string {
  return toNfc(text).toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

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
  { database: { reader } }: Pick<TrashDeps, "database">,
  viewer: Viewer,
  { after, limit, nameContains }: TrashListing,
): Promise<TrashPage> {
  if (nameContains !== undefined) return searchTrash(reader, viewer, { after, limit, nameContains });
  const found = await pageOfTrash(reader, viewer, { after, limit: limit + 1 });
  const files = found.slice(0, limit);
  const last = files.at(-1);
  return { files, next: found.length > limit && last !== undefined ? positionOf(last) : undefined };
}

interface RestoredFiles {
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
  { database, now }: TrashDeps,
  { accountId, events }: TrashCaller,
  fileIds: readonly string[],
  signal: AbortSignal,
): Promise<RestoredFiles> {
  const restored: { fileId: string; restoredFileId: string }[] = [];
  const errors: { fileId: string; error: SluiceError }[] = [];
  for (const fileId of new Set(fileIds)) {
    signal.throwIfAborted();
    const result = isId(fileId)
      ? await untilDone(() => database.run(restoreFromTrash, { accountId, fileId, events, now: now() }))
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
  { database, now }: TrashDeps,
  { accountId, events }: TrashCaller,
  fileIds: readonly string[],
): Promise<void> {
  let left: readonly string[] = [...new Set(fileIds)];
  for (let mustExist = true; left.length > 0; mustExist = false) {
    const result = await database.run(deleteFromTrashTransaction, {
      accountId,
      fileIds: left,
      mustExist,
      events,
      now: now(),
    });
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
  { database, now }: TrashDeps,
  { accountId, events }: TrashCaller,
): Promise<{ readonly isUnderWay: boolean }> {
  const result = await database.run(emptyTrashTransaction, { accountId, events, now: now() });
  if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
  return result;
}

function missingFiles(fileIds: readonly string[]): SluiceError {
  return new SluiceError("FILES_NOT_IN_TRASH", {}, { missingFileIds: fileIds });
}
