export interface UsedTimeOptions {
  /** Half of a time is forgotten after this long. */
  readonly halfLifeMs: number;
  /** No name has more time than this, so it is forgotten in a bounded time as well. */
  readonly maxMs: number;
  /** The number of names that are remembered. */
  readonly maxNames: number;
}

/**
 * The time that each name has used lately. Names come from strangers, so a bounded number is remembered. The names with
 * least time are forgotten first: while a machine has few places, only few names can have much time. What a name loses
 * when it is forgotten is at most the time that all names have, divided by half the number of names.
 */
export class UsedTime {
  readonly #options: UsedTimeOptions;
  readonly #entries = new Map<string, { readonly ms: number; readonly at: number }>();

  constructor(options: UsedTimeOptions) {
    this.#options = options;
  }

  /** The number of names that are remembered now. */
  get size(): number {
    return this.#entries.size;
  }

  /** The time that the name has used lately, in milliseconds. */
  of(name: string, now = performance.now()): number {
    const entry = this.#entries.get(name);
    return entry === undefined ? 0 : entry.ms * 0.5 ** ((now - entry.at) / this.#options.halfLifeMs);
  }

  add(name: string, ms: number): void {
    const now = performance.now();
    this.#entries.set(name, { ms: Math.min(this.of(name, now) + ms, this.#options.maxMs), at: now });
    if (this.#entries.size > this.#options.maxNames) this.#forgetLeast();
  }

  #forgetLeast(): void {
    const now = performance.now();
    const names = Array.from(this.#entries.keys(), (name) => ({ name, ms: this.of(name, now) }));
    names.sort((one, other) => other.ms - one.ms);
    for (const { name } of names.slice(Math.ceil(this.#options.maxNames / 2))) this.#entries.delete(name);
  }
}
