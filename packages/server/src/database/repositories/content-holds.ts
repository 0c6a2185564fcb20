import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { locking, sharing } from "../locks.ts";

/** A backup's or an erasure's hold of all contents. Times of this process's clock are used where the database has no clock. */
export interface Hold {
  readonly holder: string;
  readonly leaseMs: number;
  /** The time by this process's clock. */
  readonly now: number;
}

/**
 * Returns the time until which somebody holds the contents; undefined when nobody does. The answer stays true until the
 * transaction ends: whoever wants to take the hold waits for the transaction, and then sees what it has deleted.
 */
export async function heldUntil(connection: Connection, now: number): Promise<number | undefined> {
  // The row is locked before its columns are looked at.
  await sharing(connection, connection.selectFrom("content_holds").select("id")).execute();
  const held = connection
    .selectFrom("content_holds")
    .select("held_until")
    .where("held_until", ">", clockOf(connection, now));
  return (await held.executeTakeFirst())?.held_until;
}

/** The hold of another holder. Its end moves on for as long as that holder lives. */
export interface OtherHold {
  readonly heldSince: number;
  readonly heldUntil: number;
}

/**
 * Takes the hold where nobody has it.
 * @returns the hold of another holder, or undefined if the hold was taken
 */
export async function takeHold(connection: Connection, { holder, leaseMs, now }: Hold): Promise<OtherHold | undefined> {
  await locking(connection, connection.selectFrom("content_holds").select("id")).execute();
  const clock = clockOf(connection, now);
  const { numUpdatedRows } = await connection
    .updateTable("content_holds")
    .set(({ eb }) => ({ holder, held_since: clock, held_until: eb(clock, "+", leaseMs) }))
    .where("held_until", "<=", clock)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return undefined;
  const columns = ["held_since", "held_until"] as const;
  const row = await connection.selectFrom("content_holds").select(columns).executeTakeFirstOrThrow();
  return { heldSince: row.held_since ?? now, heldUntil: row.held_until };
}

/** @returns false when the hold has run out, or another holder has it */
export async function renewHold(connection: Connection, { holder, leaseMs, now }: Hold): Promise<boolean> {
  const clock = clockOf(connection, now);
  const { numUpdatedRows } = await connection
    .updateTable("content_holds")
    .set(({ eb }) => ({ held_until: eb(clock, "+", leaseMs) }))
    .where("holder", "=", holder)
    .where("held_until", ">", clock)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function releaseHold(connection: Connection, holder: string): Promise<void> {
  await connection
    .updateTable("content_holds")
    .set({ holder: null, held_since: null, held_until: 0 })
    .where("holder", "=", holder)
    .execute();
}
