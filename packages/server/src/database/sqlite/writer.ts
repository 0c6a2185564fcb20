import { Worker } from "node:worker_threads";
import { DatabaseError } from "../database.ts";
import type { Task, TaskResult } from "./commit-group.ts";
import type { WriterData, WriterReply, WriterRequest } from "./writer-thread.ts";

interface Pending {
  resolve(output: unknown): void;
  reject(error: DatabaseError): void;
}

/** This thread's end of the writer: hands it tasks, settles them when they are on disk. */
export class Writer {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #closed = Promise.withResolvers<void>();
  #outbox: Task[] = [];
  #busy = false;
  #lastId = 0;
  #failure: DatabaseError | undefined;

  static async start(data: WriterData): Promise<Writer> {
    const worker = new Worker(new URL(`./writer-thread${moduleExtension}`, import.meta.url), {
      workerData: data,
      ...workerOptions,
    });
    const online = Promise.withResolvers<void>();
    worker.once("online", online.resolve);
    worker.once("error", online.reject);
    await online.promise;
    worker.off("error", online.reject);
    return new Writer(worker);
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: WriterReply) => {
      if ("closed" in reply) this.#closed.resolve();
      else {
        this.#busy = false;
        // First, so that the next group is written while this one is settled.
        this.#flush();
        for (const result of reply.results) this.#settle(result);
      }
    });
    worker.on("error", (error) => this.#fail(new DatabaseError("The database's writer failed.", { cause: error })));
    worker.on("exit", () => this.#fail(new DatabaseError("The database's writer has ended.")));
  }

  run(name: string, input: unknown): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#outbox.push({ id, name, input });
    // What comes up in this turn of the event loop, or until the writer has done with what it has, goes over as one
    // message and is committed as one group.
    if (this.#outbox.length === 1) setImmediate(() => this.#flush());
    return promise;
  }

  assertAlive(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#busy = false;
    this.#flush();
    this.#worker.postMessage({ close: true } satisfies WriterRequest);
    await this.#closed.promise;
    await this.#worker.terminate();
  }

  #flush(): void {
    if (this.#busy || this.#outbox.length === 0) return;
    this.#busy = true;
    this.#worker.postMessage({ tasks: this.#outbox } satisfies WriterRequest);
    this.#outbox = [];
  }

  #settle(result: TaskResult): void {
    const pending = this.#pending.get(result.id);
    this.#pending.delete(result.id);
    if ("output" in result) pending?.resolve(result.output);
    else pending?.reject(new DatabaseError(result.error));
  }

  #fail(failure: DatabaseError): void {
    this.#failure ??= failure;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
    this.#closed.resolve();
  }
}

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const condition = "--conditions=sluice-source";
/**
 * A worker inherits the process's options, and refuses to be given some of them; only what is missing is added: from the
 * sources, the thread must resolve the workspace's packages to their sources as well.
 */
const workerOptions =
  moduleExtension === ".ts" && !process.execArgv.includes(condition) ? { execArgv: [condition] } : {};
