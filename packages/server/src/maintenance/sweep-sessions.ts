import { listExpiredSessions, listSessionsToClear } from "../database/repositories/ended-sessions.ts";
import { findKeysOfSessions, listKeysOfSessions } from "../database/repositories/open-sessions.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import { discardSession } from "../upload/resumable/end-session.ts";
import { expireSession, forgetSessions } from "../upload/resumable/sessions/end-transactions.ts";
import { endedSessionOf } from "../upload/resumable/sessions/session.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { graceBegan, inBatches } from "./in-batches.ts";

const pageSize = 500;

/** @returns the keys of bytes that no session has */
export async function findOrphanedPieces(
  { blobs, database }: Pick<MaintenanceDeps, "blobs" | "database">,
  signal: AbortSignal,
): Promise<string[]> {
  const orphaned: string[] = [];
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    const owned = await findKeysOfSessions(database.reader, keys);
    orphaned.push(...keys.filter((key) => !owned.has(key)));
    keys = [];
  };
  for await (const { key } of blobs.partial.list(signal)) {
    if (keys.push(key) >= pageSize) await flush();
  }
  await flush();
  return orphaned;
}

export interface SweptSessions {
  /** Resumable uploads that were not ended in time. */
  readonly expiredSessions: number;
  /** Bytes of resumable uploads that belonged to no session. */
  readonly orphanedPieces: number;
}

interface SessionSweepOptions {
  readonly progress?: Progress;
  /** Called for each upload that was not ended in time. */
  readonly onExpired?: () => void;
}

type SessionServices = Pick<MaintenanceDeps, "blobs" | "database" | "now">;

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
  await inBatches(signal, (limit) => database.run(forgetSessions, { now: now(), limit }));
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
      const session = await database.run(expireSession, { digest, now: now() });
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

/**
 * Removes what interrupted uploads left in the store beside the objects. A running upload may take as long as its
 * request, so it is left alone for that time in addition to the grace period. What resumable uploads have is left alone
 * as long as they have a session.
 * @returns how many there were
 */
export async function sweepUploads(
  services: Pick<MaintenanceDeps, "blobs" | "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const { blobs, config } = services;
  const before = new Date((await graceBegan(services)) - config.limits.requestMs);
  // A session exists before its upload begins, so those of now have all of them that began before.
  return blobs.removeUnfinished(before, await listKeysOfSessions(services.database.reader), signal);
}
