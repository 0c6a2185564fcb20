import { Worker } from "node:worker_threads";
import { RestartPauses } from "../../concurrency/restart-pauses.ts";
import type { Announcements } from "../announcements.ts";
import { DatabaseError, OutcomeUnknownError } from "../database.ts";
import { emptyTask, type Task } from "./commit-group.ts";
import { PendingTasks } from "./pending-tasks.ts";
import type { WriterData, WriterReply, WriterRequest } from "./run-writer.ts";

/** The writer's thread, as this end knows it: a `Worker`, or a test's share of one. */
export interface WriterThread {
  postMessage(request: WriterRequest): void;
  on(event: "message", listener: (reply: WriterReply) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "exit", listener: () => void): unknown;
}

export type StartWriterThread = (data: WriterData) => WriterThread;

/**
 * This thread's end of the writer. It hands tasks to the writer's thread and settles them when they are on disk. When
 * the writer's thread ends, another takes its place. Tasks that the ended thread had are rejected, since nobody knows
 * whether they were committed; the other tasks wait for the new thread.
 */
export class Writer {
  readonly #data: WriterData;
  readonly #start: StartWriterThread;
  readonly #pending = new PendingTasks();
  readonly #onLateFailure: (error: Error) => void;
  readonly #restarts = new RestartPauses();
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #failed = new AbortController();
  /** The thread that takes tasks; undefined until it has opened the database. */
  #thread: WriterThread | undefined;
  #hasStarted = false;
  #closing = false;
  #outbox: Task[] = [];
  #busy = false;
  #asked: Promise<unknown> | undefined;
  /** The reason why there will be no thread any more. */
  #end: DatabaseError | undefined;

  /**
   * @param onLateFailure is told of the first failure of a thread's late work
   * @throws DatabaseError when the thread can't open the database
   */
  static async start(
    data: WriterData,
    onLateFailure: (error: Error) => void = () => undefined,
    startThread: StartWriterThread = startWorker,
  ): Promise<Writer> {
    const writer = new Writer(data, onLateFailure, startThread);
    writer.#startThread();
    await writer.#started.promise;
    return writer;
  }

  private constructor(data: WriterData, onLateFailure: (error: Error) => void, startThread: StartWriterThread) {
    this.#data = data;
    this.#start = startThread;
    this.#onLateFailure = onLateFailure;
  }

  /** Aborted, with a DatabaseError, when the thread has ended too often to be started again. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** The announcements of committed tasks. */
  get announcements(): Announcements {
    return this.#pending.announcements;
  }

  /** @throws OutcomeUnknownError when the thread ended with the task, which it may have committed; DatabaseError */
  run(name: string, input: unknown): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const { task, outcome } = this.#pending.add(name, input);
    this.#outbox.push(task);
    // The tasks that come up in this turn of the event loop, or until the writer is done with the tasks it has, go over
    // as one message and are committed as one group.
    if (this.#outbox.length === 1) setImmediate(() => this.#flush());
    return outcome;
  }

  /**
   * Resolves when a transaction could be committed. While another program holds the lock, that takes as long as writes
   * wait for it. Those who ask meanwhile share the question.
   * @throws DatabaseError
   */
  async assertWrites(): Promise<void> {
    if (this.#end !== undefined) throw this.#end;
    if (this.#thread === undefined) throw new DatabaseError("The database's writer is being started again.");
    this.#asked ??= this.run(emptyTask, undefined).finally(() => {
      this.#asked = undefined;
    });
    await this.#asked;
  }

  /** Resolves once what was asked for is done, and nothing has the database open for writing. */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#closing = true;
    if (this.#thread !== undefined) this.#closeThread(this.#thread);
    await this.#ended.promise;
  }

  #startThread(): void {
    const thread = this.#start(this.#data);
    let cause: unknown;
    thread.on("message", (reply: WriterReply) => this.#take(thread, reply));
    thread.on("error", (error) => {
      cause = error;
    });
    // A thread's end is handled at its exit, not at its error: a thread that has failed may still have its connection,
    // and a COMMIT under way.
    thread.on("exit", () => this.#onThreadEnd(cause));
  }

  #take(thread: WriterThread, reply: WriterReply): void {
    if ("ready" in reply) {
      this.#thread = thread;
      this.#hasStarted = true;
      this.#started.resolve();
      if (this.#closing) this.#closeThread(thread);
      else this.#flush();
      return;
    }
    if ("lateFailure" in reply) {
      this.#onLateFailure(
        new DatabaseError("Late work of the database's writer failed.", { cause: reply.lateFailure }),
      );
      return;
    }
    this.#busy = false;
    // First, so that the next group is written while this one is settled.
    this.#flush();
    this.#pending.settle(reply.results);
  }

  #flush(): void {
    if (this.#thread === undefined || this.#busy || this.#outbox.length === 0) return;
    this.#busy = true;
    this.#thread.postMessage({ tasks: this.#outbox } satisfies WriterRequest);
    this.#outbox = [];
  }

  #closeThread(thread: WriterThread): void {
    this.#busy = false;
    this.#flush();
    thread.postMessage({ close: true } satisfies WriterRequest);
  }

  #onThreadEnd(cause: unknown): void {
    this.#thread = undefined;
    this.#busy = false;
    const error = new DatabaseError("The database's writer has ended.", { cause });
    const pause = this.#hasStarted && !this.#closing ? this.#restarts.next(performance.now()) : undefined;
    this.#pending.rejectAllBut(this.#outbox, new OutcomeUnknownError(error.message, { cause }));
    if (pause !== undefined) {
      setTimeout(() => this.#startThread(), pause);
      return;
    }
    this.#end = error;
    this.#pending.rejectAllBut([], error);
    this.#started.reject(error);
    this.#ended.resolve();
    if (!this.#closing) this.#failed.abort(error);
  }
}

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const condition = "--conditions=sluice-source";
/**
 * A worker inherits the process's options, and refuses to be given some of them, so only what is missing is added. When
 * run from the sources, the thread must resolve the workspace's packages to their sources as well.
 */
const workerOptions =
  moduleExtension === ".ts" && !process.execArgv.includes(condition) ? { execArgv: [condition] } : {};

function startWorker(data: WriterData): Worker {
  const module = new URL(`./writer-thread${moduleExtension}`, import.meta.url);
  return new Worker(module, { workerData: data, ...workerOptions });
}
