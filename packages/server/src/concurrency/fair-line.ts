/** For whom something is done. Those of one account share what the account gets. */
export interface Party {
  readonly account: string;
  /** A network, as `clientNetwork` tells it. */
  readonly client: string;
}

/** Of the server itself: jobs, uploads. */
export const serverParty: Party = Object.freeze({ account: "", client: "" });

/**
 * A line in which accounts take turns, and the clients of an account when it is its turn: whoever brings hundreds waits
 * for himself. Whoever leaves is gone from it at once.
 */
export class FairLine<T> {
  /** Each in the order of their turns; nobody is in there with nothing. */
  readonly #accounts = new Map<string, Map<string, Set<T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  join({ account, client }: Party, item: T): void {
    const clients = getOrSet(this.#accounts, account, () => new Map<string, Set<T>>());
    getOrSet(clients, client, () => new Set<T>()).add(item);
    this.#size += 1;
  }

  /** @returns whether it was in the line */
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
   * Takes out whose turn it is.
   * @param may whether a party may have its turn now; a party that may not is passed over
   */
  next(may?: (party: Party) => boolean): T | undefined {
    for (const [account, clients] of this.#accounts) {
      for (const [client, items] of clients) {
        if (may !== undefined && !may({ account, client })) continue;
        for (const item of items) {
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
   * Takes out the last of whoever has so many in the line that somebody else's is worth more.
   * @returns undefined where the newcomer's own share is as large
   */
  displaceFor({ account, client }: Party): T | undefined {
    const own = this.#accounts.get(account);
    const [largest, clients] = largestOf(this.#accounts, countAll) ?? [];
    if (largest === undefined || clients === undefined) return undefined;
    if (largest !== account && countAll(own) + 1 < countAll(clients)) return this.#takeLast(largest, clients);
    const [owner, items] = largestOf(own, ({ size }) => size) ?? [];
    const has = own?.get(client)?.size ?? 0;
    if (own === undefined || owner === undefined || owner === client || has + 1 >= (items?.size ?? 0)) return undefined;
    return this.#takeLast(account, own);
  }

  #takeLast(account: string, clients: ReadonlyMap<string, ReadonlySet<T>>): T | undefined {
    const [client, items] = largestOf(clients, ({ size }) => size) ?? [];
    if (client === undefined || items === undefined) return undefined;
    const last = [...items].at(-1);
    if (last !== undefined) this.leave({ account, client }, last);
    return last;
  }
}

function getOrSet<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function moveBack<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.delete(key)) map.set(key, value);
}

function countAll(clients: ReadonlyMap<string, ReadonlySet<unknown>> | undefined): number {
  return [...(clients?.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
}

function largestOf<Value>(
  map: ReadonlyMap<string, Value> | undefined,
  sizeOf: (value: Value) => number,
): readonly [string, Value] | undefined {
  let largest: readonly [string, Value] | undefined;
  for (const entry of map ?? []) {
    if (largest === undefined || sizeOf(entry[1]) > sizeOf(largest[1])) largest = entry;
  }
  return largest;
}
