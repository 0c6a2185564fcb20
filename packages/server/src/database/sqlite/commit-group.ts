import type { DatabaseSync } from "node:sqlite";
import { type Connection, Rollback, type Transactions } from "../database.ts";
import type { LogReserve } from "./log-reserve.ts";
import { isDiskFull } from "./log-reserve.ts";

export interface Task {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type TaskResult =
  | { readonly id: number; readonly output: unknown; readonly announced?: readonly string[] }
  | { readonly id: number; readonly error: string; readonly isDiskFull?: true };

/** The name of a task that changes nothing. It shows whether a transaction can be begun and committed. */
export const emptyTask = "emptyTask";

/** Runs the tasks as one transaction; the results hold what became of each. */
export type CommitGroup = (tasks: readonly Task[]) => Promise<TaskResult[]>;

export interface CommitGroupParts {
  readonly database: DatabaseSync;
  readonly connection: Connection;
  readonly transactions: Transactions;
  readonly reserve: LogReserve;
  /** Goes on with late work in the transaction of so many tasks. It throws only when the whole transaction has ended. */
  readonly doLate?: ((tasks: number) => Promise<void>) | undefined;
}

/** Late work has ended the transaction of tasks that are not at fault. */
class LateWorkFailed extends Error {}

/**
 * Each task runs in a savepoint of its own, and one COMMIT makes all of them durable. A task that fails takes nothing
 * else with it; when the COMMIT fails, every task has failed. Where the disk is full, the tasks that make room are
 * tried again, one by one, with the room of the reserve.
 */
export function createCommitGroup(parts: CommitGroupParts): CommitGroup {
  const { database, connection, transactions, reserve, doLate } = parts;
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
      // An error that ended the whole transaction concerns every task, and so does a full disk: let the group fail.
      if (!database.isTransaction || isDiskFull(error)) throw error;
      database.exec("rollback to task; release task");
      return error instanceof Rollback ? { id, output: error.outcome } : failed({ id }, error);
    }
  }

  async function runTogether(tasks: readonly Task[], late: typeof doLate): Promise<TaskResult[]> {
    begin.run();
    try {
      const results: TaskResult[] = [];
      for (const task of tasks) results.push(await runTask(task));
      await late?.(tasks.length).catch((cause: unknown) => {
        throw new LateWorkFailed("Late work has ended a transaction.", { cause });
      });
      commit.run();
      return results;
    } catch (error) {
      // A full disk may have ended the transaction by itself.
      if (database.isTransaction) database.exec("rollback");
      throw error;
    }
  }

  async function run(tasks: readonly Task[], late?: typeof doLate): Promise<TaskResult[]> {
    try {
      return await runTogether(tasks, late);
    } catch (error) {
      // The tasks may have room without it, or make some.
      if (late !== undefined && (error instanceof LateWorkFailed || isDiskFull(error))) return run(tasks);
      return tasks.map((task) => failed(task, error));
    }
  }

  async function makesRoom({ name, input }: Task): Promise<boolean> {
    const makes = transactions[name]?.makesRoom ?? false;
    return typeof makes === "boolean" ? makes : makes(input, connection);
  }

  /** Runs a task again that makes room, with the room of the log and then with that of the reserve. */
  async function runInRoom(task: Task, before: TaskResult): Promise<TaskResult> {
    try {
      if (!(await makesRoom(task))) return before;
      makeRoomInLog(database);
      let [result = before] = await run([task]);
      while (lacksRoom(result) && reserve.giveUp()) [result = before] = await run([task]);
      // What is left of a slice lets the database grow, until the log can begin anew.
      makeRoomInLog(database);
      return result;
    } catch (error) {
      return failed(task, error);
    } finally {
      reserve.takeBack();
    }
  }

  return async (tasks) => {
    const results = await run(tasks, doLate);
    if (!results.some(lacksRoom)) return results;
    const settled: TaskResult[] = [];
    for (const [index, result] of results.entries()) {
      const task = tasks[index];
      settled.push(task === undefined ? result : await runInRoom(task, result));
    }
    return settled;
  };
}

function lacksRoom(result: TaskResult): boolean {
  return "isDiskFull" in result;
}

/**
 * Copies what the log has into the database, so that the log begins anew and needs no more of the disk than it has.
 * Readers may still need the log, and the database may have to grow for it: then the log goes on, and the next try
 * copies the rest.
 */
function makeRoomInLog(database: DatabaseSync): void {
  try {
    database.exec("pragma wal_checkpoint(passive)");
  } catch {
    // The log has all that it had before. Whatever is wrong with the disk, the next transaction tells.
  }
}

function failed({ id }: Pick<Task, "id">, error: unknown): TaskResult {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { id, error: text, ...(isDiskFull(error) && { isDiskFull: true }) };
}
