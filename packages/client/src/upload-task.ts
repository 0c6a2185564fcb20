import type { Job, Report } from "./job.ts";
import { pauseReason, runUpload } from "./run-upload.ts";
import type { QueueItem, TaskState, UploadResponse, UploadSettings, UploadTask } from "./types.ts";
import { aborted, type UploadError } from "./upload-error.ts";

export interface TaskOwner {
  /** The task's state has changed. */
  changed(): void;
  progressed(): void;
  /** The task no longer holds a slot. */
  released(): void;
}

/** One file of a queue. */
export class Task implements UploadTask {
  readonly id: number;
  readonly options: QueueItem;
  readonly file: Blob | string;
  state: TaskState = "queued";
  loaded = 0;
  total: number;
  attempt = 0;
  result: UploadResponse | undefined;
  error: UploadError | undefined;
  readonly #job: Job;
  readonly #owner: TaskOwner;
  #running: AbortController | undefined;
  #done = unhandled();

  constructor(id: number, item: QueueItem, settings: UploadSettings, owner: TaskOwner) {
    this.id = id;
    this.options = item;
    this.file = item.file;
    this.total = (item.file as Blob).size ?? 0;
    this.#job = { item, settings };
    this.#owner = owner;
  }

  get done(): Promise<UploadResponse> {
    return this.#done.promise;
  }

  get parameters(): Readonly<Record<string, string>> | undefined {
    return this.#job.parameters;
  }

  /**
   * Whether the task holds a slot. It keeps the slot slightly longer than its state says, until the aborted work has
   * ended.
   */
  get isRunning(): boolean {
    return !!this.#running;
  }

  async start(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#change("sending");
    try {
      const result = await runUpload(this.#job, this.#report, running.signal);
      this.#running = undefined;
      // A pause may have come too late. The caller has already been told about a cancellation.
      if (this.state !== "canceled") this.#succeed(result);
    } catch (error) {
      this.#running = undefined;
      if (!running.signal.aborted) this.#fail("failed", error as UploadError);
    }
    if (this.state === "canceled") this.#endSession();
    this.#owner.released();
  }

  pause(): void {
    if (!this.#isActive) return;
    this.#running?.abort(pauseReason);
    this.#change("paused");
  }

  resume(): void {
    if (this.state === "paused") this.#change("queued");
  }

  cancel(): void {
    // A failed task may have left a session as well.
    if (!this.#running) this.#endSession();
    if (!this.#isActive && this.state !== "paused") return;
    this.#running?.abort();
    this.#fail("canceled", aborted());
  }

  retry(): void {
    if (this.state !== "failed" && this.state !== "canceled") return;
    this.#done = unhandled();
    this.attempt = 0;
    this.error = undefined;
    this.#change("queued");
  }

  get #isActive(): boolean {
    return /^(queued|resuming|sending|processing|waiting)$/.test(this.state);
  }

  get #report(): Report {
    return {
      attempt: () => {
        this.attempt++;
        if (!this.#job.session?.url) this.loaded = 0;
        this.#change("sending");
      },
      progress: ({ phase, loaded, total }) => {
        this.loaded = loaded;
        this.total = total;
        if (phase === this.state) this.#owner.progressed();
        else this.#change(phase);
      },
      waiting: (error) => {
        this.error = error;
        this.#change("waiting");
      },
    };
  }

  #endSession(): void {
    void this.#job.session?.leave(true);
  }

  #succeed(result: UploadResponse): void {
    this.result = result;
    this.error = undefined;
    this.#done.resolve(result);
    this.#change("done");
  }

  #fail(state: "failed" | "canceled", error: UploadError): void {
    this.error = error;
    this.#done.reject(error);
    this.#change(state);
  }

  #change(state: TaskState): void {
    if (this.state === state) return;
    this.state = state;
    this.#owner.changed();
  }
}

/** Creates a promise whose rejection need not be handled. */
function unhandled(): PromiseWithResolvers<UploadResponse> {
  const resolvers = Promise.withResolvers<UploadResponse>();
  resolvers.promise.catch(() => undefined);
  return resolvers;
}
