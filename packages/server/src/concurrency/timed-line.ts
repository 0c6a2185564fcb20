import { displacedWork } from "./displaced-work.ts";
import { cheapMs } from "./known-costs.ts";
import type { UsedLately } from "./time-charges.ts";
import { isServers, type WaitingWork } from "./waiting-work.ts";

/**
 * This part of the time for which a cheap work has waited is taken off what its client and its files have used. A dear
 * work is owed less: it is others that would wait for it.
 */
const patienceShare = 0.2;

/** While visitors wait, one work of the server itself begins in this time. */
const serverEveryMs = 5000;

/**
 * A waiting line that gives turns by time used. The account that has used least is next, and of its works the one whose
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
   * Takes out the work whose turn it is.
   * @param may whether a work may have its turn now; one that may not is passed over
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

  /** The work that gives its place in a full line to the newcomer; undefined where none does. */
  displacedBy(newcomer: WaitingWork): Work | undefined {
    return displacedWork(newcomer, this.#works, this.#used);
  }

  #nextVisitor(works: readonly Work[], now: number): Work | undefined {
    const long = works.filter(({ expectedMs }) => expectedMs > cheapMs);
    const short = works.filter(({ expectedMs }) => expectedMs <= cheapMs);
    const isLongsTurn = short.length === 0 || long.some(({ since, expectedMs }) => now - since >= expectedMs);
    const accounts = Map.groupBy(isLongsTurn ? long : short, ({ payers }) => payers.party.account);
    const [, own = []] = leastBy([...accounts], ([account]) => this.#used.ofAccount(account, now)) ?? [];
    return this.#leastOwing(own, now);
  }

  /** The work before which the least time has been used. */
  #leastOwing(works: readonly Work[], now: number): Work | undefined {
    return leastBy(works, ({ payers, expectedMs, since }) => {
      const owed = (patienceShare * (now - since) * cheapMs) / Math.max(cheapMs, expectedMs);
      return this.#used.ofWork(payers, now) + expectedMs - owed;
    });
  }
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
