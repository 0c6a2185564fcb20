import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { claimOwnerMark, makeOwnerMark, markedOwner, type OwnerMark } from "../../storage/owner-mark.ts";
import { errnoOf } from "../../storage/storage-error.ts";
import { endLeases } from "./sessions/lease-transactions.ts";

interface OwnerDeps {
  readonly database: Pick<Database, "run">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Names the leases of this process, and ends those of dead processes.
 *
 * The name of a lease begins with its owner. The owner's mark is a locked file in the data folder, whose lock the system
 * releases when the process ends, after its last write. So whoever gets the lock knows that the process is dead, and need
 * not wait for its leases to run out. Where a node has no mark of an owner, it can't tell: another machine's process may
 * live, and its leases run out by the database's clock.
 *
 * Ending a lease takes nothing from a process that lives after all, for example because the data folder is a copy of a
 * running node's: it renews its lease, unless a request for the same upload takes it over meanwhile.
 */
export class LeaseOwner {
  readonly #folder: string;
  readonly #deps: OwnerDeps;
  #mark: OwnerMark | undefined;
  #hasWarned = false;

  /** Nothing is written before the first lease. */
  constructor(deps: OwnerDeps, dataDir: string) {
    this.#deps = deps;
    this.#folder = join(dataDir, "leases");
  }

  /** A name for a new lease, which no other lease has. */
  newHolder(): string {
    const owner = this.#ownMark()?.owner;
    return owner === undefined ? randomUUID() : `${owner}-${randomUUID()}`;
  }

  /** Ends the leases of dead processes of this data folder. Never throws: leases run out by themselves. */
  async endLeasesOfTheDead(): Promise<void> {
    const dead: OwnerMark[] = [];
    try {
      for (const name of await readdir(this.#folder).catch(namesOfNone)) {
        const owner = markedOwner(name);
        const mark =
          owner === undefined || owner === this.#mark?.owner ? undefined : claimOwnerMark(this.#folder, owner);
        if (mark !== undefined) dead.push(mark);
      }
      if (dead.length === 0) return;
      const ended = await this.#deps.database.run(endLeases, {
        owners: dead.map(({ owner }) => owner),
        now: this.#deps.now(),
      });
      if (ended > 0) this.#deps.logger.info({ ended }, "resumable uploads of an ended process may go on");
      for (const mark of dead) await mark.remove();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, "resumable uploads of an ended process wait until their leases run out");
    } finally {
      for (const mark of dead) mark.release();
    }
  }

  /** Call this when no lease is taken any more. The mark stays: a lease that could not be given back ends by it. */
  close(): void {
    this.#mark?.release();
    this.#mark = undefined;
  }

  /** @returns undefined where the folder can't be written. The process's leases then run out by time alone */
  #ownMark(): OwnerMark | undefined {
    try {
      if (this.#mark === undefined) {
        mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
        this.#mark = makeOwnerMark(this.#folder);
      }
    } catch (error) {
      const text = "after a crash, resumable uploads would wait for up to 20 s: their owner can't be marked";
      if (!this.#hasWarned) this.#deps.logger.warn({ err: error, folder: this.#folder }, text);
      this.#hasWarned = true;
    }
    return this.#mark;
  }
}

function namesOfNone(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT") return [];
  throw error;
}
