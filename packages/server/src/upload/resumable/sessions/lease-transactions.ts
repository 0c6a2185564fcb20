import type { StorageUse } from "../../../accounts/storage-limit.ts";
import type { Connection } from "../../../database/database.ts";
import {
  advanceAndReleaseRow,
  advanceSessionRow,
  endLeasesOf,
  type LeaseToTake,
  releaseSession,
  renewSession,
  setSessionLength,
  takeSession,
  wantSession,
} from "../../../database/repositories/session-leases.ts";
import { findSession, type HeldSession } from "../../../database/repositories/upload-sessions.ts";
import { assertStorage } from "../../../library/content/storage-room.ts";
import { type SessionBytes, sessionOf, type UploadSession } from "./session.ts";

/*
 * A session's lease is its lock. It ends by the database's clock, which all nodes share. Each request that takes a lease
 * has a name of its own, so that no two leases of one process are the same.
 */

export type TakeLeaseOutcome =
  | { readonly outcome: "taken"; readonly session: UploadSession }
  /** Another request has the lease, and is asked to let go. */
  | { readonly outcome: "held" }
  /** The upload is stored or refused: nothing is to be done any more. */
  | { readonly outcome: "ended"; readonly session: UploadSession }
  | { readonly outcome: "expired" }
  /** There is no such session, or it was removed or revoked. */
  | { readonly outcome: "gone" };

/**
 * Takes the session's lease. A caller that waits for the lease looks with `findSession` before it tries again, because
 * every try is a transaction.
 */
export async function takeLease(connection: Connection, input: LeaseToTake): Promise<TakeLeaseOutcome> {
  const taken = await takeSession(connection, input);
  if (taken !== undefined) return { outcome: "taken", session: sessionOf(taken) };
  const found = await findSession(connection, input);
  if (found === undefined || found.state === "ending") return { outcome: "gone" };
  if (found.is_expired === 1 && found.is_held === 0) return { outcome: "expired" };
  if (found.state !== "open") return { outcome: "ended", session: sessionOf(found) };
  await wantSession(connection, input);
  return { outcome: "held" };
}

export interface Renewal {
  /** False when the session has another holder, or isn't open any more. Then nothing may be written any more. */
  readonly held: boolean;
  /** Whether another request asks the holder to let go. */
  readonly wanted: boolean;
}

/** Begins the holder's lease anew. It may have run out, as long as nobody else has taken it. */
export async function renewLease(connection: Connection, input: LeaseToTake): Promise<Renewal> {
  const wanted = await renewSession(connection, input);
  return { held: wanted !== undefined, wanted: wanted === true };
}

interface Advance extends HeldSession {
  /** The limited account that the bytes count for, and the server's limit. Absent where storage isn't limited. */
  readonly storage?: { readonly accountId: string; readonly standard: number } | undefined;
  /** The offset at which the bytes began. */
  readonly from: number;
  /** The place of all received bytes. Its offset is the session's new one. */
  readonly bytes: SessionBytes;
}

/** True when the bytes are acknowledged; false when the session has another holder or offset, or isn't open any more. */
export type AdvanceOutcome = boolean | ({ readonly outcome: "storage limit" } & StorageUse);

/** Acknowledges bytes that are durable, and begins the lease anew. */
export async function advanceSession(
  connection: Connection,
  { bytes, storage, ...input }: Advance & { readonly leaseMs: number },
): Promise<AdvanceOutcome> {
  await assertRoom(connection, { bytes, storage, ...input });
  return advanceSessionRow(connection, { ...input, ...columnsOf(bytes) });
}

/** Does what `advanceSession` does, and gives the lease back in the same transaction. */
export async function advanceAndRelease(
  connection: Connection,
  { bytes, storage, ...input }: Advance,
): Promise<AdvanceOutcome> {
  await assertRoom(connection, { bytes, storage, ...input });
  return advanceAndReleaseRow(connection, { ...input, ...columnsOf(bytes) });
}

/** Records the length of an upload that was created without one. @returns false if the session isn't the holder's */
export async function tellLength(
  connection: Connection,
  { bytes, ...input }: HeldSession & { readonly from: number; readonly bytes: SessionBytes },
): Promise<boolean> {
  return setSessionLength(connection, { ...input, length: bytes.length, bytes: JSON.stringify(bytes) });
}

/** Pieces that come at the same time see each other here alone. */
async function assertRoom(connection: Connection, { digest, bytes, storage, now }: Advance): Promise<void> {
  if (storage === undefined) return;
  const { accountId, standard } = storage;
  await assertStorage(connection, accountId, { size: bytes.offset, standard, now, session: digest });
}

/** Gives the lease back, if it is still the holder's. */
export async function releaseLease(connection: Connection, input: HeldSession): Promise<void> {
  await releaseSession(connection, input);
}

/**
 * Ends the leases of owners that are dead. An owner that lives all the same renews its leases, as long as nobody else has
 * taken them.
 * @returns the number of leases
 */
export async function endLeases(
  connection: Connection,
  input: { readonly owners: readonly string[]; readonly now: number },
): Promise<number> {
  return input.owners.length === 0 ? 0 : endLeasesOf(connection, input);
}

function columnsOf(bytes: SessionBytes) {
  return { received: bytes.offset, bytes: JSON.stringify(bytes) };
}
