import { MediaError } from "../media-error.ts";

/** It is tried again after this time, and after a restart: another version may have better bounds. */
const rememberedMs = 60 * 60 * 1000;
/** The oldest of more is forgotten. Whoever fills this pays for each with the time of its process. */
const maxRemembered = 10_000;

interface Exhausted {
  readonly error: MediaError;
  readonly until: number;
}

/**
 * Remembers what has used up its own processor time or memory, so that it is not tried with each request. What was late
 * because the machine was busy is never remembered.
 */
export class ExhaustedWork {
  readonly #known = new Map<string, Exhausted>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws MediaError as the work did */
  refuse(...keys: readonly (string | undefined)[]): void {
    for (const key of keys) {
      const known = key === undefined ? undefined : this.#known.get(key);
      if (known !== undefined && known.until > this.#now()) throw known.error;
    }
  }

  add(key: string | undefined, error: unknown): void {
    if (key === undefined || !(error instanceof MediaError) || !error.exhausted) return;
    this.#known.delete(key);
    this.#known.set(key, { error, until: this.#now() + rememberedMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxRemembered && oldest !== undefined) this.#known.delete(oldest);
  }
}
