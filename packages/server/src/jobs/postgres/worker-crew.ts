import type { PgBoss } from "pg-boss";

/** The least time between two wakes of one crew: each upload may ask for one. */
const pauseMs = 20;

/**
 * pg-boss's workers of one job's name. Each is a loop that takes a job and then rests. Workers are woken one at a time,
 * and one that finds a job wakes the next, so that only as many look for jobs as there is work for, not all of them for
 * each job.
 */
export class WorkerCrew {
  readonly #boss: Pick<PgBoss, "getWipData" | "notifyWorker">;
  readonly #name: string;
  #pause: NodeJS.Timeout | undefined;
  #wanted = false;

  constructor(boss: Pick<PgBoss, "getWipData" | "notifyWorker">, name: string) {
    this.#boss = boss;
    this.#name = name;
  }

  /** Runs the job that a worker has found, and wakes the next worker, as there may be more jobs. */
  async work(job: () => Promise<void>): Promise<void> {
    this.#wakeIdle();
    try {
      await job();
    } finally {
      // When the pause is over, this worker is free again.
      this.#wanted = true;
      this.#pauseThenWake();
    }
  }

  wake(): void {
    if (this.#pause !== undefined) {
      this.#wanted = true;
      return;
    }
    this.#wakeIdle();
    this.#pauseThenWake();
  }

  #pauseThenWake(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      if (!this.#wanted) return;
      this.#wanted = false;
      this.wake();
    }, pauseMs).unref();
  }

  #wakeIdle(): void {
    const idle = this.#boss.getWipData().find(({ name, count }) => name === this.#name && count === 0);
    if (idle !== undefined) this.#boss.notifyWorker(idle.id);
  }
}
