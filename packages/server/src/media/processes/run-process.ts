import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Work } from "../image/pixels/work.ts";
import { MediaError } from "../media-error.ts";
import { noProcess } from "./no-process.ts";
import { readWithin } from "./read-within.ts";

export interface ProcessLimits {
  readonly milliseconds: number;
  /** The limit for the whole process, with the program itself. */
  readonly memoryBytes: number;
}

export interface ProcessTask {
  /** The module that the process runs. It calls `keepLimits` first. */
  readonly program: URL;
  readonly arguments: readonly (string | number)[];
  readonly input: Uint8Array;
  readonly limits: ProcessLimits;
  /** The limit for what the process writes. Whoever runs a process holds its output in memory. */
  readonly maxOutputBytes: number;
  /** Says that the process took too long. */
  readonly late: string;
}

/** The output of a process that has ended, and the signal that ended it, if any did. */
export interface ProcessAnswer {
  readonly output: Buffer;
  readonly signal: string | null;
}

/**
 * Milliseconds that are added to the limit before the process ends itself, in case no other process is left to end it.
 * They are more than the process takes to start.
 */
const startingTimeMs = 2000;

/**
 * Runs a module in a process of its own. Native work in a thread goes on until it is done; a process can be killed at
 * any moment. The process gets no environment variables. It has ended when this function returns or throws.
 * @throws MediaError ETIME, ELIMIT for too much output, or EBUSY where no process can be started; the signal's reason
 */
export async function runProcess(task: ProcessTask, work: Work): Promise<ProcessAnswer> {
  work.check();
  const { maxOutputBytes } = task;
  const tooMuch = () => new MediaError("ELIMIT", `The picture takes more than ${maxOutputBytes} bytes`);
  const { milliseconds, memoryBytes } = task.limits;
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(milliseconds, work.left()))));
  const limits = [memoryBytes, Math.ceil(milliseconds) + startingTimeMs, process.pid];
  const command = [fileURLToPath(task.program), ...limits, ...task.arguments].map(String);
  const child = startProcess(command, AbortSignal.any([time, work.signal]));
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  const ended = new Promise<string | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  try {
    // Without a process, its pipes may be missing as well.
    await Promise.race([once(child, "spawn"), failed]);
    // The process may end before it has read everything.
    child.stdin.on("error", () => undefined).end(task.input);
    const output = await Promise.race([readWithin(child.stdout, maxOutputBytes, tooMuch), failed]);
    return { output, signal: await Promise.race([ended, failed]) };
  } catch (error) {
    work.check();
    if (child.pid === undefined) throw noProcess(error);
    throw time.aborted ? new MediaError("ETIME", task.late, { cause: error }) : error;
  } finally {
    child.kill("SIGKILL");
    // Its memory and its place count until it is gone, and nothing reads the input any more.
    if (child.pid !== undefined) await ended;
  }
}

/** Some of the system's refusals are thrown at once, such as that there is no memory. Others are events. */
function startProcess(command: readonly string[], signal: AbortSignal) {
  try {
    const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
    return spawn(process.execPath, command, { stdio, env: {}, killSignal: "SIGKILL", signal });
  } catch (error) {
    const isRefusal = error instanceof Error && "syscall" in error;
    throw isRefusal ? noProcess(error) : error;
  }
}
