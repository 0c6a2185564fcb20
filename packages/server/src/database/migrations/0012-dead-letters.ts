import { type Kysely, sql } from "kysely";

/** Dead letters by their age: each new one has those that are too old looked for. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createIndex("jobs_dead")
    .on("jobs")
    .column("ended_at")
    .where(sql.ref("state"), "=", sql.lit("dead"))
    .execute();
}
