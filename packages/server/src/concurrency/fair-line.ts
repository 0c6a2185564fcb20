/** The party for which something is done. The clients of one account share what the account gets. */
export interface Party<Client = string> {
  readonly account: string;
  /** A network as `clientNetwork` names it, unless the line distinguishes its clients in another way. */
  readonly client: Client;
}

/** The server itself as a party, for jobs and uploads. */
export const serverParty: Party = Object.freeze({ account: "", client: "" });

/** All clients of an account as one party: they all have its private key. */
export function accountParty(account: string): Party {
  return { account, client: "" };
}

/**
 * The waiting line of works that cost about the same. Accounts take turns, and so do the clients of an account when it is its turn: a client that
 * brings hundreds of items waits only for itself. An item that leaves is removed from the line at once. Items wait with
 * `waitForTurn`.
 */
export class FairLine<T, Client = string> {
  /** Accounts, and the clients of each, in the order of their turns. A client without items is not kept. */
  readonly #accounts = new Map<string, Map<Client, Set<T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The items in the line, party by party. */
  *[Symbol.iterator](): Iterator<T> {
    for (const clients of this.#accounts.values()) for (const items of clients.values()) yield* items;
  }

  /** A party's items in the line, in their order. */
  of({ account, client }: Party<Client>): Iterable<T> {
    return this.#accounts.get(account)?.get(client) ?? [];
  }

  join({ account, client }: Party<Client>, item: T): void {
    const clients = getOrSet(this.#accounts, account, () => new Map<Client, Set<T>>());
    getOrSet(clients, client, () => new Set<T>()).add(item);
    this.#size += 1;
  }

  /** @returns whether the item was in the line */
  leave({ account, client }: Party<Client>, item: T): boolean {
    const clients = this.#accounts.get(account);
    const items = clients?.get(client);
    if (clients === undefined || items === undefined || !items.delete(item)) return false;
    this.#size -= 1;
    if (items.size === 0) clients.delete(client);
    if (clients.size === 0) this.#accounts.delete(account);
    return true;
  }

  /**
   * Takes out the item whose turn it is.
   * @param may whether a party may have its turn now, given the first item that it has in the line; a party that may
   *   not is passed over
   */
  next(may?: (party: Party<Client>, first: T) => boolean): T | undefined {
    for (const [account, clients] of this.#accounts) {
      for (const [client, items] of clients) {
        for (const item of items) {
          if (may !== undefined && !may({ account, client }, item)) break;
          this.leave({ account, client }, item);
          moveBack(clients, client, items);
          moveBack(this.#accounts, account, clients);
          return item;
        }
      }
    }
    return undefined;
  }

  /**
   * Takes out the last item of a party that has so many in the line that a newcomer's item counts for more.
   * @returns undefined where the newcomer's own share is as large
   */
  displaceFor({ account, client }: Party<Client>): T | undefined {
    const own = this.#accounts.get(account);
    const [largest, clients] = largestOf(this.#accounts, countAll) ?? [];
    if (largest === undefined || clients === undefined) return undefined;
    if (largest !== account && countAll(own) + 1 < countAll(clients)) return this.#takeLast(largest, clients);
    const [owner, items] = largestOf(own, ({ size }) => size) ?? [];
    const has = own?.get(client)?.size ?? 0;
    if (own === undefined || owner === undefined || owner === client || has + 1 >= (items?.size ?? 0)) return undefined;
    return this.#takeLast(account, own);
  }

  #takeLast(account: string, clients: ReadonlyMap<Client, ReadonlySet<T>>): T | undefined {
    const [client, items] = largestOf(clients, ({ size }) => size) ?? [];
    if (client === undefined || items === undefined) return undefined;
    const last = [...items].at(-1);
    if (last !== undefined) this.leave({ account, client }, last);
    return last;
  }
}

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function moveBack<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.delete(key)) map.set(key, value);
}

function countAll(clients: ReadonlyMap<unknown, ReadonlySet<unknown>> | undefined): number {
  return [...(clients?.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
}

function largestOf<Key, Value>(
  map: ReadonlyMap<Key, Value> | undefined,
  sizeOf: (value: Value) => number,
): readonly [Key, Value] | undefined {
  let largest: readonly [Key, Value] | undefined;
  for (const entry of map ?? []) {
    if (largest === undefined || sizeOf(entry[1]) > sizeOf(largest[1])) largest = entry;
  }
  return largest;
}
