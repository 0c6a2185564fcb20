import { listExpiredSessions, listSessionsToClear } from "../database/repositories/ended-sessions.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import { discardSession } from "../upload/resumable/end-session.ts";
import { endedSessionOf } from "../upload/resumable/sessions/session.ts";
import { findOrphanedPieces } from "./find-orphaned-pieces.ts";
import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

const pageSize = 500;

export interface SweptSessions {
  /** Resumable uploads that were not ended in time. */
  readonly expiredSessions: number;
  /** Bytes of resumable uploads that belonged to no session. */
  readonly orphanedPieces: number;
}

export interface SessionSweepOptions {
  readonly progress?: Progress;
  /** Called for each upload that was not ended in time. */
  readonly onExpired?: () => void;
}

type SessionServices = Pick<MaintenanceNeeds, "blobs" | "database" | "now">;

/**
 * Ends resumable uploads that have expired, and removes what ended ones have left. A session's row goes after its bytes,
 * so that a sweep that breaks off is gone on with by the next one. Bytes that can't be discarded don't keep it from the
 * others.
 * @throws the first failure to discard bytes, when all have been tried; any other failure at once
 */
export async function sweepSessions(
  services: SessionServices,
  signal: AbortSignal,
  { progress = noProgress, onExpired }: SessionSweepOptions = {},
): Promise<SweptSessions> {
  const { database, now } = services;
  const failures = new Failures(signal);
  await progress.begin("ending resumable uploads that have expired", "uploads");
  const expiredSessions = await expireSessions(services, failures, signal, () => {
    progress.advance(1);
    onExpired?.();
  });
  await clearSessions(services, failures, signal);
  await inBatches(signal, (limit) => database.run("forgetSessions", { now: now(), limit }));
  const orphanedPieces = await discardOrphans(services, failures, signal);
  failures.throwFirst();
  return { expiredSessions, orphanedPieces };
}

/** The failures to discard the bytes of single uploads. */
class Failures {
  readonly #signal: AbortSignal;
  readonly #errors: unknown[] = [];

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @returns whether the work was done. Rejects with the signal's reason */
  async survive(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#errors.push(error);
      return false;
    }
  }

  throwFirst(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}

async function expireSessions(
  services: SessionServices,
  failures: Failures,
  signal: AbortSignal,
  ended: () => void,
): Promise<number> {
  const { database, now } = services;
  for (let expired = 0; ; ) {
    const page = await listExpiredSessions(database.reader, { now: now(), limit: pageSize });
    const before = expired;
    for (const { id_digest: digest } of page) {
      signal.throwIfAborted();
      const session = await database.run("expireSession", { digest, now: now() });
      if (session === undefined) continue;
      await failures.survive(discardSession(services, session, signal));
      expired += 1;
      ended();
    }
    if (page.length < pageSize || expired === before) return expired;
  }
}

/** Discards what a process that died, or a revoked key pair, has left. */
async function clearSessions(services: SessionServices, failures: Failures, signal: AbortSignal): Promise<void> {
  const { database, now } = services;
  for (let after: Uint8Array = new Uint8Array(); ; ) {
    const page = await listSessionsToClear(database.reader, { now: now(), limit: pageSize, after });
    for (const row of page) {
      signal.throwIfAborted();
      await failures.survive(discardSession(services, endedSessionOf(row), signal));
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id_digest;
  }
}

/**
 * Discards bytes that no session has: a holder that had lost its lease unseen has written them. A session exists before
 * its bytes do, so they need no grace period.
 */
async function discardOrphans(services: SessionServices, failures: Failures, signal: AbortSignal): Promise<number> {
  let discarded = 0;
  for (const key of await findOrphanedPieces(services, signal)) {
    if (await failures.survive(services.blobs.partial.discard({ key }, signal))) discarded += 1;
  }
  return discarded;
}
