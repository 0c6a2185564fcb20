import type { KeyRole } from "@sluice/protocol/schemas";
import type { Insertable } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import type { ZipTicketsTable } from "../schema.ts";

export interface ZipTicketRow {
  readonly account_id: string;
  readonly key_pair_id: string;
  /** The role by which it was asked for. That of a session may be lower than its key pair's. */
  readonly role: KeyRole;
  readonly selection: string;
}

export type NewZipTicket = Omit<Insertable<ZipTicketsTable>, "created_at" | "ends_at"> & {
  readonly lifeMs: number;
  /** The time by this process's clock. */
  readonly now: number;
};

export async function insertZipTicket(connection: Connection, { lifeMs, now, ...row }: NewZipTicket): Promise<void> {
  const clock = clockOf(connection, now);
  await connection
    .insertInto("zip_tickets")
    .values(({ eb }) => ({ ...row, created_at: clock, ends_at: eb(clock, "+", lifeMs) }))
    .execute();
}

/** Finds a ticket, unless its time is over. Nothing says yet that its key pair is in force. */
export async function findZipTicket(
  connection: Connection,
  hash: Uint8Array,
  now: number,
): Promise<ZipTicketRow | undefined> {
  return connection
    .selectFrom("zip_tickets")
    .select(["account_id", "key_pair_id", "role", "selection"])
    .where("hash", "=", hash)
    .where("ends_at", ">", clockOf(connection, now))
    .executeTakeFirst();
}

/** @returns whether the ticket was there. Of several transactions that delete it at once, one is told so. */
export async function deleteZipTicket(connection: Connection, hash: Uint8Array, now: number): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom("zip_tickets")
    .where("hash", "=", hash)
    .where("ends_at", ">", clockOf(connection, now))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Deletes the account's tickets whose time is over. @returns how many are left */
export async function settleZipTickets(connection: Connection, accountId: string, now: number): Promise<number> {
  await connection
    .deleteFrom("zip_tickets")
    .where("account_id", "=", accountId)
    .where("ends_at", "<=", clockOf(connection, now))
    .execute();
  const { count } = await connection
    .selectFrom("zip_tickets")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
