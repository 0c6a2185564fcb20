import { type ChildProcess, spawn } from "node:child_process";
import { stat, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { MediaError } from "../media-error.ts";
import { giveWay } from "./give-way.ts";
import { processorMs, residentBytes } from "./process-usage.ts";
import { killGroup, noProcess, readWithin } from "./run-process.ts";
import { type Sandbox, searchPath } from "./sandbox.ts";

export interface ToolBounds {
  /** The longest time from its start to its end. */
  readonly milliseconds: number;
  /** The processor time that the file may take, where that is known to be little. */
  readonly cpuMs?: number;
  /** The resident memory. A limit of the address space makes some programs hang. */
  readonly memoryBytes: number;
  /** What it may write to its standard output. */
  readonly outputBytes: number;
}

export interface ToolTask {
  /** The words that begin the command: a program, and what comes before the arguments. */
  readonly program: readonly string[];
  readonly arguments: readonly string[];
  /** Variables that it has besides the path of programs. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Descriptors that the program has, from the third on. It gets no path of a file. */
  readonly files: readonly number[];
  /** The file that it writes, and how large that may get. */
  readonly target?: { readonly path: string; readonly bytes: number };
  /** How far what else wants the processor goes first. */
  readonly niceness?: number;
  /** Is given the lines of its standard output, as they come. */
  readonly onLine?: (line: string) => void;
  readonly bounds: ToolBounds;
}

export interface ToolEnd {
  /** What it wrote to its standard output. */
  readonly output: Buffer;
  /** The last of what it said, for logs. It may quote the file, so no client sees it. */
  readonly said: string;
  readonly code: number | null;
}

/** The time between two looks at what it has used. */
const watchMs = 50;
const maxSaid = 2000;

/**
 * Runs a program of the system behind the sandbox, with no environment but the path of programs and what the task names,
 * and no input but its descriptors. At the end of its time or memory it and all that it has started are ended. It is gone
 * when this function returns or throws.
 * @throws MediaError ETIME, ELIMIT; EBUSY where it can't be started, or the system has killed it for want of memory; the
 * signal's reason
 */
export async function runTool(task: ToolTask, { command }: Sandbox, signal: AbortSignal): Promise<ToolEnd> {
  signal.throwIfAborted();
  const { bounds } = task;
  const tooMuch = () => used("ELIMIT", `The file makes more than ${bounds.outputBytes} bytes`);
  const child = start([...command, ...task.program, ...task.arguments], task);
  const ended = new Promise<number | null>((resolve, reject) => {
    // Whoever has killed it from outside, the file is not at fault.
    child.once("close", (code, killedBy) => (killedBy === "SIGKILL" ? reject(killed()) : resolve(code)));
    child.once("error", (error) => reject(noProcess(error)));
  });
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined);
  const stop = (reason: unknown): void => {
    stopped.reject(reason);
    killGroup(child);
  };
  const abort = (): void => stop(signal.reason);
  // How long it takes depends on what else the machine does, unless it has a bound of its own.
  const isOwnFault = bounds.cpuMs === undefined;
  const late = (): void => stop(new MediaError("ETIME", "The file takes too long", { exhausted: isOwnFault }));
  const timer = setTimeout(late, bounds.milliseconds);
  const watch = setInterval(() => {
    if (task.target !== undefined) void refuseLargeTarget(task.target).catch(stop);
    if (child.pid === undefined) return;
    const bytes = residentBytes(child.pid);
    if ((processorMs(child.pid) ?? 0) > (bounds.cpuMs ?? Number.POSITIVE_INFINITY)) {
      stop(used("ETIME", "The file takes too long"));
    }
    if (bytes !== undefined && bytes > bounds.memoryBytes) stop(used("ELIMIT", "The file takes too much memory"));
  }, watchMs);
  signal.addEventListener("abort", abort, { once: true });
  try {
    // Without a process, its pipes may be missing as well.
    if (child.pid === undefined) await ended;
    // Where the machine runs out of memory, the system ends this one first.
    if (task.niceness !== undefined && child.pid !== undefined) void giveWay(child.pid, task.niceness, ended);
    if (child.pid !== undefined) void writeFile(`/proc/${child.pid}/oom_score_adj`, "1000").catch(() => undefined);
    if (task.onLine !== undefined) createInterface({ input: child.stdout }).on("line", task.onLine);
    const output = task.onLine === undefined ? readWithin(child.stdout, bounds.outputBytes, tooMuch) : Buffer.alloc(0);
    const said = readEnd(child.stderr);
    // A program that is ended closes its pipes.
    const all = Promise.all([output, said, ended]);
    all.catch(() => undefined);
    const [bytes, words, code] = await Promise.race([all, stopped.promise]);
    return { output: bytes, said: words, code };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener("abort", abort);
    killGroup(child);
    await ended.catch(() => undefined);
  }
}

type Tool = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

function start([program = "", ...args]: readonly string[], { files, environment }: ToolTask): Tool {
  try {
    return spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe", ...files],
      env: { ...environment, ...searchPath() },
      cwd: "/",
      // It leads a group, which is ended with it. A signal for the server's own group isn't for it.
      detached: true,
    }) as Tool;
  } catch (error) {
    throw noProcess(error);
  }
}

async function refuseLargeTarget({ path, bytes }: NonNullable<ToolTask["target"]>): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > bytes) throw used("ELIMIT", `The file makes more than ${bytes} bytes`);
}

async function readEnd(stream: Readable): Promise<string> {
  let said = "";
  for await (const piece of stream as AsyncIterable<Buffer>) said = `${said}${piece.toString("utf8")}`.slice(-maxSaid);
  return said;
}

function killed(): MediaError {
  return new MediaError("EBUSY", "The program was killed");
}

/** The file itself has used up its time or memory, so another attempt would as well. */
function used(code: "ETIME" | "ELIMIT", message: string): MediaError {
  return new MediaError(code, message, { exhausted: true });
}
