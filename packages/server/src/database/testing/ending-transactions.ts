import { parentPort } from "node:worker_threads";
import type { Connection } from "../database.ts";
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

/** Disables accounts. */
export async function lateWork(connection: Connection): Promise<number> {
  const change = connection.updateTable("accounts").set({ status: "disabled" }).where("status", "=", "active");
  return Number((await change.executeTakeFirst()).numUpdatedRows);
}
