/** The least time between two wakes of one crew: each upload may wake it. */
const pauseMs = 20;

/**
 * pg-boss's workers of one job's name, each a loop that takes a job and then rests. Woken one at a time: one that finds a
 * job wakes the next, so that as many look as there is work for, not all of them for each job.
 */
export class WorkerCrew {
  readonly #notify: (id: string) => void;
  readonly #ids: string[] = [];
  readonly #busy = new Set<string>();
  #pause: NodeJS.Timeout | undefined;
  #wanted = false;

  /** @param notify has the worker look for a job at once, or as soon as it is through with what it does */
  constructor(notify: (id: string) => void) {
    this.#notify = notify;
  }

  /** @param start starts a worker that does each job in `work`, and answers its id */
  async add(start: (work: (job: () => Promise<void>) => Promise<void>) => Promise<string>): Promise<void> {
    let id: string | undefined;
    id = await start(async (job) => {
      // The first job may come before the id is known: nothing is woken by it then, and all of them look by themselves.
      if (id !== undefined) this.#busy.add(id);
      this.#wakeIdle();
      try {
        await job();
      } finally {
        if (id !== undefined) {
          this.#busy.delete(id);
          this.#notify(id);
        }
      }
    });
    this.#ids.push(id);
  }

  wake(): void {
    if (this.#pause !== undefined) {
      this.#wanted = true;
      return;
    }
    this.#pause = setTimeout(() => this.#endPause(), pauseMs).unref();
    this.#wakeIdle();
  }

  #endPause(): void {
    this.#pause = undefined;
    if (!this.#wanted) return;
    this.#wanted = false;
    this.wake();
  }

  #wakeIdle(): void {
    const idle = this.#ids.find((id) => !this.#busy.has(id));
    if (idle !== undefined) this.#notify(idle);
  }
}
