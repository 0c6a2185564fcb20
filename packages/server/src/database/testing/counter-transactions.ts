import { sql } from "kysely";
import { type Connection, Rollback } from "../database.ts";

/** Scripts with which the tests of the database itself exercise it. */
export const transactions = {
  async addAccount(connection: Connection, input: { id: string; ending?: "throw" | "roll back" }): Promise<string> {
    await connection
      .insertInto("accounts")
      .values({ id: input.id, imagekit_id: input.id, status: "active", created_at: 1 })
      .execute();
    if (input.ending === "throw") throw new Error("thrown on purpose");
    if (input.ending === "roll back") throw new Rollback("rolled back");
    return input.id;
  },
  async breakForeignKey(connection: Connection): Promise<void> {
    await sql`pragma defer_foreign_keys = on`.execute(connection);
    await connection
      .insertInto("key_pairs")
      .values({
        id: "k",
        account_id: "nobody",
        public_key: "public_test",
        private_key: "private_test",
        private_key_hash: new Uint8Array([1]),
        origin: "generated",
        created_at: 1,
        expires_at: null,
      })
      .execute();
  },
};
