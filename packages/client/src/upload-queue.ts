import type { Queue, QueueEventMap, QueueItem, QueueOptions, UploadTask } from "./types.ts";
import { Task } from "./upload-task.ts";

type Emitted = { [Name in keyof QueueEventMap]: QueueEventMap[Name]["detail"] };

class TaskQueue extends EventTarget implements Queue {
  readonly #options: QueueOptions;
  tasks: readonly Task[] = [];
  #paused = false;
  #wasBusy = false;
  #lastId = 0;

  constructor(options: QueueOptions = {}) {
    super();
    this.#options = options;
  }

  add(item: QueueItem): UploadTask {
    const task: Task = new Task(++this.#lastId, item, this.#options, {
      changed: () => {
        this.#emit("change", { task });
        this.#next();
      },
      progressed: () => this.#emit("progress", { task }),
      released: () => this.#next(),
    });
    this.tasks = [...this.tasks, task];
    this.#emit("change", { task });
    if (this.#paused) task.pause();
    else this.#next();
    return task;
  }

  pause(): void {
    this.#paused = true;
    for (const task of this.tasks) task.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const task of this.tasks) task.resume();
  }

  cancel(): void {
    for (const task of this.tasks) task.cancel();
  }

  remove(task: UploadTask): void {
    this.tasks = this.tasks.filter((other) => other !== task);
    task.cancel();
  }

  async idle(): Promise<void> {
    if (this.#isBusy()) await new Promise((resolve) => this.addEventListener("idle", resolve, { once: true }));
  }

  #isBusy(): boolean {
    return this.tasks.some(({ isRunning, state }) => isRunning || state === "queued");
  }

  /** Gives free slots to the tasks that have waited longest. */
  #next(): void {
    const { concurrency = 3 } = this.#options;
    const next = this.tasks.find(({ isRunning, state }) => state === "queued" && !isRunning);
    // Starting a task calls this method again for the next one.
    if (next && this.tasks.filter(({ isRunning }) => isRunning).length < concurrency) next.start();
    const busy = this.#isBusy();
    const becameIdle = this.#wasBusy && !busy;
    this.#wasBusy = busy;
    if (becameIdle) this.#emit("idle", undefined);
  }

  #emit<Name extends keyof Emitted>(name: Name, detail: Emitted[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Uploads many files with limited concurrency. Each of its tasks can be paused, resumed, canceled and retried. */
export const UploadQueue: new (options?: QueueOptions) => Queue = TaskQueue;
export type UploadQueue = Queue;
