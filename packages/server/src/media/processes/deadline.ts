/** Counts the time that a task works, and calls back once the time is up. Pauses don't count. */
export class Deadline {
  readonly #onUp: () => void;
  #leftMs: number;
  #usedMs = 0;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, onUp: () => void) {
    this.#leftMs = milliseconds;
    this.#onUp = onUp;
    this.resume();
  }

  /** The time that was worked, in milliseconds. */
  get usedMs(): number {
    return this.#usedMs + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }

  pause(): void {
    if (this.#since === undefined) return;
    const worked = performance.now() - this.#since;
    this.#usedMs += worked;
    this.#leftMs -= worked;
    this.#since = undefined;
    clearTimeout(this.#timer);
  }

  /** @param milliseconds the time that is left from now on; otherwise what was left before the pause */
  resume(milliseconds?: number): void {
    this.pause();
    if (milliseconds !== undefined) this.#leftMs = milliseconds;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#onUp, Math.max(0, this.#leftMs));
  }
}
