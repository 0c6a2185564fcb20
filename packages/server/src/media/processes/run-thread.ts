import { type Transferable, Worker } from "node:worker_threads";
import { tooLate, type Work } from "../image/pixels/work.ts";
import { MediaError } from "../media-error.ts";

export interface ThreadTask {
  /** The module that the thread runs. It sends one message. */
  readonly module: URL;
  readonly workerData: object;
  /** Memory that the thread takes over. */
  readonly transfer?: readonly Transferable[];
}

/**
 * Runs a module in a thread of its own, which can be stopped at any moment.
 * @returns the message that the thread sends
 * @throws MediaError ETIME, or EBUSY where no thread can be started; the signal's reason; the thread's own errors
 */
export async function runThread<Reply>({ module, workerData, transfer = [] }: ThreadTask, work: Work): Promise<Reply> {
  work.check();
  const thread = startThread(module, { workerData, transferList: [...transfer], ...threadOptions });
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(work.left())));
  const end = AbortSignal.any([work.signal, time]);
  const { promise: reply, resolve, reject } = Promise.withResolvers<Reply>();
  const stop = (): void => reject(end.reason);
  end.addEventListener("abort", stop, { once: true });
  // The listener stays for as long as the thread lives. An error of a thread that nobody listens to would end the
  // process.
  thread.on("error", reject);
  thread.once("message", resolve);
  thread.once("exit", () => reject(new Error("The thread has ended without an answer")));
  try {
    return await reply;
  } catch (error) {
    work.check();
    if (isThreadless(error)) throw busy(error);
    // The timer may be ahead of the clock that `check` reads.
    if (time.aborted) throw tooLate(error);
    throw error;
  } finally {
    end.removeEventListener("abort", stop);
    await thread.terminate();
  }
}

function startThread(module: URL, options: ConstructorParameters<typeof Worker>[1]): Worker {
  try {
    return new Worker(module, options);
  } catch (error) {
    throw isThreadless(error) ? busy(error) : error;
  }
}

/**
 * Whether the system gave no thread, or not what a thread needs. Node says so at once, or as an error of the thread.
 */
function isThreadless(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_INIT_FAILED";
}

function busy(cause: unknown): MediaError {
  return new MediaError("EBUSY", "There is no thread to work in", { cause });
}

/** The thread gets no environment variables and no arguments of the process. It needs neither. */
const threadOptions = { env: {}, execArgv: [], stdout: true, stderr: true };
