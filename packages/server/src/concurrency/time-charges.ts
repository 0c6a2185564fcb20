import type { Party } from "./fair-line.ts";
import { UsedTime, type UsedTimeOptions } from "./used-time.ts";

/** The account, the client and the files that pay for a work. */
export interface Payers {
  readonly party: Party;
  readonly files: readonly string[];
}

/** A work that is under way. */
export interface ChargedWork {
  readonly payers: Payers;
  readonly began: number;
  /** The time that the work was expected to take. It counts from the beginning. */
  readonly expectedMs: number;
}

/**
 * An account's time is forgotten soon. It only serves to share the places among accounts, and an account whose visitors
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
 * expected to take if that is more. So one client doesn't get several places at once because they became free at once.
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
    const { party, files } = work.payers;
    this.#accounts.add(party.account, costMs);
    this.#clients.add(clientOf(party), costMs);
    for (const file of files) this.#files.add(file, costMs);
  }

  /** The time that an account has used lately, in milliseconds. */
  ofAccount(account: string, now = performance.now()): number {
    return this.#accounts.of(account, now) + this.#live(now, ({ payers }) => payers.party.account === account);
  }

  /** The time that a client has used lately, in milliseconds. */
  ofClient(party: Party, now = performance.now()): number {
    const client = clientOf(party);
    return this.#clients.of(client, now) + this.#live(now, ({ payers }) => clientOf(payers.party) === client);
  }

  /** The time that the client has used lately, or one of the files if that has used more, in milliseconds. */
  ofWork({ party, files }: Payers, now = performance.now()): number {
    let most = this.ofClient(party, now);
    for (const file of files) {
      most = Math.max(most, this.#files.of(file, now) + this.#live(now, ({ payers }) => payers.files.includes(file)));
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
