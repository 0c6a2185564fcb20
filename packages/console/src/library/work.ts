import { asProblem, type Problem } from "../api/problem.ts";
import { onSignOut } from "../door/session.ts";
import { dismiss, notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";

const words = texts.work;
/** What takes less time than this is done without a notice that shows how far it is. */
const quickMs = 500;
const tellMs = 200;
/** A request that a busy server has refused is sent again after these times, unless the server names one. */
const retryMs = [500, 2000, 5000];
const maxRetryMs = 90_000;
/** A notice names this many failures. */
const maxNamed = 200;

const underWay = new Set<Work>();

addEventListener("beforeunload", (event) => {
  if (underWay.size > 0) event.preventDefault();
});

/** Something that is done to many items. It counts them, names what failed, shows how far it is, and can be stopped. */
export class Work {
  readonly #stop = new AbortController();
  readonly #begun = performance.now();
  #notice: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = 0;
  #title: string = words.collecting;
  #steps = 0;
  #total = 0;
  #done = 0;
  #failed = 0;
  readonly #failures: string[] = [];
  #problem: Problem | undefined;
  #isStoppedByUser = false;
  #isSignedOut = false;

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The number of items that are done. */
  get done(): number {
    return this.#done;
  }

  get hasProblem(): boolean {
    return this.#problem !== undefined;
  }

  /** Begins a part of the work, which shows its own title. */
  begin(title: string, total: number): void {
    this.#title = title;
    this.#total = total;
    this.#steps = 0;
    this.#told = 0;
    this.#tell();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), quickMs);
  }

  /** Counts items that are done. */
  add(count: number): void {
    this.#done += count;
    this.reach(this.#steps + count);
  }

  /** Shows that some steps of the part are done. */
  reach(steps: number): void {
    this.#steps = steps;
    this.#tell();
  }

  /**
   * Counts an item that failed. Where nothing further can succeed, it ends the work.
   * @param name of the item, unless the error says it
   */
  fail(name: string | undefined, error: unknown): void {
    const problem = typeof error === "string" ? undefined : asProblem(error);
    if (this.signal.aborted) return;
    if (problem && endsAll(problem)) {
      this.#problem = problem;
      this.#stop.abort(problem);
      return;
    }
    this.#failed++;
    const why = problem?.message ?? String(error);
    if (this.#failures.length < maxNamed) this.#failures.push(name === undefined ? why : `${name}: ${why}`);
    this.reach(this.#steps + 1);
  }

  /** Sends a request that may be sent again where a busy server has refused it. */
  async patiently<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    for (const wait of retryMs) {
      try {
        return await send();
      } catch (error) {
        const problem = asProblem(error);
        if (!isBusy(problem)) throw error;
        await pause(Math.min(problem.retryAfterMs ?? wait, maxRetryMs), this.signal);
        if (this.signal.aborted) throw error;
      }
    }
    return send();
  }

  /** Does something to each value, to some of them at the same time, until the work is stopped. */
  async each<Value>(values: readonly Value[], atOnce: number, run: (value: Value) => Promise<void>): Promise<void> {
    let next = 0;
    const inTurn = async (): Promise<void> => {
      while (next < values.length && !this.signal.aborted) await run(values[next++] as Value);
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, inTurn));
  }

  /**
   * Does something to files by requests for many at a time. Where one of those is refused, its files are asked for in
   * smaller parts, so that those that can't be changed keep no others, and are named.
   */
  async inParts<Value extends { readonly name: string }>(
    files: readonly Value[],
    size: number,
    run: (part: readonly Value[]) => Promise<void>,
  ): Promise<void> {
    const tryPart = async (part: readonly Value[]): Promise<void> => {
      if (this.signal.aborted) return;
      try {
        await this.patiently(() => run(part));
      } catch (error) {
        const [only] = part;
        if (endsAll(asProblem(error)) || (part.length === 1 && only)) this.fail(only?.name, error);
        else {
          const half = Math.ceil(part.length / 2);
          await tryPart(part.slice(0, half));
          await tryPart(part.slice(half));
        }
      }
    };
    for (let from = 0; from < files.length; from += size) await tryPart(files.slice(from, from + size));
  }

  /** @param work what the items are asked for and changed by */
  async run(work: () => Promise<void>): Promise<void> {
    const unregister = onSignOut(() => {
      this.#isSignedOut = true;
      this.#stop.abort();
    });
    underWay.add(this);
    try {
      await work();
    } catch (error) {
      if (!this.signal.aborted) this.#problem = asProblem(error);
    } finally {
      unregister();
      clearTimeout(this.#timer);
      underWay.delete(this);
      if (this.#notice !== undefined) dismiss(this.#notice);
    }
  }

  /** Tells what has come of it. @param message what has been done */
  report(message: string, undo?: () => void): void {
    const action = undo && { label: texts.done.undo, run: undo };
    this.reportBy((details) => notify({ kind: "done", message, details, action }));
  }

  /** Tells what has come of it. @param tell is called where something has been done, with lines that say what was left */
  reportBy(tell: (details: readonly string[]) => void): void {
    if (this.#isSignedOut) return;
    const left = this.#total - this.#done - this.#failed;
    const isStopped = this.signal.aborted || this.#problem !== undefined;
    const notes = isStopped && left > 0 ? [words.stopped(left)] : [];
    if (this.#done > 0) tell(notes);
    else if (this.#isStoppedByUser && this.#failed === 0) notify({ kind: "done", message: words.nothingChanged });
    if (this.#problem !== undefined) tellProblem(this.#problem);
    if (this.#failed === 0) return;
    const unnamed = this.#failed - this.#failures.length;
    const named = [...this.#failures, ...(unnamed > 0 ? [words.more(unnamed)] : [])];
    const details = this.#done > 0 ? named : [...notes, ...named];
    notify({ kind: "failed", message: words.failed(this.#failed, this.#total), details });
  }

  #tell(): void {
    const now = performance.now();
    if (now - this.#begun < quickMs || now - this.#told < tellMs || this.signal.aborted) return;
    this.#told = now;
    const fraction = this.#total === 0 ? 0 : Math.min(1, this.#steps / this.#total);
    this.#notice = notify({
      kind: "done",
      message: this.#title,
      progress: fraction,
      reached: words.reached(this.#steps, this.#total),
      action: {
        label: words.stop,
        run: () => {
          this.#isStoppedByUser = true;
          this.#stop.abort();
        },
      },
      ...(this.#notice !== undefined && { id: this.#notice }),
    });
  }
}

/** Whether no other item will fare better: the session has ended, or the server is too busy or can't be reached. */
function endsAll({ status, isSignedOut }: Problem): boolean {
  return isSignedOut || status === 0 || status === 403 || status === 429 || status >= 502;
}

function isBusy({ status }: Problem): boolean {
  return status === 429 || status === 503;
}

/** Waits, until the signal ends it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
