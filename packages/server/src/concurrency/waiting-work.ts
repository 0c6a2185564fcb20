import { serverParty } from "./fair-line.ts";
import type { Payers } from "./time-charges.ts";

/** A work that waits in a line. */
export interface WaitingWork {
  readonly payers: Payers;
  /** The time that the work may take as far as is known, in milliseconds. */
  readonly expectedMs: number;
  /** The time from which the work has waited, by performance.now(). */
  readonly since: number;
}

/** Whether the work is the server's own, and not a visitor's. */
export function isServers({ payers }: WaitingWork): boolean {
  return payers.party.account === serverParty.account;
}
