import type { Task } from "./commit-group.ts";
import { PendingTasks, type RemoteResult } from "./pending-tasks.ts";

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
