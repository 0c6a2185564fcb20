import type { Connection } from "../database/database.ts";
import { lockAccount } from "../database/repositories/accounts.ts";
import {
  deleteZipTicket,
  insertZipTicket,
  type NewZipTicket,
  settleZipTickets,
} from "../database/repositories/zip-tickets.ts";

/** The downloads of an account that have not begun. Each is a row with the ids and paths that were asked for. */
export const maxZipTickets = 20;

export async function createZipTicket(
  connection: Connection,
  ticket: NewZipTicket,
): Promise<"created" | "too many" | "account disabled"> {
  const account = await lockAccount(connection, { id: ticket.account_id });
  if (account?.status !== "active") return "account disabled";
  if ((await settleZipTickets(connection, account.id, ticket.now)) >= maxZipTickets) return "too many";
  await insertZipTicket(connection, ticket);
  return "created";
}

/** Uses a ticket up. @returns false where it has been used, or its time is over */
export async function redeemZipTicket(
  connection: Connection,
  { hash, now }: { readonly hash: Uint8Array; readonly now: number },
): Promise<boolean> {
  return deleteZipTicket(connection, hash, now);
}
