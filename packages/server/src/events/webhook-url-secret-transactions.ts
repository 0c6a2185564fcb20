import type { Connection } from "../database/database.ts";
import { lockAccount } from "../database/repositories/accounts.ts";
import {
  findWebhookUrlSecret,
  insertWebhookUrlSecret,
  updateWebhookUrlSecret,
  type WebhookUrlSecretRow,
} from "../database/repositories/webhooks.ts";
import { rotatedSecret } from "./webhook-secret.ts";

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
