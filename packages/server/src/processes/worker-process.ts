import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import type { ListeningAt, SupervisorCalls, WorkerCalls, WorkerStart } from "./calls.ts";
import { Peer } from "./peer.ts";

const startMs = 30_000;
const metricsMs = 2_000;
const endMs = 5_000;
/** Within this, a connection that one worker gave back is at another one, if there is any. */
const handOverMs = 1_000;

/** A worker from the supervisor's side, from its start to its end. */
export class WorkerProcess {
  readonly name: string;
  /** How it ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #worker: Worker;
  readonly #peer: Peer<WorkerCalls>;

  constructor(name: string, calls: SupervisorCalls) {
    this.name = name;
    setUpCluster();
    this.#worker = cluster.fork();
    this.#peer = new Peer<WorkerCalls>(this.#worker.process, calls);
    const { promise, resolve } = Promise.withResolvers<Awaited<typeof this.exited>>();
    this.exited = promise;
    this.#worker.on("exit", (code, signal) => resolve({ code, signal }));
    // It could not be started, or its channel broke: what follows is its end, or the time limit of a call.
    this.#worker.on("error", () => this.kill());
    closeForgottenConnections(this.#worker);
  }

  listen(start: Omit<WorkerStart, "name">): Promise<ListeningAt> {
    return within(startMs, this.#peer.call("listen", { ...start, name: this.name }));
  }

  open(start: Omit<WorkerStart, "name">): Promise<void> {
    return within(startMs, this.#peer.call("open", { ...start, name: this.name }));
  }

  serve(): Promise<void> {
    return within(startMs, this.#peer.call("serve", undefined));
  }

  metrics(): Promise<readonly MeasuredMetric[]> {
    return within(metricsMs, this.#peer.call("metrics", undefined));
  }

  /** Lets it finish what it has, for so long, and ends it. */
  async end(patienceMs: number): Promise<void> {
    await within(patienceMs, this.#peer.call("drain", undefined)).catch(() => undefined);
    // Told so, it ends by itself, when it has cleaned up after what was cut off; by a channel that breaks it ends at once.
    if (this.#worker.isConnected()) this.#worker.disconnect();
    await within(endMs, this.exited).catch(() => this.kill());
    await this.exited;
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }
}

function setUpCluster(): void {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  // Connections are dealt out in turn: left to the system, one process gets most of them.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(`./worker-main${extension}`, import.meta.url)),
    args: [],
    serialization: "advanced",
  });
}

/**
 * node:cluster forgets a connection that was on its way to a worker when that ended, or that a worker gave back since it
 * takes none any more, when no other is there to take it: the client would wait for whatever ends this process. There is
 * one on its way at a time; closing one that has arrived does nothing. A worker says that it has stopped listening before
 * it gives one back, so that what comes back after the last has said so has nowhere to go.
 */
function closeForgottenConnections({ process: child }: Worker): void {
  const send = child.send.bind(child) as (message: unknown, handle?: unknown, ...rest: unknown[]) => boolean;
  let last: Connection | undefined;
  child.send = (message: unknown, handle?: unknown, ...rest: unknown[]) => {
    if (isConnection(handle)) {
      // Sent all the same it would be an error of the channel, and end the worker.
      if (handle[closedHere]) return false;
      last = handle;
    }
    return send(message, handle, ...rest);
  };
  child.on("internalMessage", ({ accepted }: { readonly accepted?: boolean }) => {
    if (accepted !== false) return;
    const givenBack = last;
    setTimeout(() => close(givenBack), handOverMs).unref();
  });
  child.once("exit", () => close(last));
}

const closedHere = Symbol("closed here");

interface Connection {
  close?(): void;
  [closedHere]?: true;
}

function isConnection(handle: unknown): handle is Connection {
  return typeof handle === "object" && handle !== null;
}

function close(connection: Connection | undefined): void {
  if (connection === undefined) return;
  connection[closedHere] = true;
  connection.close?.();
}

async function within<Result>(ms: number, answer: Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`a worker has not answered within ${ms / 1000} s`);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    abort.abort();
    tooLate.catch(() => undefined);
    answer.catch(() => undefined);
  }
}
