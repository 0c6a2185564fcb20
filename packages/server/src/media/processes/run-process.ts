import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Work } from "../image/pixels/work.ts";
import { MediaError } from "../media-error.ts";

/** Reads all that a process writes. @throws what `tooMuch` makes, for more bytes than it may write */
export async function readWithin(stream: Readable, maxBytes: number, tooMuch: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooMuch();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** The error where no process could be started. */
export function noProcess(cause: unknown): MediaError {
  return new MediaError("EBUSY", "There is no process to work in", { cause });
}

/** Ends a process that leads a group, with all that it has started, if it has not ended yet. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

export interface ProcessLimits {
  readonly milliseconds: number;
  /** The limit for the whole process, with the program itself. */
  readonly memoryBytes: number;
}

interface ProcessTask {
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
interface ProcessAnswer {
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
