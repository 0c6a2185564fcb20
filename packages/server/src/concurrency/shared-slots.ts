/**
 * The priority of the connection that holds a slot. A holder that has been `idle` for a while is the first to give way
 * to a newcomer. Before that, or while it is `active`, it gives way where that makes the shares of networks more equal.
 * A holder that is `authenticated` never gives way.
 */
export type ConnectionPriority = "idle" | "active" | "authenticated";

/** The slots that one network's holders have. */
interface Share<Holder> {
  count: number;
  /** The holder that has been idle for longest comes first. */
  readonly idle: Set<Holder>;
  readonly active: Set<Holder>;
}

interface Entry<Holder> {
  readonly network: string;
  readonly share: Share<Holder>;
  priority: ConnectionPriority;
  /** The time at which this priority began, by performance.now(). */
  since: number;
}

/** A new holder has this much time to show what its slot is for. */
const newMs = 2000;

/**
 * A number of slots that networks share. When all are taken, a newcomer gets a slot of the network that has the most.
 * However many slots a few addresses ask for, the others get theirs, and an address that is alone may have them all.
 */
export class SharedSlots<Holder> {
  readonly #max: number;
  readonly #entries = new Map<Holder, Entry<Holder>>();
  readonly #shares = new Map<string, Share<Holder>>();
  /** The idle holders of all networks. The one that has been idle for longest comes first. */
  readonly #idle = new Set<Holder>();

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#entries.size;
  }

  /**
   * Takes a slot for a holder, which is idle at first.
   * @param network as `clientNetwork` names it
   * @returns the holder that has lost its slot: another one, the newcomer itself where no holder gives way, or
   *   undefined when a slot was free
   */
  take(holder: Holder, network: string): Holder | undefined {
    const displaced = this.taken < this.#max ? undefined : (this.#displacedBy(network) ?? holder);
    if (displaced === holder) return holder;
    if (displaced !== undefined) this.release(displaced);
    const share = this.#shares.get(network) ?? { count: 0, idle: new Set(), active: new Set() };
    this.#shares.set(network, share);
    share.count++;
    share.idle.add(holder);
    this.#idle.add(holder);
    this.#entries.set(holder, { network, share, priority: "idle", since: performance.now() });
    return displaced;
  }

  /** Does nothing for a holder that has no slot, or has lost it. */
  release(holder: Holder): void {
    const entry = this.#entries.get(holder);
    if (entry === undefined) return;
    const { network, share } = entry;
    this.#entries.delete(holder);
    this.#idle.delete(holder);
    share.idle.delete(holder);
    share.active.delete(holder);
    if (--share.count === 0) this.#shares.delete(network);
  }

  /** Changes a holder's priority. Does nothing for a holder that has no slot, or has lost it. */
  rank(holder: Holder, priority: ConnectionPriority): void {
    const entry = this.#entries.get(holder);
    if (entry === undefined || entry.priority === priority) return;
    const { share } = entry;
    if (entry.priority === "idle") this.#idle.delete(holder);
    if (entry.priority !== "authenticated") share[entry.priority].delete(holder);
    if (priority === "idle") this.#idle.add(holder);
    if (priority !== "authenticated") share[priority].add(holder);
    entry.priority = priority;
    entry.since = performance.now();
  }

  /** @returns undefined when no holder has to give way to one more of this network */
  #displacedBy(network: string): Holder | undefined {
    const own = this.#shares.get(network);
    const count = (own?.count ?? 0) + 1;
    const anyRests = this.#rests(this.#idle);
    let resting: Share<Holder> | undefined;
    let heavy: Share<Holder> | undefined;
    let idle: Share<Holder> | undefined;
    for (const share of this.#shares.values()) {
      const mayGiveWay = share === own || share.count >= count;
      if (mayGiveWay && anyRests && isLarger(share, resting) && this.#rests(share.idle)) resting = share;
      if (mayGiveWay && isLarger(share, idle) && share.idle.size > 0) idle = share;
      if (share.count > count && isLarger(share, heavy) && share.idle.size + share.active.size > 0) heavy = share;
    }
    const [displaced] =
      resting?.idle ?? (heavy && (heavy.idle.size > 0 ? heavy.idle : heavy.active)) ?? idle?.idle ?? [];
    return displaced;
  }

  /** Whether the first of these holders has been idle for a while. */
  #rests(idle: ReadonlySet<Holder>): boolean {
    const [longest] = idle;
    const entry = longest === undefined ? undefined : this.#entries.get(longest);
    return entry !== undefined && performance.now() - entry.since >= newMs;
  }
}

function isLarger(one: { readonly count: number }, other: { readonly count: number } | undefined): boolean {
  return other === undefined || one.count > other.count;
}
