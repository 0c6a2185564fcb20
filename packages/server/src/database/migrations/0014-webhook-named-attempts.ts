import { type Kysely, sql } from "kysely";

/** Lists an account's attempts at the URLs that its requests have named, without those at its endpoints. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createIndex("webhook_attempts_named")
    .on("webhook_attempts")
    .columns(["account_id", "created_at"])
    .where(sql.ref("endpoint_id"), "is", null)
    .execute();
}
