import type { DatabaseSync } from "node:sqlite";
import { type Connection, Rollback, type Transactions } from "../database.ts";

export interface Task {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type TaskResult =
  | { readonly id: number; readonly output: unknown; readonly announced?: readonly string[] }
  | { readonly id: number; readonly error: string };

/** The name of a task that changes nothing. It shows whether a transaction can be begun and committed. */
export const emptyTask = "emptyTask";

/** Runs the tasks as one transaction; the results hold what became of each. */
export type CommitGroup = (tasks: readonly Task[]) => Promise<TaskResult[]>;

/**
 * Each task runs in a savepoint of its own, and one COMMIT makes all of them durable. A task that fails takes nothing
 * else with it; when the COMMIT fails, every task has failed.
 */
export function createCommitGroup(
  database: DatabaseSync,
  connection: Connection,
  transactions: Transactions,
): CommitGroup {
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const savepoint = database.prepare("savepoint task");
  const release = database.prepare("release task");

  async function runTask({ id, name, input }: Task): Promise<TaskResult> {
    if (name === emptyTask) return { id, output: undefined };
    const script = transactions[name];
    if (script === undefined) return { id, error: `no transaction is called ${name}` };
    connection.announced.clear();
    savepoint.run();
    try {
      const output = await script(connection, input);
      release.run();
      const { announced } = connection;
      return announced.size === 0 ? { id, output } : { id, output, announced: [...announced] };
    } catch (error) {
      // An error that ended the whole transaction concerns every task: let the group fail.
      if (!database.isTransaction) throw error;
      database.exec("rollback to task; release task");
      return error instanceof Rollback ? { id, output: error.outcome } : { id, error: messageOf(error) };
    }
  }

  return async (tasks) => {
    try {
      begin.run();
      try {
        const results: TaskResult[] = [];
        for (const task of tasks) results.push(await runTask(task));
        commit.run();
        return results;
      } catch (error) {
        // A full disk may have ended the transaction by itself.
        if (database.isTransaction) database.exec("rollback");
        throw error;
      }
    } catch (error) {
      return tasks.map(({ id }) => ({ id, error: messageOf(error) }));
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
