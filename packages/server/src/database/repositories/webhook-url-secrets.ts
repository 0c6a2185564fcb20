import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { WebhookUrlSecretsTable } from "../schema.ts";

export type WebhookUrlSecretRow = Selectable<WebhookUrlSecretsTable>;

export async function findWebhookUrlSecret(
  connection: Connection,
  accountId: string,
): Promise<WebhookUrlSecretRow | undefined> {
  return connection
    .selectFrom("webhook_url_secrets")
    .selectAll()
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

/** Does nothing if the account has a secret already. */
export async function insertWebhookUrlSecret(connection: Connection, row: WebhookUrlSecretRow): Promise<void> {
  await connection
    .insertInto("webhook_url_secrets")
    .values(row)
    .onConflict((conflict) => conflict.column("account_id").doNothing())
    .execute();
}

export async function updateWebhookUrlSecret(
  connection: Connection,
  { account_id, ...change }: WebhookUrlSecretRow,
): Promise<void> {
  await connection.updateTable("webhook_url_secrets").set(change).where("account_id", "=", account_id).execute();
}
