/**
 * What a slot is held for. A holder that is `idle` gives way to a newcomer first. One that is `active` gives way where
 * that makes the shares of networks more equal. One that is `vouched` for gives way to nobody.
 */
export type Standing = "idle" | "active" | "vouched";

/** What the holders of one network have. */
interface Share<Holder> {
  count: number;
  /** Whoever has been idle for longest is first. */
  readonly idle: Set<Holder>;
  readonly active: Set<Holder>;
}

interface Entry<Holder> {
  readonly network: string;
  readonly share: Share<Holder>;
  standing: Standing;
}

const ranks = { idle: 0, active: 1, vouched: 2 } as const satisfies Record<Standing, number>;

/**
 * A number of slots that networks share. When all are taken, a newcomer gets the slot of the network that has most: however
 * many a few addresses ask for, the others get theirs, and an address that is alone may have them all.
 */
export class SharedSlots<Holder> {
  readonly #most: number;
  readonly #entries = new Map<Holder, Entry<Holder>>();
  readonly #shares = new Map<string, Share<Holder>>();

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#entries.size;
  }

  /**
   * Takes a slot for a holder that is idle at first.
   * @param network as `clientNetwork` tells it
   * @returns who has lost its slot by it: another one, the newcomer itself where nobody gives way, or nobody
   */
  take(holder: Holder, network: string): Holder | undefined {
    const displaced = this.taken < this.#most ? undefined : (this.#displacedBy(network) ?? holder);
    if (displaced === holder) return holder;
    if (displaced !== undefined) this.release(displaced);
    const share = this.#shares.get(network) ?? { count: 0, idle: new Set(), active: new Set() };
    this.#shares.set(network, share);
    share.count++;
    share.idle.add(holder);
    this.#entries.set(holder, { network, share, standing: "idle" });
    return displaced;
  }

  /** Does nothing for one that has no slot, or none any more. */
  release(holder: Holder): void {
    const entry = this.#entries.get(holder);
    if (entry === undefined) return;
    const { network, share } = entry;
    this.#entries.delete(holder);
    share.idle.delete(holder);
    share.active.delete(holder);
    if (--share.count === 0) this.#shares.delete(network);
  }

  /** Never lowers it: what a slot is held for may be more than one thing. */
  raise(holder: Holder, standing: Standing): void {
    const entry = this.#entries.get(holder);
    if (entry !== undefined && ranks[standing] > ranks[entry.standing]) stand(holder, entry, standing);
  }

  /** The slot is held for nothing now. */
  rest(holder: Holder): void {
    const entry = this.#entries.get(holder);
    if (entry !== undefined && entry.standing !== "idle") stand(holder, entry, "idle");
  }

  /** @returns undefined when nobody has to give way to one more of this network */
  #displacedBy(network: string): Holder | undefined {
    const own = this.#shares.get(network);
    const count = (own?.count ?? 0) + 1;
    let withIdle: Share<Holder> | undefined;
    let withActive: Share<Holder> | undefined;
    for (const share of this.#shares.values()) {
      if (share.idle.size > 0 && (share === own || share.count >= count)) withIdle = larger(withIdle, share);
      if (share.active.size > 0 && share.count > count) withActive = larger(withActive, share);
    }
    const [displaced] = withIdle?.idle ?? withActive?.active ?? [];
    return displaced;
  }
}

function stand<Holder>(holder: Holder, entry: Entry<Holder>, standing: Standing): void {
  const { share } = entry;
  if (entry.standing !== "vouched") share[entry.standing].delete(holder);
  if (standing !== "vouched") share[standing].add(holder);
  entry.standing = standing;
}

function larger<Of extends { readonly count: number }>(one: Of | undefined, other: Of): Of {
  return one === undefined || other.count > one.count ? other : one;
}
