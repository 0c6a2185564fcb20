import type { Connection } from "../database/database.ts";
import { type Hold, releaseHold, renewHold, takeHold } from "../database/repositories/content-holds.ts";

/** @returns the time since which another backup has the hold, or undefined if it was taken */
export async function takeContentHold(
  connection: Connection,
  input: Hold,
): Promise<{ readonly heldSince: number } | undefined> {
  return takeHold(connection, input);
}

/** @returns false when the hold is lost */
export async function renewContentHold(connection: Connection, input: Hold): Promise<boolean> {
  return renewHold(connection, input);
}

export async function releaseContentHold(connection: Connection, input: { readonly holder: string }): Promise<void> {
  await releaseHold(connection, input.holder);
}
