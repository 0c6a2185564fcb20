import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FramedPort } from "../../ipc/framed-port.ts";
import { Peer } from "../../ipc/peer.ts";
import { MediaError } from "../media-error.ts";
import type { ChildCalls, ParentCalls, Refused } from "./child-calls.ts";
import { channelOf, openChildsPort } from "./child-port.ts";
import { compileCache } from "./compile-cache.ts";
import { Deadline } from "./deadline.ts";
import { moduleBeside } from "./module-beside.ts";
import { processorMs, processorMsOfFollowers, residentBytes } from "./process-usage.ts";
import { type Sandbox, searchPath } from "./sandbox.ts";
import { asTaskAnswer, isSoundAnswer, isSoundQuestion, soundCpuMs, soundRefusal } from "./sound-answers.ts";
import type { TaskName } from "./tasks.ts";

/** The answers of the server to a process that does a task. */
export interface TaskHost {
  /** Waits until the task may take so many bytes. @returns the bytes that it may take */
  readonly take: (bytes: number) => Promise<number>;
  readonly askAi: (asked: Parameters<ParentCalls["askAi"]>[0], png: () => Promise<Uint8Array>) => Promise<Uint8Array>;
}

/** The bounds of one task. */
export interface TaskBounds {
  /** The time until the task asks for its memory, or in all if it asks for none. */
  readonly milliseconds: number;
  /** The processor time of the task, where that is bounded as well. */
  readonly cpuMs?: number;
  /** The most time that the task may ask for with its memory. */
  readonly workMs?: number;
  /** The time for writing what was made, beside that. */
  readonly writingMs?: number;
  /** The memory of the program with all that it loads for the task, where that is more than usual. */
  readonly programBytes?: number;
}

export interface TaskRun {
  readonly name: TaskName;
  readonly input: unknown;
  /** The size of the files that the task reads, in bytes. */
  readonly inputBytes: number;
  readonly bounds: TaskBounds;
  readonly host: TaskHost;
  readonly signal: AbortSignal;
}

/** The result of a task, and what it took. */
export interface TaskEnd {
  readonly value: unknown;
  /** The time in the process without waits, in milliseconds. */
  readonly usedMs: number;
  /** The processor time, in milliseconds. */
  readonly cpuMs: number;
}

/** The task failed, and this is what it took. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly usedMs: number;
  readonly cpuMs: number;
  /** Whether the task had read the headers of its files, and had asked for its memory. */
  readonly hasOpened: boolean;

  /** @param cause what the caller is told */
  constructor(cause: unknown, { usedMs, cpuMs, hasOpened }: Omit<TaskEnd, "value"> & { readonly hasOpened: boolean }) {
    super("a task has failed", { cause });
    this.usedMs = usedMs;
    this.cpuMs = cpuMs;
    this.hasOpened = hasOpened;
  }
}

/** The memory of the program itself, with the fonts that it may load, and of what it reads before it asks for more. */
const programBytes = 320 * 1024 * 1024;
/** The memory for reading headers, and a document's pages, in a process that holds memory already. */
const readingBytes = 192 * 1024 * 1024;
/** The size of files that a task may hold besides. Larger files are refused before they get here. */
const maxInputBytes = 256 * 1024 * 1024;
/** Estimates are rather too large than too small. What was freed isn't given back at once. */
const grantFactor = 1.5;
/** The share of a task's time that has to be processor time, if that it is late is to be the picture's fault. */
const ownShare = 0.7;
/** A rendering asks for its memory, and once more where the first estimate was too small. */
const maxTakes = 2;
const startMs = 30_000;
/** The characters that are kept of what a process says that doesn't start. */
const maxSaid = 1000;
const watchMs = 20;
/** A task that nobody waits for ends by itself within this time, or its process is ended. */
const leaveMs = 150;
/** The messages that a process may send while it does a task, and until the next one: a few times those that any task takes. */
const maxMessages = 300;
/** The time in which a process whose channel has closed has ended. */
const endMs = 100;

/** A process that decodes, from its start to its end. It does one task at a time. */
export class MediaProcess {
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #port: FramedPort;
  readonly #peer: Peer<ChildCalls>;
  readonly #ready = Promise.withResolvers<void>();
  #isKilled = false;
  /** The times that the running task has asked for memory, and whether it waits for it. */
  #takes = 0;
  #isTaking = false;
  #isMade = false;
  #deadline: Deadline | undefined;
  #run: TaskRun | undefined;
  /** The bytes that the running task may take, beside the program. */
  #granted: number | undefined;
  /** The error that the server had instead of an answer to the task. */
  #failure: { readonly error: unknown } | undefined;
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
        this.#ready.resolve();
      },
      take: (memory) => this.#take(memory),
      made: async () => {
        if (this.#isMade) return;
        this.#isMade = true;
        this.#deadline?.resume(this.#run?.bounds.writingMs);
      },
      askAi: (asked) => this.#askAi(asked),
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
      const child = spawnChild(command, folder);
      started = new MediaProcess(child, channelOf(child), folder);
      await started.#ready.promise;
      return started;
    } catch (error) {
      started?.kill();
      if (started === undefined) await rm(folder, { recursive: true, force: true });
      else await started.exited;
      signal.throwIfAborted();
      throw new MediaError("EBUSY", "There is no process to work in", { cause: error });
    } finally {
      end.removeEventListener("abort", kill);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the process is gone, or will be in a moment. */
  get isGone(): boolean {
    return this.#isKilled || this.#port.isClosed || this.#hasExited;
  }

  get #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  /** The number of tasks that it has begun. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Its resident memory in bytes; undefined where the system doesn't tell it. */
  get bytes(): number | undefined {
    return this.pid === undefined ? undefined : residentBytes(this.pid);
  }

  /**
   * Does a task. At the end of the task's time or memory the process is ended, and is gone when this function throws.
   * @throws TaskFailure with what the caller is told as its cause: MediaError EINVALID, ETIME, ELIMIT, ETRANSFORMATION;
   * the signal's reason; what the host threw
   */
  async run(run: TaskRun): Promise<TaskEnd> {
    run.signal.throwIfAborted();
    this.#tasks += 1;
    this.#run = run;
    this.#granted = undefined;
    this.#failure = undefined;
    this.#takes = 0;
    this.#isTaking = false;
    this.#isMade = false;
    this.#port.allow(maxMessages);
    const before = this.#processorMs();
    let end: unknown;
    let sampledMs = 0;
    /** Nothing tells the time of a process that has ended, so the last sample counts then. */
    const cpuMs = (): number => {
      sampledMs = Math.max(sampledMs, this.#processorMs() - before);
      return sampledMs;
    };
    const stop = (reason: unknown): void => {
      end ??= reason;
      cpuMs();
      this.kill();
    };
    const isOwnTime = (): boolean => cpuMs() + this.#followersMs() >= ownShare * deadline.usedMs;
    const deadline = new Deadline(run.bounds.milliseconds, () => stop(tooLate(isOwnTime())));
    this.#deadline = deadline;
    const { cpuMs: maxCpuMs = Number.POSITIVE_INFINITY } = run.bounds;
    // What tasks before have left in the process is not this task's fault.
    const leastBytes = Math.max(run.bounds.programBytes ?? programBytes, (this.bytes ?? 0) + readingBytes);
    const mostBytes = leastBytes + grantFactor * Math.min(run.inputBytes, maxInputBytes);
    const watch = setInterval(() => {
      if ((this.bytes ?? 0) > mostBytes + grantFactor * (this.#granted ?? 0)) stop(tooLarge(true));
      else if (cpuMs() > maxCpuMs) stop(tooLate(true));
    }, watchMs);
    let leaving: NodeJS.Timeout | undefined;
    const leave = (): void => {
      void this.#peer.call("stop", undefined).catch(() => undefined);
      leaving = setTimeout(() => stop(run.signal.reason), leaveMs);
    };
    run.signal.addEventListener("abort", leave, { once: true });
    this.#hold(true);
    try {
      const answer = asTaskAnswer(await this.#peer.call("run", { name: run.name, input: run.input }));
      const { usedMs } = deadline;
      const told = soundCpuMs(answer.cpuMs, usedMs) ?? cpuMs();
      if ("refused" in answer) throw new Refusal(soundRefusal(answer.refused), told);
      if (!isSoundAnswer(run.name, answer.value)) {
        this.kill();
        throw new Refusal({ code: "EINVALID", message: undecodable }, told);
      }
      return { value: answer.value, usedMs, cpuMs: told };
    } catch (error) {
      const hasOpened = this.#granted !== undefined;
      const isRefusal = error instanceof Refusal;
      const used = { usedMs: deadline.usedMs, cpuMs: isRefusal ? error.cpuMs : cpuMs(), hasOpened };
      const exhausted = isRefusal && error.code === "ETIME" && isOwnTime();
      const gone = end !== undefined || this.isGone;
      if (gone) await this.#leaveTimeToEnd();
      // A process that has let go of its channel, and lives, is broken.
      const isOurs = this.#isKilled || !this.#hasExited;
      if (gone) {
        this.kill();
        await this.exited;
      }
      throw new TaskFailure(
        isRefusal && !gone ? error.toMediaError(exhausted) : this.#causeOf(error, { end, gone, isOurs }),
        used,
      );
    } finally {
      run.signal.removeEventListener("abort", leave);
      clearTimeout(leaving);
      clearInterval(watch);
      deadline.pause();
      this.#run = undefined;
      this.#deadline = undefined;
      this.#hold(false);
    }
  }

  /** @returns a function that tells the processor time that was used since this call, in milliseconds */
  meter(): () => number {
    const before = this.#processorMs();
    return () => this.#processorMs() - before;
  }

  /** Ends the process and all that it has started. */
  kill(): void {
    if (this.pid === undefined || this.#hasExited) return;
    this.#isKilled = true;
    try {
      // It leads a group of its own.
      process.kill(process.platform === "win32" ? this.pid : -this.pid, "SIGKILL");
    } catch {
      this.#child.kill("SIGKILL");
    }
  }

  #causeOf(error: unknown, { end, gone, isOurs }: HowItEnded): unknown {
    if (this.#run?.signal.aborted === true) return this.#run.signal.reason;
    if (end !== undefined) return end;
    if (this.#failure !== undefined) return this.#failure.error;
    // The system ends a process that takes the memory of others, and broken native code ends itself.
    if (gone && !isOurs && this.#child.signalCode === "SIGKILL") return killed();
    return gone ? new MediaError("EINVALID", undecodable) : error;
  }

  /** The channel of a process that ends may close before the system tells how the process has ended. */
  async #leaveTimeToEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, endMs);
    if (!this.#isKilled) await Promise.race([this.exited, promise]);
    clearTimeout(timer);
  }

  /** Grants memory to the task. A process that a stranger has taken over may ask for anything. */
  async #take({ bytes, milliseconds }: Parameters<ParentCalls["take"]>[0]): Promise<void> {
    const deadline = this.#deadline;
    const run = this.#run;
    if (deadline === undefined || run === undefined) throw new Error("no task runs");
    this.#takes += 1;
    const isSound = Number.isFinite(bytes) && bytes >= 0 && Number.isFinite(milliseconds);
    if (!isSound || this.#isTaking || this.#takes > maxTakes) {
      this.kill();
      throw new Error("a process asks for what no task needs");
    }
    this.#isTaking = true;
    try {
      deadline.pause();
      const granted = await this.#settle(run, () => run.host.take(bytes));
      // The task may have ended meanwhile, and another one may have begun.
      if (this.#run !== run) return;
      this.#granted = granted;
      deadline.resume(Math.min(milliseconds, run.bounds.workMs ?? run.bounds.milliseconds));
    } finally {
      if (this.#run === run) this.#isTaking = false;
    }
  }

  async #askAi(asked: Parameters<ParentCalls["askAi"]>[0]): Promise<Uint8Array> {
    const run = this.#run;
    if (run === undefined) throw new Error("no task runs");
    if (!isSoundQuestion(asked)) {
      this.kill();
      throw new Error("a process asks what no task asks");
    }
    const png = async (): Promise<Uint8Array> => {
      if (this.#run !== run) throw new Error("the task has ended");
      return this.#peer.call("askedPicture", undefined);
    };
    return this.#settle(run, () => run.host.askAi(asked, png));
  }

  /** The process is told of a failure in words alone. The one who waits for the task gets the error itself. */
  async #settle<Result>(run: TaskRun, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (this.#run === run) this.#failure = { error };
      throw error;
    }
  }

  #followersMs(): number {
    return this.pid === undefined || process.platform !== "linux" ? 0 : processorMsOfFollowers(this.pid);
  }

  #processorMs(): number {
    return (this.pid === undefined ? undefined : processorMs(this.pid)) ?? 0;
  }

  /** Whether this process waits for the other one. An idle one keeps nobody from ending. */
  #hold(held: boolean): void {
    if (held) {
      this.#child.ref();
      this.#channel.ref();
    } else {
      this.#child.unref();
      this.#channel.unref();
      // It is a pipe, which its type doesn't say.
      (this.#child.stderr as Socket | null)?.unref();
    }
  }
}

interface HowItEnded {
  /** The reason for which this process was ended here. */
  readonly end: unknown;
  readonly gone: boolean;
  /** Whether it was ended here, for whatever reason. */
  readonly isOurs: boolean;
}

class Refusal extends Error {
  readonly cpuMs: number;
  readonly code: Refused["code"];

  constructor({ code, message }: Refused, cpuMs: number) {
    super(message);
    this.code = code;
    this.cpuMs = cpuMs;
  }

  toMediaError(exhausted: boolean): MediaError {
    return new MediaError(this.code, this.message, { exhausted });
  }
}

const undecodable = "The image cannot be decoded";

/** @param exhausted whether it is the picture's own fault, and not that of a machine that is busy */
function tooLate(exhausted: boolean): MediaError {
  return new MediaError("ETIME", "The image took too long to render", { exhausted });
}

function tooLarge(exhausted: boolean): MediaError {
  return new MediaError("ELIMIT", "The image takes more memory than it may", { exhausted });
}

/** The system ends processes where the memory of the machine is short. That says nothing of the picture. */
function killed(): MediaError {
  return new MediaError("EBUSY", "The process that made the image was ended");
}

const program = fileURLToPath(moduleBeside("./child-main", import.meta.url));

function spawnChild(command: readonly string[], folder: string): ChildProcess {
  const sources = program.endsWith(".ts")
    ? ["--conditions=sluice-source", "--disable-warning=ExperimentalWarning"]
    : [];
  const [first = "", ...args] = [...command, process.execPath, ...sources, program];
  return spawn(first, args, {
    stdio: ["ignore", "ignore", "pipe", "overlapped"],
    env: { ...(command.length > 0 && searchPath()), TMPDIR: folder, ...compileCache() },
    cwd: folder,
    // A signal for the server's group isn't for this process, and what this process starts is ended with it.
    detached: true,
  });
}
