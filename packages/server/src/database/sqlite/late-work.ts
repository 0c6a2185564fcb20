import type { DatabaseSync } from "node:sqlite";

/** The writer has had nothing to do for so long before late work begins. */
const idleMs = 100;
/** After so many tasks without a rest, late work goes on beside them, so that what waits stays bounded. */
const maxTasksBefore = 20_000;

/** Work that the writer's thread does in small transactions while nobody waits for it. */
export class LateWork {
  readonly #database: DatabaseSync;
  readonly #work: () => Promise<number>;
  #timer: NodeJS.Timeout | undefined;
  /** Tasks since all work was done. */
  #tasks = 0;

  /** @param work does a bounded part of the work in a transaction, and returns how much it was; 0 when all is done */
  constructor(database: DatabaseSync, work: () => Promise<number>) {
    this.#database = database;
    this.#work = work;
    this.resume();
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  resume(afterMs = idleMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#go(), afterMs).unref();
  }

  /** Called after each group of tasks. */
  async catchUp(tasks: number): Promise<void> {
    this.#tasks += tasks;
    if (this.#tasks < maxTasksBefore) return;
    for (let done = 0; done < tasks; ) {
      const now = await this.#doPart();
      if (now === 0) break;
      done += now;
    }
  }

  async #go(): Promise<void> {
    // A task that has come by now is heard of before the next part.
    if ((await this.#doPart()) > 0) this.resume(1);
  }

  /** A part that fails is tried again after the next tasks. Nobody has asked for it. */
  async #doPart(): Promise<number> {
    try {
      this.#database.exec("begin immediate");
      const done = await this.#work();
      this.#database.exec("commit");
      if (done === 0) this.#tasks = 0;
      return done;
    } catch {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      return 0;
    }
  }
}
