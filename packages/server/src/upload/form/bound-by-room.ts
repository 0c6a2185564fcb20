import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { IncomingFile } from "../../library/content/incoming-file.ts";
import { type RoomNeeds, storageUse } from "../../library/content/storage-room.ts";
import type { Admitted } from "./authorise/gate.ts";

/**
 * Bounds the file by the account's free storage before the file comes: refuses it when the storage is full, and else
 * lets it grow no larger than the storage that is left. A file is not bounded here when something else may be stored in
 * its place (`transformation.pre`), which can't be ruled out without claims. It is then measured once it is known what
 * is stored.
 * @param length bytes of the request's body, when the file is sent as it is and its sender announces the length
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function boundByRoom(
  needs: RoomNeeds,
  { principal, claims }: Admitted,
  file: Pick<IncomingFile, "boundBy" | "announce">,
  length: number | undefined,
): Promise<void> {
  const use = await storageUse(needs, principal);
  if (use === undefined) return;
  if (use.stored >= use.limit) throw storageExceeded(use);
  if (claims === undefined || claims.has("transformation")) return;
  const { allFieldsBytes, parts, partHeaderBytes } = needs.config.limits;
  const left = use.limit - use.stored;
  file.boundBy(left, storageExceeded(use));
  // Beside the file, a form holds its fields and the headers of its parts.
  if (length !== undefined && length - allFieldsBytes - parts * partHeaderBytes > left) throw storageExceeded(use);
}
