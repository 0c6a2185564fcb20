import type { CacheOutcome } from "../answers/delivery.ts";
import type { Derived, Made } from "./derived.ts";
import type { DerivedCache } from "./derived-cache.ts";

/** The derived image cache as one answer uses it: it remembers whether anything had to be made for the answer. */
export class CacheLook {
  readonly #derived: Pick<DerivedCache, "get" | "find">;
  #outcome: CacheOutcome | undefined;

  constructor(derived: Pick<DerivedCache, "get" | "find">) {
    this.#derived = derived;
  }

  /** Returns undefined where the answer needed no derived file. */
  get outcome(): CacheOutcome | undefined {
    return this.#outcome;
  }

  get(key: string, make: (signal: AbortSignal) => Promise<Made>, signal: AbortSignal): Promise<Derived> {
    this.#outcome ??= "hit";
    const noted = (alone: AbortSignal): Promise<Made> => {
      this.#outcome = "miss";
      return make(alone);
    };
    return this.#derived.get(key, noted, signal);
  }

  /** Looks for a part of what the answer needs. Whether it is there makes no hit and no miss. */
  find(key: string, signal: AbortSignal): Promise<Derived | undefined> {
    return this.#derived.find(key, signal);
  }
}
