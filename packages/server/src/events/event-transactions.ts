import type { Connection } from "../database/database.ts";
import { holdActiveAccount } from "../database/repositories/accounts.ts";
import { deleteEventsBefore } from "../database/repositories/events.ts";
import {
  deleteWebhookAttemptsBefore,
  insertWebhookAttempts,
  type WebhookAttemptRow,
} from "../database/repositories/webhooks.ts";
import { firstEventId } from "./event-id.ts";

export async function logWebhookAttempts(
  connection: Connection,
  { attempts }: { readonly attempts: readonly WebhookAttemptRow[] },
): Promise<void> {
  // Attempts that were made before their account was erased must no longer be written.
  for (const [accountId, ofAccount] of Map.groupBy(attempts, (attempt) => attempt.account_id)) {
    if (await holdActiveAccount(connection, accountId)) await insertWebhookAttempts(connection, ofAccount);
  }
}

/**
 * Deletes events and attempts from before a time, `limit` of each. @returns how many were deleted; 0 when none are left
 */
export async function pruneEvents(
  connection: Connection,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const events = await deleteEventsBefore(connection, { before: firstEventId(before), limit });
  return events + (await deleteWebhookAttemptsBefore(connection, { before, limit }));
}
