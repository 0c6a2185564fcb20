import type { Connection } from "../../database/database.ts";
import {
  type Hold,
  type OtherHold,
  releaseHold,
  renewHold,
  takeHold,
} from "../../database/repositories/content-holds.ts";

/** @returns the hold of somebody else, or undefined if it was taken */
export async function takeContentHold(connection: Connection, input: Hold): Promise<OtherHold | undefined> {
  return takeHold(connection, input);
}

/** @returns false when the hold is lost */
export async function renewContentHold(connection: Connection, input: Hold): Promise<boolean> {
  return renewHold(connection, input);
}

export async function releaseContentHold(connection: Connection, input: { readonly holder: string }): Promise<void> {
  await releaseHold(connection, input.holder);
}
