import type { DatabaseSync } from "node:sqlite";

/** The writer has had nothing to do for so long before late work begins. */
const idleMs = 100;
/** After so many tasks without a rest, late work goes on in their transactions, so that what waits stays bounded. */
const maxTasksBefore = 20_000;
/** Rows that one transaction does. A task that comes meanwhile waits for it. */
const rowsAtOnce = 64;
/** More rows than these are not left out: then it is not the rows that are at fault. */
const maxLeftOut = 100;
/** Then rows that were left out are tried again. What was at fault, such as a full disk, may have passed. */
const leftOutMs = 10 * 60_000;

/** The rows that one part of the work may do. */
export interface LatePart {
  readonly atMost: number;
  /** Ids of rows that have failed. */
  readonly leftOut: readonly string[];
}

/** A part of the work failed at a row. */
export class LateRowError extends Error {
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super("A row was left out of the late work.", { cause });
    this.id = id;
  }
}

/** @returns how many rows were done; 0 when all are. It throws LateRowError when a row is at fault. */
export type DoLate = (part: LatePart) => Promise<number>;

/** How a part begins, is kept, and is undone. */
const alone = { begin: "begin immediate", keep: "commit", undo: "rollback" };
const amongTasks = { begin: "savepoint late", keep: "release late", undo: "rollback to late; release late" };

/**
 * Work that the writer's thread does in small transactions while nobody waits for it. After a failure it goes on row by
 * row for a while, so that one bad row holds up no other.
 */
export class LateWork {
  readonly #database: DatabaseSync;
  readonly #work: DoLate;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  /** Tasks since all work was done. */
  #tasks = 0;
  /** So many rows are done one by one. */
  #oneByOne = 0;
  readonly #leftOut = new Set<string>();
  #leftOutUntil = 0;
  #hasFailed = false;

  /** @param onFailure is told of the first failure */
  constructor(database: DatabaseSync, work: DoLate, onFailure: (error: unknown) => void) {
    this.#database = database;
    this.#work = work;
    this.#onFailure = onFailure;
    this.resume();
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  resume(afterMs = idleMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#go(), afterMs).unref();
  }

  /**
   * Called in the transaction of each group of tasks: a COMMIT of its own would keep the next group waiting.
   * @throws what ended the whole transaction
   */
  async catchUp(tasks: number): Promise<void> {
    this.#tasks += tasks;
    if (this.#tasks < maxTasksBefore) return;
    for (let done = 0; done < tasks; ) {
      const now = await this.#doPart(amongTasks);
      if (now === 0) break;
      done += now;
    }
  }

  async #go(): Promise<void> {
    // A task that has come by now is heard of before the next part.
    if ((await this.#doPart(alone)) > 0) this.resume(1);
  }

  /** @returns 0 when there is nothing to go on with before the next tasks */
  async #doPart({ begin, keep, undo }: typeof alone): Promise<number> {
    if (performance.now() >= this.#leftOutUntil) this.#leftOut.clear();
    const atMost = this.#oneByOne > 0 ? 1 : rowsAtOnce;
    try {
      this.#database.exec(begin);
      const done = await this.#work({ atMost, leftOut: [...this.#leftOut] });
      this.#database.exec(keep);
      this.#oneByOne = Math.max(0, this.#oneByOne - 1);
      if (done === 0) this.#tasks = 0;
      return done;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec(undo);
      else if (begin === amongTasks.begin) throw error;
      if (!this.#hasFailed) this.#onFailure(error);
      this.#hasFailed = true;
      return error instanceof LateRowError && this.#goesOnWithout(error.id, atMost) ? 1 : 0;
    }
  }

  #goesOnWithout(id: string, atMost: number): boolean {
    if (atMost > 1) this.#oneByOne = rowsAtOnce;
    else {
      if (this.#leftOut.size === 0) this.#leftOutUntil = performance.now() + leftOutMs;
      if (this.#leftOut.size >= maxLeftOut) return false;
      this.#leftOut.add(id);
    }
    return true;
  }
}
