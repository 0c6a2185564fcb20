import type { CacheOutcome } from "../../delivery.ts";
import type { KeptRendition, MadeRendition } from "./kept-rendition.ts";
import type { RenditionCache } from "./rendition-cache.ts";

/** The derived image cache as one answer uses it: it remembers whether anything had to be made for the answer. */
export class CacheUse {
  readonly #derived: Pick<RenditionCache, "get" | "find">;
  #outcome: CacheOutcome | undefined;

  constructor(derived: Pick<RenditionCache, "get" | "find">) {
    this.#derived = derived;
  }

  /** Returns undefined where the answer needed no derived file. */
  get outcome(): CacheOutcome | undefined {
    return this.#outcome;
  }

  get(key: string, make: (signal: AbortSignal) => Promise<MadeRendition>, signal: AbortSignal): Promise<KeptRendition> {
    this.#outcome ??= "hit";
    const noted = (alone: AbortSignal): Promise<MadeRendition> => {
      this.#outcome = "miss";
      return make(alone);
    };
    return this.#derived.get(key, noted, signal);
  }

  /** Looks for a part of what the answer needs. Whether it is there makes no hit and no miss. */
  find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    return this.#derived.find(key, signal);
  }
}
