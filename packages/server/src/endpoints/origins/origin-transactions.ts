import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { findOrigin, insertOrigin, listOrigins } from "../../database/repositories/origins.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import { listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";

/** The limit for one account. */
export const maxOrigins = 100;

/** An origin as it is stored. Its secrets are encrypted. */
export type StoredOrigin = OwnedRow & {
  readonly columns: {
    readonly name: string;
    readonly type: string;
    readonly settings: string;
    readonly secrets: string | null;
  };
  readonly now: number;
};

/** Locks the account's row, so that the limit holds. */
export async function createOrigin(
  connection: Connection,
  { accountId, id, columns, now }: StoredOrigin,
): Promise<"done" | "too many"> {
  await lockAccount(connection, { id: accountId });
  if ((await listOrigins(connection, accountId)).length >= maxOrigins) return "too many";
  await insertOrigin(connection, { id, account_id: accountId, ...columns, created_at: now, updated_at: now });
  return "done";
}

/** Its time grows with each change, even of one millisecond: files are remembered by the origin's id and its time. */
export async function replaceOrigin(
  connection: Connection,
  { accountId, id, columns, now }: StoredOrigin,
): Promise<"done" | "not there"> {
  await lockAccount(connection, { id: accountId });
  const row = await findOrigin(connection, accountId, id);
  if (row === undefined) return "not there";
  const updated_at = Math.max(now, row.updated_at + 1);
  await updateOwned(connection, "origins", { accountId, id }, { ...columns, updated_at });
  return "done";
}

/** Locks the account's row, so that no endpoint begins to use the origin meanwhile. */
export async function removeOrigin(
  connection: Connection,
  { accountId, id }: OwnedRow,
): Promise<"done" | "not there" | "in use"> {
  await lockAccount(connection, { id: accountId });
  const endpoints = await listUrlEndpoints(connection, accountId);
  if (endpoints.some(({ origin_ids }) => (JSON.parse(origin_ids) as string[]).includes(id))) return "in use";
  return (await deleteOwned(connection, "origins", { accountId, id })) ? "done" : "not there";
}
