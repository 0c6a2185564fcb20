import type { DatabaseSync } from "node:sqlite";
import { type Connection, Rollback, type Transactions } from "../database.ts";

export interface Task {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type TaskResult =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: string };

/**
 * Runs the tasks as one transaction, each in a savepoint of its own, and makes them durable with one COMMIT.
 * A task that fails takes nothing else with it; when the COMMIT fails, every task has failed.
 */
export async function commitGroup(
  database: DatabaseSync,
  connection: Connection,
  transactions: Transactions,
  tasks: readonly Task[],
): Promise<TaskResult[]> {
  try {
    database.exec("begin immediate");
    try {
      const results: TaskResult[] = [];
      for (const task of tasks) results.push(await runTask(database, connection, transactions, task));
      database.exec("commit");
      return results;
    } catch (error) {
      // A full disk may have ended the transaction by itself.
      if (database.isTransaction) database.exec("rollback");
      throw error;
    }
  } catch (error) {
    return tasks.map(({ id }) => ({ id, error: messageOf(error) }));
  }
}

async function runTask(
  database: DatabaseSync,
  connection: Connection,
  transactions: Transactions,
  { id, name, input }: Task,
): Promise<TaskResult> {
  const script = transactions[name];
  if (script === undefined) return { id, error: `no transaction is called ${name}` };
  database.exec("savepoint task");
  try {
    const output = await script(connection, input);
    database.exec("release task");
    return { id, output };
  } catch (error) {
    // An error that ended the whole transaction is everybody's: let the group fail.
    if (!database.isTransaction) throw error;
    database.exec("rollback to task; release task");
    return error instanceof Rollback ? { id, output: error.outcome } : { id, error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
