import { SluiceError } from "@sluice/protocol";
import type { LibraryNeeds } from "../needs.ts";
import type { BulkOutcome, FilesTarget, TagsTarget } from "./bulk-transactions.ts";

export interface BulkResult {
  /** The ids are in the order of the request. */
  readonly successful: readonly string[];
  readonly errors: readonly { readonly fileId: string; readonly error: string }[];
}

export interface BulkNeeds {
  readonly database: Pick<LibraryNeeds["database"], "run">;
}

/**
 * Deletes several files in one transaction.
 * @returns the ids of the files
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function removeSeveralFiles({ database }: BulkNeeds, target: FilesTarget): Promise<readonly string[]> {
  const fileIds = [...new Set(target.fileIds)];
  return resultOf(fileIds, await database.run("removeSeveralFiles", { ...target, fileIds }), "").successful;
}

/** The changes of tags, and what the protocol calls a file whose change fails (docs/protocol/media-api.md §6). */
const failures = {
  addTags: "Error in adding tags",
  removeTags: "Error in removing tags",
  removeAiTags: "Error in removing AITags",
} as const;

/**
 * Changes the tags of several files in one transaction.
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function changeTags(
  { database }: BulkNeeds,
  script: keyof typeof failures,
  target: TagsTarget,
): Promise<BulkResult> {
  const fileIds = [...new Set(target.fileIds)];
  return resultOf(fileIds, await database.run(script, { ...target, fileIds }), failures[script]);
}

function resultOf(fileIds: readonly string[], result: BulkOutcome, failure: string): BulkResult {
  if (result.outcome === "missing") throw new SluiceError("FILES_NOT_FOUND", {}, { missingFileIds: result.fileIds });
  if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
  const failed = new Set(result.failed);
  return {
    successful: fileIds.filter((id) => !failed.has(id)),
    errors: fileIds.filter((id) => failed.has(id)).map((fileId) => ({ fileId, error: failure })),
  };
}
