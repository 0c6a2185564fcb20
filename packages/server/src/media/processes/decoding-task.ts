import type { ParentCalls } from "./child-calls.ts";
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

/** A task for a process that decodes. */
export interface DecodingTask {
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
  /** The processor time in milliseconds, or `usedMs` where the system doesn't tell it. */
  readonly cpuMs: number;
}

/** The cost of a task that failed. */
export interface FailedTask extends Omit<TaskEnd, "value"> {
  /** The processor time for starting another process, where the task has cost its own, in milliseconds. */
  readonly replacementMs: number;
  /** Whether the task had read the headers of its files, and had asked for its memory. */
  readonly hasOpened: boolean;
}

/** The task failed, and this is what it took. */
export class TaskFailure extends Error implements FailedTask {
  override readonly name = "TaskFailure";
  readonly usedMs: number;
  readonly cpuMs: number;
  readonly replacementMs: number;
  readonly hasOpened: boolean;

  /** @param cause what the caller is told */
  constructor(cause: unknown, { usedMs, cpuMs, replacementMs, hasOpened }: FailedTask) {
    super("a task has failed", { cause });
    this.usedMs = usedMs;
    this.cpuMs = cpuMs;
    this.replacementMs = replacementMs;
    this.hasOpened = hasOpened;
  }
}
