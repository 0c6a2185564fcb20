import { parentPort } from "node:worker_threads";
import type { Connection } from "../database.ts";
import { type LatePart, LateRowError } from "../sqlite/late-work.ts";
import { addAccount } from "./conformance-transactions.ts";

/* Scripts with which the writer's thread ends where it hurts. */

export { addAccount };

/** Ends in the middle of the transaction, with the lock held. */
export async function addAccountAndEnd(connection: Connection, input: { id: string }): Promise<void> {
  await addAccount(connection, input);
  process.exit(1);
}

/** Ends behind the COMMIT, in front of its answer. */
export async function addAccountAndAnswerNothing(connection: Connection, input: { id: string }): Promise<void> {
  await addAccount(connection, input);
  if (parentPort !== null) parentPort.postMessage = () => process.exit(1);
}

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
