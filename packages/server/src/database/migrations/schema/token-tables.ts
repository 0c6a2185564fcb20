import type { Kysely } from "kysely";
import type { TableBuilder } from "../schema-dialect.ts";

/** The ledgers of used tokens. */
export async function createTokenTables({ schema }: Kysely<unknown>, tables: TableBuilder): Promise<void> {
  const { text, bytes, integer } = tables;

  await tables
    .keyedTable("used_tokens")
    .addColumn("expires_at", integer, (column) => column.notNull())
    .addColumn("digest", bytes, (column) => column.notNull())
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("used_at", integer, (column) => column.notNull())
    .addColumn("outcome", text)
    .addColumn("version_id", text)
    .addColumn("attempt", text)
    .addColumn("answer", text)
    .addPrimaryKeyConstraint("used_tokens_key", ["expires_at", "digest"])
    .execute();

  await tables
    .keyedTable("used_v1_tokens")
    .addColumn("account_id", text, (column) => column.notNull())
    .addColumn("digest", bytes, (column) => column.notNull())
    .addColumn("used_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("used_v1_tokens_key", ["account_id", "digest"])
    .execute();
  await schema.createIndex("used_v1_tokens_use").on("used_v1_tokens").column("used_at").execute();
}
