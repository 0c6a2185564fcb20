import { DatabaseError, OutcomeUnknownError } from "../database.ts";
import type { Task, TaskResult } from "./commit-group.ts";

/** What became of a task in another process; nobody may know. */
export type RemoteResult = TaskResult | { readonly id: number; readonly unknown: string };

/** Runs a batch; what waits meanwhile goes in the next one. A rejection means that nobody knows what became of it. */
export type RunBatch = (tasks: readonly Task[]) => Promise<readonly RemoteResult[]>;

interface Pending {
  resolve(output: unknown): void;
  reject(error: DatabaseError): void;
}

/** Hands tasks over in batches: one is under way, and all that comes up until it is done goes in the next. */
export class TaskBatches {
  readonly #runBatch: RunBatch;
  readonly #pending = new Map<number, Pending>();
  #outbox: Task[] = [];
  #underWay: Promise<void> | undefined;
  #lastId = 0;

  constructor(runBatch: RunBatch) {
    this.#runBatch = runBatch;
  }

  run(name: string, input: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#outbox.push({ id, name, input });
    // What comes up in this turn of the event loop is one message and one group.
    if (this.#outbox.length === 1) setImmediate(() => this.#flush());
    return promise;
  }

  /** Once nothing is under way and nothing waits. */
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
    for (const result of results) this.#settle(result);
  }

  #settle(result: RemoteResult): void {
    const pending = this.#pending.get(result.id);
    this.#pending.delete(result.id);
    if ("output" in result) pending?.resolve(result.output);
    else if ("unknown" in result) pending?.reject(new OutcomeUnknownError(result.unknown));
    else pending?.reject(new DatabaseError(result.error));
  }
}
