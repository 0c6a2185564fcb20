import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Peer } from "../ipc/peer.ts";
import type { MediaProcesses } from "../media/processes/media-processes.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import { version } from "../observability/version.ts";
import type { Refusal } from "../refusals/refusal.ts";
import type { ListeningAt, OwnCalls, WorkerCalls, WorkerStart } from "./calls.ts";
import { MediaOfWorker } from "./media-of-worker.ts";

const startMs = 30_000;
const metricsMs = 2_000;
const refusalsMs = 2_000;
const leaveMs = 2_000;
const endMs = 5_000;
/** A connection that one worker gave back has reached another worker within this time, if there is another. */
const handOverMs = 1_000;

/** The data that all workers are started with. */
export type WorkerSettings = Pick<WorkerStart, "config" | "logLevel" | "demoSecret">;

/** A worker as the supervisor sees it, from its start to its end. */
export class WorkerProcess {
  readonly name: string;
  /** Resolves with the way in which the process ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #worker: Worker;
  readonly #peer: Peer<WorkerCalls>;

  /** @param media the machine's processes that decode, once they are open */
  constructor(name: string, calls: OwnCalls, media: () => MediaProcesses) {
    this.name = name;
    setUpCluster();
    this.#worker = cluster.fork();
    const tasks = new MediaOfWorker(media, () => this.#peer);
    this.#peer = new Peer<WorkerCalls>(this.#worker.process, { ...calls, ...tasks.calls });
    this.#worker.on("exit", () => tasks.close());
    const { promise, resolve } = Promise.withResolvers<Awaited<typeof this.exited>>();
    this.exited = promise;
    this.#worker.on("exit", (code, signal) => resolve({ code, signal }));
    // The process could not be started, or its channel broke. The process's end or the time limit of a call follows.
    this.#worker.on("error", () => this.kill());
    closeForgottenConnections(this.#worker);
  }

  listen(settings: WorkerSettings): Promise<ListeningAt> {
    return within(startMs, this.#peer.call("listen", this.#start(settings)));
  }

  open(settings: WorkerSettings): Promise<void> {
    return within(startMs, this.#peer.call("open", this.#start(settings)));
  }

  serve(): Promise<void> {
    return within(startMs, this.#peer.call("serve", undefined));
  }

  metrics(): Promise<readonly MeasuredMetric[]> {
    return within(metricsMs, this.#peer.call("metrics", undefined));
  }

  refusals(accountId: string): Promise<readonly Refusal[]> {
    return within(refusalsMs, this.#peer.call("refusals", accountId));
  }

  async leave(): Promise<void> {
    await within(leaveMs, this.#peer.call("leave", undefined));
  }

  /**
   * Lets the worker finish its requests for this long. It must be ended then.
   * @param idleMs as of `WorkerCalls.drain`
   * @returns what the worker has measured in its life, unless it did not answer
   */
  drain(patienceMs: number, idleMs: number): Promise<readonly MeasuredMetric[] | undefined> {
    return within(patienceMs + idleMs, this.#peer.call("drain", { idleMs })).catch(() => undefined);
  }

  async end(): Promise<void> {
    // A worker that is told to disconnect ends by itself, once it has cleaned up after what was cut off. When the
    // channel breaks, the worker ends at once.
    if (this.#worker.isConnected()) this.#worker.disconnect();
    await within(endMs, this.exited).catch(() => this.kill());
    await this.exited;
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }

  #start(settings: WorkerSettings): WorkerStart {
    return { ...settings, name: this.name, version };
  }
}

function setUpCluster(): void {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  // Connections are dealt out in turn. Dealt out by the system, most of them would go to one process.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(`./worker-main${extension}`, import.meta.url)),
    args: [],
    serialization: "advanced",
  });
}

/**
 * Closes connections that node:cluster forgets, whose clients would otherwise wait until this process ends. It forgets
 * a connection that was on its way to a worker when the worker ended. It also forgets one that a worker gave back
 * because it no longer takes any, when there is no other worker to take it. Only one connection is on its way at a
 * time, and closing one that has arrived does nothing. A worker says that it has stopped listening before it gives a
 * connection back, so a connection that comes back after the last worker has said so has nowhere to go.
 */
function closeForgottenConnections({ process: child }: Worker): void {
  const send = child.send.bind(child) as (message: unknown, handle?: unknown, ...rest: unknown[]) => boolean;
  let last: Connection | undefined;
  child.send = (message: unknown, handle?: unknown, ...rest: unknown[]) => {
    if (isConnection(handle)) {
      // Sending it all the same would be an error of the channel, and end the worker.
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
