import { findWebhookUrlSecret } from "../database/repositories/webhook-url-secrets.ts";
import type { EventsNeeds } from "./needs.ts";
import { generateWebhookSecret, type StoredSecret } from "./webhook-secret.ts";

/**
 * The secret for webhooks to URLs that the account's requests name, made when it is first asked for. It is no endpoint's:
 * whoever may upload chooses such a URL, and could present what is sent there to the endpoint. It is derived from no API
 * key either, since those are rotated, several at a time, and receivers would have to follow.
 */
export async function webhookUrlSecret(
  database: Pick<EventsNeeds["database"], "reader" | "run">,
  accountId: string,
): Promise<StoredSecret> {
  const stored = await findWebhookUrlSecret(database.reader, accountId);
  return stored ?? database.run("ensureWebhookUrlSecret", { accountId, spare: generateWebhookSecret() });
}
