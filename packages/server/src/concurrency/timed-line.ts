import { displaced, serverParty } from "./fair-line.ts";
import type { Payers, UsedLately } from "./used-time.ts";
import { cheapMs } from "./work-costs.ts";

/** A work that waits in a line. */
export interface WaitingWork extends Payers {
  /** The time that the work may take as far as is known, in milliseconds. */
  readonly expectedMs: number;
  /** The time from which the work has waited, by performance.now(). */
  readonly since: number;
}

/** Whether the work is the server's own, and not a visitor's. */
export function isServers({ party }: WaitingWork): boolean {
  return party.account === serverParty.account;
}

/**
 * This part of the time for which a cheap work has waited is taken off what its client and its files have used. An
 * expensive work is owed less: it is others that would wait for it.
 */
const patienceShare = 0.2;

/** While visitors wait, one work of the server itself begins in this time. */
const serverEveryMs = 5000;

/**
 * The order of a queue that serves by time used. The account that has used least is next, and of its works the one whose
 * client and files have used least, with the time that the work may take itself. A work that waits is owed more and
 * more, so that none waits for ever behind clients that have used nothing. Some works come after others for a while:
 * long works after short ones, for as long as they take themselves, and works of the server itself after those of
 * visitors.
 */
export class TimedLine<Work extends WaitingWork> {
  readonly #used: UsedLately;
  /** The works, in the order in which they came. */
  readonly #works = new Set<Work>();
  #serverBegan = Number.NEGATIVE_INFINITY;

  constructor(used: UsedLately) {
    this.#used = used;
  }

  get size(): number {
    return this.#works.size;
  }

  [Symbol.iterator](): Iterator<Work> {
    return this.#works.values();
  }

  join(work: Work): void {
    this.#works.add(work);
  }

  /** @returns whether the work was in the line */
  leave(work: Work): boolean {
    return this.#works.delete(work);
  }

  /**
   * Takes out the work that is next.
   * @param may whether a work may begin now; one that may not is passed over
   */
  next(may: (work: Work) => boolean): Work | undefined {
    const now = performance.now();
    const works = [...this.#works].filter(may);
    const servers = works.filter(isServers);
    const visitors = works.filter((work) => !isServers(work));
    const isServersTurn =
      visitors.length === 0 || servers.some(({ since }) => now - Math.max(since, this.#serverBegan) >= serverEveryMs);
    const next = isServersTurn ? this.#leastOwing(servers, now) : this.#nextVisitor(visitors, now);
    if (next === undefined) return undefined;
    this.#works.delete(next);
    if (isServersTurn) this.#serverBegan = now;
    return next;
  }

  /**
   * The work that gives its place in a full line to the newcomer: one of the server itself, or of a party that uses more
   * time.
   * @returns undefined where none does
   */
  displacedBy(newcomer: WaitingWork): Work | undefined {
    if (isServers(newcomer)) return undefined;
    const works = [...this.#works];
    const servers = works.filter(isServers);
    if (servers.length > 0) return servers.reduce((one, other) => (other.expectedMs >= one.expectedMs ? other : one));
    return displaced(demandOf(newcomer), works.map(demandOf), this.#used, cheapMs)?.work;
  }

  #nextVisitor(works: readonly Work[], now: number): Work | undefined {
    const long = works.filter(({ expectedMs }) => expectedMs > cheapMs);
    const short = works.filter(({ expectedMs }) => expectedMs <= cheapMs);
    const isLongsTurn = short.length === 0 || long.some(({ since, expectedMs }) => now - since >= expectedMs);
    const accounts = Map.groupBy(isLongsTurn ? long : short, ({ party }) => party.account);
    const [, own = []] = leastBy([...accounts], ([account]) => this.#used.ofAccount(account, now)) ?? [];
    return this.#leastOwing(own, now);
  }

  /** The work before which the least time has been used. */
  #leastOwing(works: readonly Work[], now: number): Work | undefined {
    return leastBy(works, (work) => {
      const { expectedMs, since } = work;
      const owed = (patienceShare * (now - since) * cheapMs) / Math.max(cheapMs, expectedMs);
      return this.#used.ofWork(work, now) + expectedMs - owed;
    });
  }
}

function demandOf<Work extends WaitingWork>(work: Work) {
  return { ...work.party, cost: work.expectedMs, work };
}

/** The first of the items for which the number is least. */
function leastBy<Item>(items: readonly Item[], numberOf: (item: Item) => number): Item | undefined {
  let least: { readonly item: Item; readonly number: number } | undefined;
  for (const item of items) {
    const number = numberOf(item);
    if (least === undefined || number < least.number) least = { item, number };
  }
  return least?.item;
}
