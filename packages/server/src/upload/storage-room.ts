import type { Principal } from "../accounts/authenticate.ts";
import { type StorageUse, storageExceeded, storageLimitOf } from "../accounts/storage-limit.ts";
import type { Services } from "../app/services.ts";
import { storedBytes } from "../database/repositories/account-storage.ts";
import type { Admitted } from "./form/authorise/gate.ts";
import type { IncomingFile } from "./form/receive/incoming-file.ts";

type RoomServices = Pick<Services, "config"> & { readonly database: Pick<Services["database"], "reader"> };

/**
 * Before the file comes: refuses it where nothing fits any more, and lets it grow no larger than what does. A file of
 * which something else may be stored (`transformation.pre`) is measured when that is known.
 * @param length bytes of the request's body, where the file is sent as it is and its sender says so
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function boundByRoom(
  services: RoomServices,
  { principal, claims }: Admitted,
  file: Pick<IncomingFile, "boundBy" | "announce">,
  length: number | undefined,
): Promise<void> {
  const use = await storageUse(services, principal);
  if (use === undefined) return;
  if (use.stored >= use.limit) throw storageExceeded(use);
  if (claims === undefined || claims.has("transformation")) return;
  const { allFieldsBytes, parts, partHeaderBytes } = services.config.limits;
  const left = use.limit - use.stored;
  file.boundBy(left, storageExceeded(use));
  // The rest of a form is its fields and the headers of its parts.
  if (length !== undefined && length - allFieldsBytes - parts * partHeaderBytes > left) throw storageExceeded(use);
}

/** Before anything is stored. The transaction looks once more. @throws SluiceError STORAGE_LIMIT_EXCEEDED */
export async function assertRoom(services: RoomServices, principal: Principal, size: number): Promise<void> {
  const use = await storageUse(services, principal);
  if (use !== undefined && use.stored + size > use.limit) throw storageExceeded(use);
}

/** Undefined where nothing limits it; asks the database for nothing then. */
async function storageUse({ config, database }: RoomServices, principal: Principal): Promise<StorageUse | undefined> {
  const limit = storageLimitOf(principal, config);
  return limit === undefined ? undefined : { limit, stored: await storedBytes(database.reader, principal.accountId) };
}
