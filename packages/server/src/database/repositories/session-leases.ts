import { sql } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import {
  type HeldSession,
  isFree,
  type SessionHold,
  type SessionKey,
  type UploadSessionRow,
} from "./upload-sessions.ts";

/** The statements on the lease of an upload session, and what only its holder may write. */

export interface LeaseToTake extends HeldSession {
  readonly leaseMs: number;
}

/** @returns the session with its new holder; undefined if it isn't open, has expired, or another request holds it */
export async function takeSession(connection: Connection, lease: LeaseToTake): Promise<UploadSessionRow | undefined> {
  const { rows } = await takeIfFree(connection, lease);
  return rows[0];
}

const takeIfFree = prepared((connection, lease: LeaseToTake) => {
  const clock = clockOf(connection, lease.now);
  return connection
    .updateTable("upload_sessions")
    .set({
      holder: lease.holder,
      lease_until: sql`${clock} + ${lease.leaseMs}`,
      wanted: 0,
      takeovers: sql`takeovers + case when holder is null then 0 else 1 end`,
    })
    .where("id_digest", "=", lease.digest)
    .where("state", "=", "open")
    .where("expires_at", ">", clock)
    .where(isFree(clock))
    .returningAll();
});

/** Asks the holder to let go. */
export async function wantSession(connection: Connection, by: SessionKey): Promise<void> {
  await want(connection, by);
}

const want = prepared((connection, by: SessionKey) =>
  connection
    .updateTable("upload_sessions")
    .set({ wanted: 1 })
    .where("id_digest", "=", by.digest)
    .where("holder", "is not", null)
    .where("wanted", "=", 0),
);

/** @returns whether somebody asks the holder to let go; undefined if the session isn't the holder's, or not open any more */
export async function renewSession(connection: Connection, lease: LeaseToTake): Promise<boolean | undefined> {
  const { rows } = await renewIfHeld(connection, lease);
  return rows[0] && rows[0].wanted === 1;
}

const renewIfHeld = prepared((connection, lease: LeaseToTake) =>
  connection
    .updateTable("upload_sessions")
    .set({ lease_until: sql`${clockOf(connection, lease.now)} + ${lease.leaseMs}` })
    .where("id_digest", "=", lease.digest)
    .where("holder", "=", lease.holder)
    .where("state", "=", "open")
    .returning("wanted"),
);

export interface SessionAdvance extends LeaseToTake {
  readonly from: number;
  readonly received: number;
  readonly bytes: string;
}

/** Acknowledges bytes, and begins the lease anew. @returns false if the session isn't the holder's or is elsewhere */
export async function advanceSessionRow(connection: Connection, advance: SessionAdvance): Promise<boolean> {
  return (await advanceIfHeld(connection, advance)).changed === 1;
}

const advanceIfHeld = prepared((connection, advance: SessionAdvance) =>
  connection
    .updateTable("upload_sessions")
    .set({
      received: advance.received,
      bytes: advance.bytes,
      lease_until: sql`${clockOf(connection, advance.now)} + ${advance.leaseMs}`,
    })
    .where("id_digest", "=", advance.digest)
    .where("holder", "=", advance.holder)
    .where("received", "=", advance.from)
    .where("state", "=", "open"),
);

export interface SessionLength extends HeldSession {
  /** The bytes that have been received. */
  readonly from: number;
  readonly length: number;
  readonly bytes: string;
}

/** Sets the length of a session whose length was not known. @returns false if the session isn't the holder's */
export async function setSessionLength(connection: Connection, change: SessionLength): Promise<boolean> {
  return (await setLengthIfHeld(connection, change)).changed === 1;
}

const setLengthIfHeld = prepared((connection, change: SessionLength) =>
  connection
    .updateTable("upload_sessions")
    .set({ length: change.length, bytes: change.bytes })
    .where("id_digest", "=", change.digest)
    .where("holder", "=", change.holder)
    .where("received", "=", change.from)
    .where("state", "=", "open"),
);

/** Does what `advanceSessionRow` does, and gives the lease back. */
export async function advanceAndReleaseRow(
  connection: Connection,
  advance: Omit<SessionAdvance, "leaseMs">,
): Promise<boolean> {
  return (await advanceAndLetGo(connection, advance)).changed === 1;
}

const advanceAndLetGo = prepared((connection, advance: Omit<SessionAdvance, "leaseMs">) =>
  connection
    .updateTable("upload_sessions")
    .set({ received: advance.received, bytes: advance.bytes, holder: null, lease_until: null, wanted: 0 })
    .where("id_digest", "=", advance.digest)
    .where("holder", "=", advance.holder)
    .where("received", "=", advance.from)
    .where("state", "=", "open"),
);

export async function releaseSession(connection: Connection, { digest, holder }: SessionHold): Promise<void> {
  await letGo(connection, { digest, holder });
}

const letGo = prepared((connection, by: SessionHold) =>
  connection
    .updateTable("upload_sessions")
    .set({ holder: null, lease_until: null, wanted: 0 })
    .where("id_digest", "=", by.digest)
    .where("holder", "=", by.holder),
);

/** Lets the leases run out whose names begin with one of these owners. @returns the number of leases */
export async function endLeasesOf(
  connection: Connection,
  { owners, now }: { readonly owners: readonly string[]; readonly now: number },
): Promise<number> {
  const clock = clockOf(connection, now);
  const { numUpdatedRows } = await connection
    .updateTable("upload_sessions")
    .set({ lease_until: clock })
    .where("state", "=", "open")
    .where("lease_until", ">", clock)
    .where((where) => where.or(owners.map((owner) => where("holder", "like", `${owner}-%`))))
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
