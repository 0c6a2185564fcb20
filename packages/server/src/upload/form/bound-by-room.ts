import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { IncomingFile } from "../../library/content/incoming-file.ts";
import { type RoomNeeds, storageUse } from "../../library/content/storage-room.ts";
import type { Admitted } from "./authorise/gate.ts";

/**
 * Before the file comes: refuses it where nothing fits any more, and lets it grow no larger than what does. A file of
 * which something else may be stored (`transformation.pre`) is measured when that is known.
 * @param length bytes of the request's body, where the file is sent as it is and its sender says so
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
  // The rest of a form is its fields and the headers of its parts.
  if (length !== undefined && length - allFieldsBytes - parts * partHeaderBytes > left) throw storageExceeded(use);
}
