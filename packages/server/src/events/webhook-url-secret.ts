import { findWebhookUrlSecret } from "../database/repositories/webhooks.ts";
import type { EventsNeeds } from "./needs.ts";
import { generateWebhookSecret, type StoredSecret } from "./webhook-secret.ts";
import { ensureWebhookUrlSecret } from "./webhook-url-secret-transactions.ts";

/**
 * Returns the secret for webhooks to URLs that the account's requests name. It is created when it is first asked for.
 * It is not an endpoint's secret, because anybody who may upload chooses such a URL, and could present the webhooks
 * sent there to the endpoint. It is not derived from an API key either, because API keys are rotated, several at a
 * time, and receivers would have to follow.
 */
export async function webhookUrlSecret(
  database: Pick<EventsNeeds["database"], "reader" | "run">,
  accountId: string,
): Promise<StoredSecret> {
  const stored = await findWebhookUrlSecret(database.reader, accountId);
  return stored ?? database.run(ensureWebhookUrlSecret, { accountId, spare: generateWebhookSecret() });
}
