import { SluiceError } from "@sluice/protocol";
import type { LibraryDeps } from "../deps.ts";
import type { BulkOutcome, FilesRemoval, TagsTarget } from "./bulk-transactions.ts";
import { addTags, removeAiTags, removeSeveralFilesTransaction, removeTags } from "./bulk-transactions.ts";

export interface BulkResult {
  /** The ids are in the order of the request. */
  readonly successful: readonly string[];
  readonly errors: readonly { readonly fileId: string; readonly error: string }[];
}

export interface BulkDeps {
  readonly database: Pick<LibraryDeps["database"], "run">;
}

/**
 * Deletes several files, or puts them into the trash for `trashMs`. Files with many versions take several transactions,
 * so that others have their turn.
 * @returns the ids of the files
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function removeSeveralFiles(
  { database }: BulkDeps,
  target: Omit<FilesRemoval, "mustExist">,
): Promise<readonly string[]> {
  const fileIds = [...new Set(target.fileIds)];
  let left: readonly string[] = fileIds;
  for (let mustExist = true; left.length > 0; mustExist = false) {
    const result = await database.run(removeSeveralFilesTransaction, { ...target, fileIds: left, mustExist });
    if (result.outcome !== "done") throw refusalOf(result);
    left = result.left;
  }
  return fileIds;
}

/** The changes of tags, and what the protocol calls a file whose change fails (docs/protocol/media-api.md §6). */
const tagChanges = {
  addTags: { script: addTags, failure: "Error in adding tags" },
  removeTags: { script: removeTags, failure: "Error in removing tags" },
  removeAiTags: { script: removeAiTags, failure: "Error in removing AITags" },
} as const;

/**
 * Changes the tags of several files in one transaction.
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function changeTags(
  { database }: BulkDeps,
  change: keyof typeof tagChanges,
  target: TagsTarget,
): Promise<BulkResult> {
  const fileIds = [...new Set(target.fileIds)];
  const { script, failure } = tagChanges[change];
  return resultOf(fileIds, await database.run(script, { ...target, fileIds }), failure);
}

function resultOf(fileIds: readonly string[], result: BulkOutcome, failure: string): BulkResult {
  if (result.outcome !== "done") throw refusalOf(result);
  const failed = new Set(result.failed);
  return {
    successful: fileIds.filter((id) => !failed.has(id)),
    errors: fileIds.filter((id) => failed.has(id)).map((fileId) => ({ fileId, error: failure })),
  };
}

function refusalOf(refusal: Exclude<BulkOutcome, { readonly outcome: "done" }>): SluiceError {
  return refusal.outcome === "missing"
    ? new SluiceError("FILES_NOT_FOUND", {}, { missingFileIds: refusal.fileIds })
    : new SluiceError("ACCOUNT_DISABLED");
}
