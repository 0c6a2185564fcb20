/** The facts by which the cost of a work can be told before it is done. */
export interface WorkFacts {
  /** Equal for the same work. */
  readonly key?: string | undefined;
  /** The names of the files that the work reads. They differ for files of different accounts. */
  readonly files?: readonly string[] | undefined;
  /** The cost that the sizes of the source and of the result suggest, in milliseconds. */
  readonly estimateMs?: number | undefined;
}

export interface ExpectedCost {
  readonly ms: number;
  /** Whether this very work, or another work on each of its files, has been done before. */
  readonly isKnown: boolean;
}

/** A work that costs less than this is cheap, in milliseconds. Thumbnails of photos from phones cost 20 to 150. */
export const cheapMs = 250;
/** A work that costs at least this is dear, in milliseconds. Large pictures cost something between both. */
export const dearMs = 1000;

/** The number of works that were dear, and of files, that are remembered. */
const maxRemembered = 8192;

/**
 * The costs of works that were done before. A work that was dear is remembered by its key. A file is remembered by the
 * least that a work cost which was estimated as cheap. So a file that is dear however little is asked of it is known
 * as such, and one dear URL doesn't spoil the other works on its file.
 */
export class KnownCosts {
  readonly #works = new Map<string, number>();
  readonly #files = new Map<string, number>();

  /** The number of works and files that are remembered now. */
  get size(): number {
    return this.#works.size + this.#files.size;
  }

  expect({ key, files = [], estimateMs = 0 }: WorkFacts): ExpectedCost {
    const before = key === undefined ? undefined : this.#works.get(key);
    if (before !== undefined) return { ms: before, isKnown: true };
    let ms = estimateMs;
    let isKnown = files.length > 0;
    for (const file of files) {
      const least = this.#files.get(file);
      if (least === undefined) isKnown = false;
      else if (least >= cheapMs) ms = Math.max(ms, least);
    }
    return { ms, isKnown };
  }

  learn({ key, files = [], estimateMs = 0 }: WorkFacts, costMs: number): void {
    const isCheap = costMs < cheapMs;
    if (key !== undefined) {
      if (isCheap) this.#works.delete(key);
      else remember(this.#works, key, costMs);
    }
    // A work that is as dear as it was estimated says nothing about its files.
    if (!isCheap && estimateMs >= cheapMs) return;
    for (const file of files) remember(this.#files, file, Math.min(costMs, this.#files.get(file) ?? costMs));
  }
}

function remember(costs: Map<string, number>, name: string, ms: number): void {
  costs.delete(name);
  costs.set(name, ms);
  const [oldest] = costs.keys();
  if (costs.size > maxRemembered && oldest !== undefined) costs.delete(oldest);
}
