/** The party for which something is done. The clients of one account share what the account gets. */
export interface Party {
  readonly account: string;
  /** A network as `clientNetwork` names it, unless the queue distinguishes its clients in another way. */
  readonly client: string;
}

/** The server itself as a party, for jobs and uploads. */
export const serverParty: Party = Object.freeze({ account: "", client: "" });

/** All clients of an account as one party: they all have its private key. */
export function accountParty(account: string): Party {
  return { account, client: "" };
}

/**
 * The order of a queue whose works cost about the same. Accounts are served in turn, and so are the clients of an
 * account: a client that brings hundreds of items waits only for itself. An item that leaves is removed at once. Items
 * wait with `waitForSlot`.
 */
export class FairLine<T> {
  /** Accounts, and the clients of each, in the order in which they are served. A client without items is not kept. */
  readonly #accounts = new Map<string, Map<string, Set<T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The parties in the line, with the items of each. */
  *[Symbol.iterator](): Generator<readonly [Party, ReadonlySet<T>]> {
    for (const [account, clients] of this.#accounts) {
      for (const [client, items] of clients) yield [{ account, client }, items];
    }
  }

  has({ account, client }: Party): boolean {
    return this.#accounts.get(account)?.has(client) === true;
  }

  join({ account, client }: Party, item: T): void {
    const clients = getOrSet(this.#accounts, account, () => new Map<string, Set<T>>());
    getOrSet(clients, client, () => new Set<T>()).add(item);
    this.#size += 1;
  }

  /** @returns whether the item was in the line */
  leave({ account, client }: Party, item: T): boolean {
    const clients = this.#accounts.get(account);
    const items = clients?.get(client);
    if (clients === undefined || items === undefined || !items.delete(item)) return false;
    this.#size -= 1;
    if (items.size === 0) clients.delete(client);
    if (clients.size === 0) this.#accounts.delete(account);
    return true;
  }

  /**
   * Takes out the item that is next.
   * @param may whether a party may be served now, given the first item that it has in the line; a party that may not is
   *   passed over
   */
  next(may?: (party: Party, first: T) => boolean): T | undefined {
    for (const [party, items] of this) {
      const [first] = items;
      if (first === undefined || may?.(party, first) === false) continue;
      this.leave(party, first);
      moveBack(this.#accounts.get(party.account), party.client);
      moveBack(this.#accounts, party.account);
      return first;
    }
    return undefined;
  }

  /**
   * Takes out the last item of a party that has so many in the line that a newcomer's item counts for more.
   * @returns undefined where the newcomer's own share is as large
   */
  displaceFor(party: Party): T | undefined {
    const waiting = [...this].flatMap(([{ account, client }, items]) =>
      Array.from(items, (item) => ({ account, client, item, cost: 1 })),
    );
    const entry = displaced({ ...party, cost: 1 }, waiting);
    if (entry !== undefined) this.leave(entry, entry.item);
    return entry?.item;
  }
}

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function moveBack<Key, Value>(map: Map<Key, Value> | undefined, key: Key): void {
  const value = map?.get(key);
  if (value !== undefined && map?.delete(key)) map.set(key, value);
}

/** An item in a queue, and what it asks for: the time that a work may take, or 1 where works cost about the same. */
export interface Demand {
  readonly account: string;
  readonly client: string;
  readonly cost: number;
}

/** What accounts and clients have had lately, in the unit of costs. */
export interface UsedBefore {
  ofAccount(account: string): number;
  ofClient(party: { readonly account: string; readonly client: string }): number;
}

const nothing: UsedBefore = { ofAccount: () => 0, ofClient: () => 0 };

/** Accounts are compared first, and the clients of an account then. */
const levels = [
  { nameOf: ({ account }) => account, usedBy: (used, { account }) => used.ofAccount(account) },
  { nameOf: ({ client }) => client, usedBy: (used, one) => used.ofClient(one) },
] as const satisfies readonly {
  /** The name of the group to which an item belongs. */
  readonly nameOf: (one: Demand) => string;
  /** What the group has had lately. */
  readonly usedBy: (used: UsedBefore, one: Demand) => number;
}[];

/**
 * Finds the item that gives its place in a full queue to a newcomer. It is of the account or the client that has had,
 * and waits for, more than the newcomer's does with the new item. The most expensive one goes, and the latest of those.
 * @param margin the difference between two parties that isn't worth it
 * @returns undefined where none gives way
 */
export function displaced<Item extends Demand>(
  newcomer: Demand,
  waiting: readonly Item[],
  used = nothing,
  margin = 0,
): Item | undefined {
  let among = waiting;
  let givesWay = false;
  for (const { nameOf, usedBy } of levels) {
    const demandOf = (items: readonly Demand[]): number => {
      const [first] = items;
      return first === undefined ? 0 : usedBy(used, first) + items.reduce((sum, { cost }) => sum + cost, 0);
    };
    const groups = Map.groupBy(among, nameOf);
    const own = groups.get(nameOf(newcomer)) ?? [];
    const [first = { items: own, demand: 0 }, ...others] = Array.from(groups.values(), (items) => ({
      items,
      demand: demandOf(items),
    }));
    const heaviest = others.reduce((one, other) => (other.demand > one.demand ? other : one), first);
    givesWay ||= heaviest.items !== own && demandOf([...own, newcomer]) + margin < heaviest.demand;
    among = givesWay ? heaviest.items : own;
  }
  return givesWay ? among.reduce((one, other) => (other.cost >= one.cost ? other : one)) : undefined;
}
