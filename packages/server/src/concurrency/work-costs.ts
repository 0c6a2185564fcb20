import type { Party } from "./fair-line.ts";
import { clientOf, type Payers, UsedTime } from "./used-time.ts";

/** The facts by which the cost of a work can be told before it is done. */
export interface WorkFacts {
  /** Equal for the same work. */
  readonly key?: string | undefined;
  /** The names of the files that the work reads. They differ for files of different accounts. */
  readonly files?: readonly string[] | undefined;
  /** The cost that the sizes of the source and of the result suggest, in milliseconds. */
  readonly estimateMs?: number | undefined;
}

/** A work that asks for a slot. */
export interface AskedWork extends WorkFacts {
  /** The party for which the work is done; the server itself when no party is named. */
  readonly party?: Party | undefined;
  /** Whether the work may be stopped, and done once more from its beginning. */
  readonly restartable?: boolean | undefined;
}

export interface ExpectedCost {
  readonly ms: number;
  /** Whether this very work, or another work on each of its files, has been done before. */
  readonly isKnown: boolean;
}

/** A work that costs less than this is cheap, in milliseconds. Thumbnails of photos from phones cost 20 to 150. */
export const cheapMs = 250;
/** A work that costs at least this is expensive, in milliseconds. Large pictures cost something between both. */
export const expensiveMs = 1000;

/** The number of works that were expensive, and of files, that are remembered. */
const maxRemembered = 8192;

/**
 * The costs of works that were done before. A work that was expensive is remembered by its key. A file is remembered by
 * the least that a work cost which was estimated as cheap. So a file that is expensive however little is asked of it is
 * known as such, and one expensive URL doesn't spoil the other works on its file.
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
    // A work that is as expensive as it was estimated says nothing about its files.
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

/** A work that is under way. */
export interface ExpectedWork extends Payers {
  /** Whether the work was expected to be cheap when it began. */
  readonly seemedCheap: boolean;
  /** Whether it has used much processor time. */
  readonly isExpensive: boolean;
}

const memory = { halfLifeMs: 30_000, maxMs: 6000, maxNames: 4096 };

/** A client or file whose cost overruns took more than this lately is doubted, in milliseconds. */
const muchMs = 1000;

/** The clients and files whose works seemed cheap and were expensive. Their next works may be so as well. */
export class CostOverruns {
  readonly #clients = new UsedTime(memory);
  readonly #files = new UsedTime(memory);

  add({ party, files }: Payers, costMs: number): void {
    this.#clients.add(clientOf(party), costMs);
    for (const file of files) this.#files.add(file, costMs);
  }

  /** Whether the client or a file had overruns lately, or has one right now. */
  areLikely({ party, files }: Payers, running: Iterable<ExpectedWork>): boolean {
    if (this.#clients.of(clientOf(party)) > muchMs || files.some((file) => this.#files.of(file) > muchMs)) return true;
    for (const work of running) {
      if (!overruns(work)) continue;
      if (isOf(work, party) || files.some((file) => work.files.includes(file))) return true;
    }
    return false;
  }
}

/** Whether a work of the client overruns its expected cost right now. */
export function overrunsNow(party: Party, running: Iterable<ExpectedWork>): boolean {
  for (const work of running) if (overruns(work) && isOf(work, party)) return true;
  return false;
}

function overruns({ seemedCheap, isExpensive }: ExpectedWork): boolean {
  return seemedCheap && isExpensive;
}

function isOf(work: ExpectedWork, party: Party): boolean {
  return clientOf(work.party) === clientOf(party);
}

/**
 * The cost of a work, as far as it can be told before the work begins. A work is `expensive` when it is known to take
 * long. It is `doubtful` when it may well take long, because it is between both, its client or file has overrun lately,
 * or it is the server's own.
 */
export type WorkClass = "cheap" | "doubtful" | "expensive";

export interface TimedSlots {
  /** The number of works that run at once. */
  readonly slots: number;
  /** The number of further works that may run while works that take long hold slots. */
  readonly extraSlots: number;
}

export interface HeldSlots {
  readonly all: number;
  /** The number of works among them that take long. */
  readonly long: number;
  /** The number of works among these that were known to be expensive. */
  readonly expensive: number;
}

/**
 * Whether a work may begin. One slot is kept from expensive work. Cheap work may have all slots, and extra ones in
 * addition while works that take long hold some. Doubtful work may have the kept slot while there are extra slots to
 * replace it.
 */
export const mayBegin = {
  cheap: ({ all, long }, { slots, extraSlots }) => all - long < slots && all < slots + extraSlots,
  doubtful: ({ all, long }, bounds) => all < bounds.slots && (bounds.extraSlots > 0 || long < expensiveSlots(bounds)),
  expensive: ({ all, expensive }, bounds) => all < bounds.slots && expensive < expensiveSlots(bounds),
} as const satisfies Record<WorkClass, (held: HeldSlots, bounds: TimedSlots) => boolean>;

/** The number of slots that expensive work may take. */
export function expensiveSlots({ slots }: Pick<TimedSlots, "slots">): number {
  return Math.max(slots - 1, 1);
}
