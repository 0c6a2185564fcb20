import { SluiceError } from "@sluice/protocol";
import { DatabaseFullError } from "../database/database.ts";
import { MediaError } from "../media/media-error.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { UploadDeps } from "./deps.ts";

/**
 * Has the disks measured again where an upload has failed for one of them. Those behind it are then refused before their
 * tokens are burnt.
 */
export function noticeFailure({ freeSpace }: Pick<UploadDeps, "freeSpace">, error: unknown): void {
  if (error instanceof StorageError || error instanceof DatabaseFullError) freeSpace.distrust();
}

/** Tells the client to come back where the image engine has no room for its upload. Other errors stay what they are. */
export function refuseBusy(error: unknown): never {
  const isBusy = error instanceof MediaError && error.code === "EBUSY";
  throw isBusy ? new SluiceError("SERVER_BUSY", {}, { cause: error }) : error;
}
