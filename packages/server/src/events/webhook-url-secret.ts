import type { Connection } from "../database/database.ts";
import { lockAccount } from "../database/repositories/accounts.ts";
import {
  findWebhookUrlSecret,
  insertWebhookUrlSecret,
  updateWebhookUrlSecret,
  type WebhookUrlSecretRow,
} from "../database/repositories/webhooks.ts";
import type { EventsDeps } from "./deps.ts";
import { generateWebhookSecret, rotatedSecret, type StoredSecret } from "./webhook-secret.ts";

/**
 * Returns the secret for webhooks to URLs that the account's requests name. It is created when it is first asked for.
 * It is not an endpoint's secret, because anybody who may upload chooses such a URL, and could present the webhooks
 * sent there to the endpoint. It is not derived from an API key either, because API keys are rotated, several at a
 * time, and receivers would have to follow.
 */
export async function webhookUrlSecret(
  database: Pick<EventsDeps["database"], "reader" | "run">,
  accountId: string,
): Promise<StoredSecret> {
  const stored = await findWebhookUrlSecret(database.reader, accountId);
  return stored ?? database.run(ensureWebhookUrlSecret, { accountId, spare: generateWebhookSecret() });
}

/** @param input.spare becomes the account's secret unless it has one */
export async function ensureWebhookUrlSecret(
  connection: Connection,
  { accountId, spare }: { readonly accountId: string; readonly spare: string },
): Promise<WebhookUrlSecretRow> {
  const row = { account_id: accountId, secret: spare, earlier_secret: null, earlier_secret_until: null };
  await insertWebhookUrlSecret(connection, row);
  const stored = await findWebhookUrlSecret(connection, accountId);
  if (stored === undefined) throw new Error("a secret vanished while it was being made");
  return stored;
}

/** Gives the account a new secret. For `graceMs`, webhooks are also signed with the previous secret. */
export async function rotateWebhookUrlSecret(
  connection: Connection,
  input: { readonly accountId: string; readonly secret: string; readonly graceMs: number; readonly now: number },
): Promise<void> {
  const { accountId, ...rotation } = input;
  await lockAccount(connection, { id: accountId });
  const current = await ensureWebhookUrlSecret(connection, { accountId, spare: rotation.secret });
  if (current.secret === rotation.secret) return;
  await updateWebhookUrlSecret(connection, { account_id: accountId, ...rotatedSecret(current, rotation) });
}
