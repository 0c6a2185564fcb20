import type { RefusalKind } from "@sluice/protocol/schemas";

/** A request that was refused, as its account is told. It is plain data, so that processes can hand it on. */
export interface Refusal {
  /** The time in Unix milliseconds. */
  readonly at: number;
  readonly requestId: string;
  readonly kind: RefusalKind;
  /** The id of the operation that was asked for; null for a path that has none. */
  readonly operation: string | null;
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly help: string | null;
  /** The parameter that the refusal names. */
  readonly parameter: string | null;
  /**
   * Whether the request had proved that it speaks for the account: by a private key, a session, or a token whose
   * signature holds. Anybody can send any other request.
   */
  readonly isProven: boolean;
}

/** The refusals of one account that the processes of one machine remember. */
export interface RememberedRefusals {
  /** The newest first. */
  readonly refusals: readonly Refusal[];
  /** A name for the machine's server, made at its start. */
  readonly node: string;
  /** The number of processes that have answered. */
  readonly processes: number;
  /** The number of processes that have not answered in time. */
  readonly silent: number;
}

/** The place where refusals are put down and looked up. */
export interface RefusalBook {
  add(accountId: string, refusal: Refusal): void;
  /** Asks all processes of this machine. */
  of(accountId: string): Promise<RememberedRefusals>;
}
