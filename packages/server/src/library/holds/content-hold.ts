import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, type Database, DatabaseError } from "../../database/database.ts";
import {
  type Hold,
  type OtherHold,
  releaseHold,
  renewHold,
  takeHold,
} from "../../database/repositories/content-holds.ts";
import { assertAllNodesKnow, type OlderNode, restrictingFeatures } from "../../nodes/restricting-features.ts";
import { newId } from "../../text/id.ts";

export interface HoldDeps {
  readonly database: Pick<Database, "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The hold of a process that was killed ends after this time. */
const leaseMs = 60_000;
const renewMs = 10_000;
const lookMs = 1000;

/**
 * While somebody has the hold, no sweep deletes contents, on any node. One backup, or one erasure of an account, has it at
 * a time.
 */
export class ContentHold {
  readonly #deps: HoldDeps;
  readonly #holder: string;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewedAt = performance.now();

  /**
   * Takes the hold. It waits for the hold of a process that was killed, which ends within a minute.
   * @throws DatabaseError when somebody who lives has the hold, or a server lives that doesn't know holds; the signal's
   *   reason
   */
  static async take(deps: HoldDeps, signal: AbortSignal): Promise<ContentHold> {
    const holder = newId();
    for (let seenUntil: number | undefined; ; ) {
      signal.throwIfAborted();
      const other = await deps.database.run(takeContentHold, { holder, leaseMs, now: deps.now() });
      if (other === undefined) return new ContentHold(deps, holder);
      if ("olderNode" in other) {
        throw new DatabaseError(
          `A server of Sluice ${other.olderNode.version} uses this library, and its sweeps would delete contents meanwhile. End it first; if it was killed, wait a minute.`,
        );
      }
      seenUntil ??= other.heldUntil;
      if (other.heldUntil !== seenUntil) {
        const since = new Date(other.heldSince).toISOString();
        throw new DatabaseError(
          `A backup of this library, or the erasure of an account, has been running since ${since}.`,
        );
      }
      // An abort during this pause is reported at the next look, with the signal's own reason.
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private constructor(deps: HoldDeps, holder: string) {
    this.#deps = deps;
    this.#holder = holder;
    this.#timer = setInterval(() => void this.#renew(), renewMs).unref();
  }

  /** Aborted, with a DatabaseError, when others may have deleted contents. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** @throws DatabaseError when the hold was lost at any time */
  async assertHeld(): Promise<void> {
    await this.#renew();
    this.#lost.signal.throwIfAborted();
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // A hold that can't be released ends by itself.
    await this.#deps.database.run(releaseContentHold, { holder: this.#holder }).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const startedAt = performance.now();
    try {
      const input = { holder: this.#holder, leaseMs, now: this.#deps.now() };
      if (await this.#deps.database.run(renewContentHold, input)) this.#renewedAt = startedAt;
      else this.#lose();
    } catch {
      // The database may answer again before the lease ends.
      if (performance.now() - this.#renewedAt > leaseMs) this.#lose();
    }
  }

  #lose(): void {
    this.#lost.abort(new DatabaseError("The contents of the library could not be held. Run the command again."));
  }
}

/**
 * The sweep of a server that doesn't know holds would delete contents all the same.
 * @returns the hold of somebody else or such a server, or undefined if the hold was taken
 */
export async function takeContentHold(connection: Connection, input: Hold): Promise<OtherHold | OlderNode | undefined> {
  await assertAllNodesKnow(connection, restrictingFeatures.contentHolds, input.now);
  return takeHold(connection, input);
}

takeContentHold.makesRoom = true;

/** @returns false when the hold is lost */
export async function renewContentHold(connection: Connection, input: Hold): Promise<boolean> {
  return renewHold(connection, input);
}

renewContentHold.makesRoom = true;

export async function releaseContentHold(connection: Connection, input: { readonly holder: string }): Promise<void> {
  await releaseHold(connection, input.holder);
}

releaseContentHold.makesRoom = true;
