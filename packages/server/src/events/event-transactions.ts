import type { Connection } from "../database/database.ts";
import { holdActiveAccount } from "../database/repositories/accounts.ts";
import {
  deleteEventsBefore,
  deleteExchangesBefore,
  type EventRow,
  insertEvent,
  keepLatestExchanges,
  type WebhookExchangeRow,
} from "../database/repositories/events.ts";
import {
  deleteWebhookAttemptsBefore,
  findWebhookIds,
  insertWebhookAttempts,
  type WebhookAttemptRow,
} from "../database/repositories/webhooks.ts";
import { firstId } from "../text/id.ts";
import { firstEventId } from "./event-id.ts";

export async function logWebhookAttempts(
  connection: Connection,
  {
    attempts,
    exchanges,
  }: { readonly attempts: readonly WebhookAttemptRow[]; readonly exchanges: readonly WebhookExchangeRow[] },
): Promise<void> {
  // Attempts that were made before their account was erased must no longer be written.
  const active = new Set<string>();
  for (const accountId of new Set(attempts.map(({ account_id }) => account_id))) {
    if (await holdActiveAccount(connection, accountId)) active.add(accountId);
  }
  const isActive = ({ account_id }: { readonly account_id: string }) => active.has(account_id);
  await insertWebhookAttempts(connection, attempts.filter(isActive));
  await keepExchanges(connection, exchanges.filter(isActive));
}

/** Keeps the exchanges whose endpoints have not been removed meanwhile, and those with the URLs that requests named. */
async function keepExchanges(connection: Connection, exchanges: readonly WebhookExchangeRow[]): Promise<void> {
  const named = ({ target, account_id }: WebhookExchangeRow) => target === account_id;
  const endpointIds = new Set(exchanges.filter((exchange) => !named(exchange)).map(({ target }) => target));
  const there = new Set(await findWebhookIds(connection, [...endpointIds]));
  await keepLatestExchanges(
    connection,
    exchanges.filter((exchange) => named(exchange) || there.has(exchange.target)),
  );
}

/** Logs a test, together with its event, which nobody else is told of. */
export async function logWebhookTest(
  connection: Connection,
  {
    event,
    attempt,
    exchange,
  }: { readonly event: EventRow; readonly attempt: WebhookAttemptRow; readonly exchange: WebhookExchangeRow },
): Promise<void> {
  if (!(await holdActiveAccount(connection, event.account_id))) return;
  await insertEvent(connection, event);
  await insertWebhookAttempts(connection, [attempt]);
  await keepExchanges(connection, [exchange]);
}

/**
 * Deletes events, attempts and their exchanges from before a time, `limit` of each. @returns how many were deleted; 0 when none are left
 */
export async function pruneEvents(
  connection: Connection,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const events = await deleteEventsBefore(connection, { before: firstEventId(before), limit });
  const exchanges = await deleteExchangesBefore(connection, { before: firstId(before), limit });
  return events + exchanges + (await deleteWebhookAttemptsBefore(connection, { before, limit }));
}

pruneEvents.makesRoom = true;
