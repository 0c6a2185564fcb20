import { Announcements } from "../announcements.ts";
import { DatabaseError, DatabaseFullError, OutcomeUnknownError } from "../database.ts";
import type { Task, TaskResult } from "./commit-group.ts";

/** The result of a task in another process. It may be that nobody knows (`unknown`). */
export type RemoteResult = TaskResult | { readonly id: number; readonly unknown: string };

interface Pending {
  resolve(output: unknown): void;
  reject(error: DatabaseError): void;
}

/**
 * Tasks that somebody waits for, wherever they are by now. They are kept in an object, not in a Map. A Map that has
 * outgrown its table leaves the table behind with a reference to the next one. So a table that has reached the old
 * generation keeps all that ever waited until the next full collection.
 */
export class PendingTasks {
  /** The announcements of committed tasks. */
  readonly announcements = new Announcements();
  readonly #pending: Record<number, Pending | undefined> = Object.create(null);
  #lastId = 0;

  /** Returns the task to hand over, and its outcome. The outcome rejects with a DatabaseError. */
  add(name: string, input: unknown): { readonly task: Task; readonly outcome: Promise<unknown> } {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending[id] = { resolve, reject };
    return { task: { id, name, input }, outcome: promise };
  }

  settle(results: readonly RemoteResult[]): void {
    for (const result of results) {
      const pending = this.#take(result.id);
      if ("output" in result) pending?.resolve(result.output);
      else if ("unknown" in result) pending?.reject(new OutcomeUnknownError(result.unknown));
      else pending?.reject(new (result.isDiskFull ? DatabaseFullError : DatabaseError)(result.error));
    }
    // This comes last, so that every outcome is settled even if a listener throws. The listeners are still called
    // before any caller goes on: a caller that awaits its outcome continues only after this function has returned.
    this.announcements.tell(results.flatMap((result) => ("announced" in result ? (result.announced ?? []) : [])));
  }

  rejectAllBut(kept: readonly Task[], error: DatabaseError): void {
    const ids = new Set(kept.map(({ id }) => id));
    for (const id of Object.keys(this.#pending).map(Number)) {
      if (!ids.has(id)) this.#take(id)?.reject(error);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending[id];
    delete this.#pending[id];
    return pending;
  }
}

/**
 * Runs a batch. The tasks that wait meanwhile go in the next one. A rejection means that nobody knows what became of
 * the batch.
 */
export type RunBatch = (tasks: readonly Task[]) => Promise<readonly RemoteResult[]>;

/** Hands tasks over in batches: one is under way, and all that comes up until it is done goes in the next. */
export class TaskBatches {
  readonly #runBatch: RunBatch;
  readonly #pending = new PendingTasks();
  #outbox: Task[] = [];
  #underWay: Promise<void> | undefined;

  constructor(runBatch: RunBatch) {
    this.#runBatch = runBatch;
  }

  run(name: string, input: unknown): Promise<unknown> {
    const { task, outcome } = this.#pending.add(name, input);
    this.#outbox.push(task);
    // The tasks that come up in this turn of the event loop are one message and one group.
    if (this.#outbox.length === 1) setImmediate(() => this.#flush());
    return outcome;
  }

  /** Resolves once nothing is under way and nothing waits. */
  async settled(): Promise<void> {
    this.#flush();
    while (this.#underWay !== undefined) await this.#underWay;
  }

  #flush(): void {
    if (this.#underWay !== undefined || this.#outbox.length === 0) return;
    const tasks = this.#outbox;
    this.#outbox = [];
    this.#underWay = this.#deliver(tasks);
  }

  async #deliver(tasks: readonly Task[]): Promise<void> {
    const results = await this.#runBatch(tasks).catch((error: unknown) =>
      tasks.map(({ id }): RemoteResult => ({ id, unknown: String(error) })),
    );
    this.#underWay = undefined;
    // First, so that the next batch is written while this one is settled.
    this.#flush();
    this.#pending.settle(results);
  }
}
