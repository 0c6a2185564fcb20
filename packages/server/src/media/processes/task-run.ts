import { transformationBounds } from "@sluice/grammar";
import type { ChildCalls, ParentCalls } from "./child-calls.ts";
import { Deadline } from "./deadline.ts";
import { type DecodingTask, type TaskEnd, TaskFailure } from "./decoding-task.ts";
import { killedBySystem, LostProcessError, Refusal, tooLarge, tooLate, undecodable } from "./task-errors.ts";
import { asTaskAnswer, isValidQuestion, isValidReply, validCpuMs, validRefusal } from "./validate-reply.ts";

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
/** No transformation has more steps, of which each may need a model's picture. */
const maxAsks = transformationBounds.steps.max;
const watchMs = 20;
/** A task that nobody waits for ends by itself within this time, or its process is ended. */
const leaveMs = 150;

/** The way in which a process has ended: here, by the system or another program that killed it, or by what it did. */
export type ProcessEnd = "here" | "by the system" | "by itself";

/** The process in which a task runs. */
export interface TaskProcess {
  /** Its resident memory in bytes; undefined where the system doesn't tell it. */
  readonly bytes: number | undefined;
  /** The processor time that it has taken since its start, in milliseconds; undefined where the system doesn't tell it. */
  readonly processorMs: number | undefined;
  /** The time that its start has cost, in milliseconds. */
  readonly startCostMs: number;
  /** The processor time of the programs that it runs, in milliseconds. */
  readonly followersMs: number;
  /** Whether the process is gone, or will be in a moment. */
  readonly isGone: boolean;
  /** Makes the process do a task. @returns what the process answers */
  begin(task: Parameters<ChildCalls["run"]>[0]): Promise<unknown>;
  /** Asks the process to end its task. */
  stop(): Promise<void>;
  /** The picture about which a model is being asked, as PNG. */
  askedPicture(): Promise<Uint8Array>;
  /** Ends the process and all that it has started. */
  kill(): void;
  /** Sees to the end of a process that is gone, or is broken. Resolves when it is gone, with its files. */
  end(): Promise<ProcessEnd>;
}

/** The run of one task in a process, which is ended at the end of the task's time or memory. */
export class TaskRun {
  readonly #process: TaskProcess;
  readonly #task: DecodingTask;
  readonly #deadline: Deadline;
  readonly #beforeMs: number | undefined;
  /** The memory that the process may take before it has asked for any. */
  readonly #leastBytes: number;
  #sampledMs = 0;
  /** The memory that the task may take, beside the program. */
  #granted: number | undefined;
  #hasBegun = false;
  #takes = 0;
  #isTaking = false;
  #asks = 0;
  #isMade = false;
  #isOver = false;
  /** The reason for which the process was ended. */
  #reason: { readonly error: unknown } | undefined;
  /** The error that the server had instead of an answer to the task. */
  #failure: { readonly error: unknown } | undefined;

  constructor(process: TaskProcess, task: DecodingTask) {
    this.#process = process;
    this.#task = task;
    this.#beforeMs = process.processorMs;
    // What tasks before have left in the process is not this task's fault.
    const ownBytes = Math.max(task.bounds.programBytes ?? programBytes, (process.bytes ?? 0) + readingBytes);
    this.#leastBytes = ownBytes + grantFactor * Math.min(task.inputBytes, maxInputBytes);
    this.#deadline = new Deadline(task.bounds.milliseconds, () => this.#stop(tooLate(this.#isOwnTime)));
  }

  /** @throws TaskFailure as `MediaProcess.run` does */
  async end(): Promise<TaskEnd> {
    const { signal } = this.#task;
    const watch = setInterval(() => this.#watch(), watchMs);
    let leaving: NodeJS.Timeout | undefined;
    const leave = (): void => {
      void this.#process.stop().catch(() => undefined);
      leaving = setTimeout(() => this.#stop(signal.reason), leaveMs);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await this.#answer();
    } catch (error) {
      throw await this.#failureFor(error);
    } finally {
      this.#isOver = true;
      signal.removeEventListener("abort", leave);
      clearTimeout(leaving);
      clearInterval(watch);
      this.#deadline.pause();
    }
  }

  /** The process has its task. */
  begun(): void {
    this.#hasBegun = true;
  }

  /** Grants memory to the task. A process that a stranger has taken over may ask for anything. */
  async take({ bytes, milliseconds }: Parameters<ParentCalls["take"]>[0]): Promise<void> {
    const { bounds, host } = this.#task;
    this.#takes += 1;
    const isSound = Number.isFinite(bytes) && bytes >= 0 && Number.isFinite(milliseconds);
    if (!isSound || this.#isTaking || this.#takes > maxTakes) {
      this.#process.kill();
      throw new Error("a process asks for what no task needs");
    }
    this.#isTaking = true;
    try {
      this.#deadline.pause();
      const granted = await this.#settle(() => host.take(bytes));
      // The task may have ended meanwhile.
      if (this.#isOver) return;
      this.#granted = granted;
      this.#deadline.resume(Math.min(milliseconds, bounds.workMs ?? bounds.milliseconds));
    } finally {
      this.#isTaking = false;
    }
  }

  /** The picture is made, and is only written now. */
  made(): void {
    if (this.#isMade) return;
    this.#isMade = true;
    this.#deadline.resume(this.#task.bounds.writingMs);
  }

  async askAi(asked: Parameters<ParentCalls["askAi"]>[0]): Promise<Uint8Array> {
    this.#asks += 1;
    if (!isValidQuestion(asked) || this.#asks > maxAsks) {
      this.#process.kill();
      throw new Error("a process asks what no task asks");
    }
    const png = async (): Promise<Uint8Array> => {
      if (this.#isOver) throw new Error("the task has ended");
      this.#deadline.resume();
      try {
        return await this.#process.askedPicture();
      } finally {
        if (!this.#isOver) this.#deadline.pause();
      }
    };
    // Waiting for a model's picture is no time of the task.
    this.#deadline.pause();
    try {
      return await this.#settle(() => this.#task.host.askAi(asked, png));
    } finally {
      if (!this.#isOver) this.#deadline.resume();
    }
  }

  async #answer(): Promise<TaskEnd> {
    const { name, input } = this.#task;
    const answer = asTaskAnswer(await this.#process.begin({ name, input }));
    const { usedMs } = this.#deadline;
    // A process that was taken over may tell too little. What it was seen to take counts at least.
    const cpuMs = Math.max(validCpuMs(answer.cpuMs, usedMs) ?? this.cpuMs, this.#sample() ?? 0);
    if ("refused" in answer) throw new Refusal(validRefusal(answer.refused), cpuMs);
    if (isValidReply(name, answer.value)) return { value: answer.value, usedMs, cpuMs };
    this.#stop(undecodable());
    throw undecodable();
  }

  async #failureFor(error: unknown): Promise<TaskFailure> {
    const refusal = error instanceof Refusal ? error : undefined;
    const used = {
      usedMs: this.#deadline.usedMs,
      cpuMs: refusal?.cpuMs ?? this.cpuMs,
      replacementMs: 0,
      hasOpened: this.#granted !== undefined,
    };
    const isOwnTime = this.#isOwnTime;
    if (this.#reason !== undefined || this.#process.isGone) {
      const how = await this.#process.end();
      const isItsFault = how === "here" || (how === "by itself" && this.#hasBegun);
      const replacementMs = isItsFault ? this.#process.startCostMs : 0;
      return new TaskFailure(this.#causeOf(this.#faultIn(how)), { ...used, replacementMs });
    }
    const refused = refusal?.toMediaError(refusal.code === "ETIME" && isOwnTime);
    return new TaskFailure(refused ?? this.#causeOf(error), used);
  }

  #faultIn(how: ProcessEnd): Error {
    if (!this.#hasBegun && how !== "here") return new LostProcessError();
    return how === "by the system" ? killedBySystem() : undecodable();
  }

  /** The cause that the caller is told, if it isn't that of the process. */
  #causeOf(error: unknown): unknown {
    const { signal } = this.#task;
    if (signal.aborted) return signal.reason;
    return (this.#reason ?? this.#failure ?? { error }).error;
  }

  #watch(): void {
    const { cpuMs: maxCpuMs = Number.POSITIVE_INFINITY } = this.#task.bounds;
    const mostBytes = this.#leastBytes + grantFactor * (this.#granted ?? 0);
    if ((this.#process.bytes ?? 0) > mostBytes) this.#stop(tooLarge());
    else if (this.#beforeMs !== undefined && this.cpuMs > maxCpuMs) this.#stop(tooLate(true));
  }

  #stop(error: unknown): void {
    this.#reason ??= { error };
    this.#sample();
    this.#process.kill();
  }

  /** The processor time so far, in milliseconds. Where the system doesn't tell it, the time without waits counts. */
  get cpuMs(): number {
    return this.#sample() ?? this.#deadline.usedMs;
  }

  /** Nothing tells the time of a process that has ended, so the last sample counts then. */
  #sample(): number | undefined {
    if (this.#beforeMs === undefined) return undefined;
    this.#sampledMs = Math.max(this.#sampledMs, (this.#process.processorMs ?? 0) - this.#beforeMs);
    return this.#sampledMs;
  }

  /** Whether the picture is to blame. Without the processor time, the machine may have been busy as well. */
  get #isOwnTime(): boolean {
    const sampledMs = this.#sample();
    return sampledMs !== undefined && sampledMs + this.#process.followersMs >= ownShare * this.#deadline.usedMs;
  }

  /** The process is told of a failure in words alone. The one who waits for the task gets the error itself. */
  async #settle<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
