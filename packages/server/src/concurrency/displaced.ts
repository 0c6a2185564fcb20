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
    const [first = own, ...others] = groups.values();
    const heaviest = others.reduce((one, other) => (demandOf(other) > demandOf(one) ? other : one), first);
    givesWay ||= heaviest !== own && demandOf([...own, newcomer]) + margin < demandOf(heaviest);
    among = givesWay ? heaviest : own;
  }
  return givesWay ? among.reduce((one, other) => (other.cost >= one.cost ? other : one)) : undefined;
}
