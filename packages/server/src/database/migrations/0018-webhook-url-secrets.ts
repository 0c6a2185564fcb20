import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** With what an account signs webhooks to URLs that its requests name: a secret that no endpoint shares. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const text = sql.raw(types.text);
  await database.schema
    .createTable("webhook_url_secrets")
    .addColumn("account_id", text, (column) => column.primaryKey().references("accounts.id"))
    .addColumn("secret", text, (column) => column.notNull())
    .addColumn("earlier_secret", text)
    .addColumn("earlier_secret_until", sql.raw(types.integer))
    .execute();
}
