import { parentPort } from "node:worker_threads";
import type { Connection } from "../database.ts";
import { type LatePart, LateRowError } from "../sqlite/late-work.ts";
import { transactions as conformance } from "./conformance-transactions.ts";

/** Scripts with which the writer's thread ends where it hurts. */
export const transactions = {
  addAccount: conformance.addAccount,

  /** Ends in the middle of the transaction, with the lock held. */
  async addAccountAndEnd(connection: Connection, input: { id: string }): Promise<void> {
    await conformance.addAccount(connection, input);
    process.exit(1);
  },

  /** Ends behind the COMMIT, in front of its answer. */
  async addAccountAndAnswerNothing(connection: Connection, input: { id: string }): Promise<void> {
    await conformance.addAccount(connection, input);
    if (parentPort !== null) parentPort.postMessage = () => process.exit(1);
  },
};

/** Disables accounts, all but those whose id says that they fail. */
export async function lateWork(connection: Connection, { atMost, leftOut }: LatePart): Promise<number> {
  const active = connection.selectFrom("accounts").select("id").where("status", "=", "active").orderBy("id");
  const ids = (await active.execute()).filter(({ id }) => !leftOut.includes(id)).slice(0, atMost);
  for (const { id } of ids) {
    await connection.updateTable("accounts").set({ status: "disabled" }).where("id", "=", id).execute();
    if (id.startsWith("fails")) throw new LateRowError(id, new Error("failed on purpose"));
  }
  return ids.length;
}
