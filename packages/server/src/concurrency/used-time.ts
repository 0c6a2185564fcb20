import type { Party } from "./fair-line.ts";

export interface UsedTimeOptions {
  /** Half of a time is forgotten after this long. */
  readonly halfLifeMs: number;
  /** No name has more time than this, so it is forgotten in a bounded time as well. */
  readonly maxMs: number;
  /** The number of names that are remembered. */
  readonly maxNames: number;
}

/**
 * The time that each name has used lately. Names come from anybody, so a bounded number is remembered. The names with
 * least time are forgotten first: while a machine has few slots, only few names can have much time. What a name loses
 * when it is forgotten is at most the time that all names have, divided by half the number of names.
 */
export class UsedTime {
  readonly #options: UsedTimeOptions;
  readonly #entries = new Map<string, { readonly ms: number; readonly at: number }>();

  constructor(options: UsedTimeOptions) {
    this.#options = options;
  }

  /** The number of names that are remembered now. */
  get size(): number {
    return this.#entries.size;
  }

  /** The time that the name has used lately, in milliseconds. */
  of(name: string, now = performance.now()): number {
    const entry = this.#entries.get(name);
    return entry === undefined ? 0 : entry.ms * 0.5 ** ((now - entry.at) / this.#options.halfLifeMs);
  }

  add(name: string, ms: number): void {
    const now = performance.now();
    this.#entries.set(name, { ms: Math.min(this.of(name, now) + ms, this.#options.maxMs), at: now });
    if (this.#entries.size > this.#options.maxNames) this.#forgetLeast();
  }

  #forgetLeast(): void {
    const now = performance.now();
    const names = Array.from(this.#entries.keys(), (name) => ({ name, ms: this.of(name, now) }));
    names.sort((one, other) => other.ms - one.ms);
    for (const { name } of names.slice(Math.ceil(this.#options.maxNames / 2))) this.#entries.delete(name);
  }
}

/** The account, the client and the files that pay for a work. */
export interface Payers {
  readonly party: Party;
  readonly files: readonly string[];
}

/** A work that is under way. */
export interface ChargedWork extends Payers {
  readonly began: number;
  /** The time that the work was expected to take. It counts from the beginning. */
  readonly expectedMs: number;
}

/**
 * An account's time is forgotten soon. It only serves to share the slots among accounts, and an account whose visitors
 * had the server for themselves must not wait long for those of another.
 */
const memory = {
  account: { halfLifeMs: 5000, maxMs: 5000, maxNames: 1024 },
  client: { halfLifeMs: 30_000, maxMs: 6000, maxNames: 4096 },
  file: { halfLifeMs: 30_000, maxMs: 6000, maxNames: 4096 },
} as const satisfies Record<string, UsedTimeOptions>;

/** The time that was used lately, in milliseconds. Work that is under way counts. */
export type UsedLately = Pick<TimeCharges, "ofAccount" | "ofClient" | "ofWork">;

/**
 * Charges works to accounts, clients and files. A work that is under way counts with the time that it has taken, or is
 * expected to take if that is more. So one client doesn't get several slots at once because they became free at once.
 */
export class TimeCharges<Work extends ChargedWork = ChargedWork> {
  readonly #accounts = new UsedTime(memory.account);
  readonly #clients = new UsedTime(memory.client);
  readonly #files = new UsedTime(memory.file);
  readonly #running = new Set<Work>();

  /** The works that are under way. The latest one is the last. */
  get running(): ReadonlySet<Work> {
    return this.#running;
  }

  begin(work: Work): void {
    this.#running.add(work);
  }

  end(work: Work, costMs: number): void {
    this.#running.delete(work);
    const { party, files } = work;
    this.#accounts.add(party.account, costMs);
    this.#clients.add(clientOf(party), costMs);
    for (const file of files) this.#files.add(file, costMs);
  }

  /** The time that an account has used lately, in milliseconds. */
  ofAccount(account: string, now = performance.now()): number {
    return this.#accounts.of(account, now) + this.#live(now, ({ party }) => party.account === account);
  }

  /** The time that a client has used lately, in milliseconds. */
  ofClient(one: Party, now = performance.now()): number {
    const client = clientOf(one);
    return this.#clients.of(client, now) + this.#live(now, ({ party }) => clientOf(party) === client);
  }

  /** The time that the client has used lately, or one of the files if that has used more, in milliseconds. */
  ofWork({ party, files }: Payers, now = performance.now()): number {
    let most = this.ofClient(party, now);
    for (const file of files) {
      most = Math.max(most, this.#files.of(file, now) + this.#live(now, (work) => work.files.includes(file)));
    }
    return most;
  }

  #live(now: number, isOf: (work: Work) => boolean): number {
    let ms = 0;
    for (const work of this.#running) if (isOf(work)) ms += Math.max(now - work.began, work.expectedMs);
    return ms;
  }
}

/** A network is the same client in all accounts. A client without a network is whoever has the account's keys. */
export function clientOf({ account, client }: Party): string {
  return client === "" ? `account ${account}` : client;
}
