import type { Principal } from "../../accounts/authenticate.ts";
import type { StorageUse } from "../../accounts/storage-limit.ts";
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
