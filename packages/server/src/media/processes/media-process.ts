import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { FramedPort } from "../../ipc/framed-port.ts";
import { Peer } from "../../ipc/peer.ts";
import type { ChildCalls, ParentCalls } from "./child-calls.ts";
import { channelOf, openChildsPort } from "./child-port.ts";
import type { DecodingTask, TaskEnd } from "./decoding-task.ts";
import { processorMs, processorMsOfFollowers, residentBytes } from "./process-usage.ts";
import { killGroup, noProcess } from "./run-process.ts";
import type { Sandbox } from "./sandbox.ts";
import { startChild } from "./start-child.ts";
import { type ProcessEnd, type TaskProcess, TaskRun } from "./task-run.ts";

const startMs = 30_000;
/** The characters that are kept of what a process says that doesn't start. */
const maxSaid = 1000;
/** The messages that a process may send while it does a task, and until the next one: a few times those that any task takes. */
const maxMessages = 300;
/** The time in which a process whose channel has closed has ended. */
const endMs = 100;

/** A process that decodes, from its start to its end. It does one task at a time. */
export class MediaProcess implements TaskProcess {
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #port: FramedPort;
  readonly #peer: Peer<ChildCalls>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #startedAt = performance.now();
  #startCostMs = 0;
  #isKilled = false;
  #run: TaskRun | undefined;
  #tasks = 0;
  /** Resolves once the process is gone, with its files. */
  readonly exited: Promise<void>;

  private constructor(child: ChildProcess, channel: Socket, folder: string) {
    this.#child = child;
    this.#channel = channel;
    this.#port = openChildsPort(channel, () => this.kill());
    const calls: ParentCalls = {
      ready: async () => {
        // Whatever it says from now on is about strangers' bytes, and may be without end.
        child.stderr?.destroy();
        this.#startCostMs = this.processorMs ?? performance.now() - this.#startedAt;
        this.#ready.resolve();
      },
      begun: async () => this.#running.begun(),
      take: async (memory) => this.#running.take(memory),
      made: async () => this.#running.made(),
      askAi: async (asked) => this.#running.askAi(asked),
    };
    this.#peer = new Peer<ChildCalls>(this.#port, calls);
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      // Without a process there is no exit.
      child.on("error", () => child.pid === undefined && resolve());
    });
    let said = "";
    // Only what keeps it from starting is told. Libraries may quote what they decode.
    child.stderr?.on("data", (piece: Buffer) => {
      said = `${said}${piece.toString("utf8")}`.slice(-maxSaid);
    });
    child.once("exit", (code, signal) => {
      this.#ready.reject(new Error(`a process that decodes has ended: ${code ?? signal} ${said}`));
    });
    child.on("error", (error) => this.#ready.reject(error));
    child.stderr?.on("error", () => undefined);
    this.#ready.promise.catch(() => undefined);
    this.exited = ended.then(() => rm(folder, { recursive: true, force: true }).catch(() => undefined));
    // It is a pipe, which its type doesn't say.
    (child.stderr as Socket | null)?.unref();
    this.#hold(false);
  }

  /**
   * Starts a process that has no environment, and a folder of its own for temporary files.
   * @throws MediaError EBUSY where none can be started; the signal's reason, when the process is gone
   */
  static async start({ command }: Sandbox, within: string, signal: AbortSignal): Promise<MediaProcess> {
    const folder = await mkdtemp(join(within, "process-"));
    let started: MediaProcess | undefined;
    const end = AbortSignal.any([signal, AbortSignal.timeout(startMs)]);
    const kill = (): void => started?.kill();
    end.addEventListener("abort", kill, { once: true });
    try {
      signal.throwIfAborted();
      const child = startChild(command, folder);
      started = new MediaProcess(child, channelOf(child), folder);
      await started.#ready.promise;
      return started;
    } catch (error) {
      started?.kill();
      if (started === undefined) await rm(folder, { recursive: true, force: true });
      else await started.exited;
      signal.throwIfAborted();
      throw noProcess(error);
    } finally {
      end.removeEventListener("abort", kill);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isGone(): boolean {
    return this.#isKilled || this.#port.isClosed || this.#hasExited;
  }

  /** Whether it was ended here, rather than by the system or by itself. */
  get wasKilled(): boolean {
    return this.#isKilled;
  }

  get #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  /** The number of tasks that it has begun. */
  get tasks(): number {
    return this.#tasks;
  }

  get bytes(): number | undefined {
    return this.pid === undefined ? undefined : residentBytes(this.pid);
  }

  get processorMs(): number | undefined {
    return this.pid === undefined ? undefined : processorMs(this.pid);
  }

  get startCostMs(): number {
    return this.#startCostMs;
  }

  get followersMs(): number {
    return this.pid === undefined || process.platform !== "linux" ? 0 : processorMsOfFollowers(this.pid);
  }

  /**
   * Does a task. At the end of the task's time or memory the process is ended, and is gone when this function throws.
   * @throws TaskFailure with what the caller is told as its cause: MediaError EINVALID, ETIME, ELIMIT, ETRANSFORMATION;
   * the signal's reason; what the host threw
   */
  async run(task: DecodingTask): Promise<TaskEnd> {
    task.signal.throwIfAborted();
    this.#tasks += 1;
    this.#port.allow(maxMessages);
    const run = new TaskRun(this, task);
    this.#run = run;
    this.#hold(true);
    try {
      return await run.end();
    } finally {
      this.#run = undefined;
      this.#hold(false);
    }
  }

  begin(task: Parameters<ChildCalls["run"]>[0]): Promise<unknown> {
    return this.#peer.call("run", task);
  }

  stop(): Promise<void> {
    return this.#peer.call("stop", undefined);
  }

  askedPicture(): Promise<Uint8Array> {
    return this.#peer.call("askedPicture", undefined);
  }

  /** The processor time that the running task has taken so far, in milliseconds. */
  get taskMs(): number {
    return this.#run?.cpuMs ?? 0;
  }

  kill(): void {
    if (this.pid === undefined || this.#hasExited) return;
    this.#isKilled = true;
    killGroup(this.#child);
  }

  async end(): Promise<ProcessEnd> {
    if (!this.#isKilled) await this.#leaveTimeToEnd();
    // A process that has let go of its channel, and lives, is broken.
    const isEndedHere = this.#isKilled || !this.#hasExited;
    this.kill();
    await this.exited;
    if (isEndedHere) return "here";
    // The system ends a process that takes the memory of others, and broken native code ends itself.
    return this.#child.signalCode === "SIGKILL" ? "by the system" : "by itself";
  }

  /** The channel of a process that ends may close before the system tells how the process has ended. */
  async #leaveTimeToEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, endMs);
    await Promise.race([this.exited, promise]);
    clearTimeout(timer);
  }

  get #running(): TaskRun {
    if (this.#run === undefined) throw new Error("no task runs");
    return this.#run;
  }

  /** Whether this process waits for the other one. An idle one keeps nobody from ending. */
  #hold(held: boolean): void {
    if (held) {
      this.#child.ref();
      this.#channel.ref();
    } else {
      this.#child.unref();
      this.#channel.unref();
    }
  }
}
