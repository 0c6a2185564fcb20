import type { Kysely } from "kysely";
import type { Schema } from "../../schema.ts";

/** Makes about half of the rows as uploads leave them: in no list of terms, and in no index of values. */
export async function unsettleHalf(connection: Kysely<Schema>): Promise<void> {
  const rows = await connection.selectFrom("catalogue").select(["scope", "id"]).execute();
  for (const { scope, id } of rows) {
    if (Number.parseInt(id.slice(-1), 16) % 2 === 1) continue;
    await connection
      .updateTable("catalogue")
      .set({ settled: null })
      .where("scope", "=", scope)
      .where("id", "=", id)
      .execute();
    await connection.deleteFrom("catalogue_terms").where("scope", "=", scope).where("id", "=", id).execute();
  }
}
