import { DatabaseFullError } from "../database/database.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { UploadNeeds } from "./needs.ts";

/**
 * Has the disks measured again where an upload has failed for one of them. Those behind it are then refused before their
 * tokens are burnt.
 */
export function noticeFailure({ freeSpace }: Pick<UploadNeeds, "freeSpace">, error: unknown): void {
  if (error instanceof StorageError || error instanceof DatabaseFullError) freeSpace.distrust();
}
