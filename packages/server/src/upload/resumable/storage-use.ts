import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded } from "../../accounts/storage-limit.ts";
import { receivedBytes } from "../../database/repositories/upload-sessions.ts";
import { storageUse } from "../../library/content/storage-room.ts";
import type { ResumableNeeds } from "./needs.ts";

/**
 * The account's use of its storage with the bytes that its open sessions hold.
 * @returns undefined for an account without a limit
 */
export async function storageUseWithSessions(
  needs: Pick<ResumableNeeds, "config" | "database" | "now">,
  principal: Principal,
): Promise<StorageUse | undefined> {
  const use = await storageUse(needs, principal);
  if (use === undefined) return undefined;
  const { accountId } = principal;
  const received = await receivedBytes(needs.database.reader, { accountId, now: needs.now() });
  return { ...use, stored: use.stored + received };
}

/**
 * Asserts that the account's storage takes a file of this length. A length that isn't known, or that of a file that is to
 * be transformed and may become smaller, counts as one byte: the bytes are looked at as they come.
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function assertStorageFor(
  needs: Pick<ResumableNeeds, "config" | "database" | "now">,
  principal: Principal,
  length = 1,
): Promise<void> {
  const use = await storageUseWithSessions(needs, principal);
  if (use !== undefined && use.stored + length > use.limit) throw storageExceeded(use);
}
