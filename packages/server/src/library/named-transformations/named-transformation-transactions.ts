import { viewerOfServer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import {
  findNamedTransformation,
  insertNamedTransformation,
  listNamedTransformations,
  type NamedTransformationRow,
} from "../../database/repositories/named-transformations.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import type { NamedTransformationChange, NewNamedTransformation } from "./parse-named-transformation.ts";

/** The limit for one account, without the built-in ones that all accounts have (docs/protocol/delivery.md §8.2). */
export const maxNamedTransformations = 250;

type Refusal<Reason> = { readonly outcome: Reason };
type Done = { readonly outcome: "done"; readonly row: NamedTransformationRow };

/** Locks the account's row, so that names stay unique even if others create a named transformation at the same time. */
export async function createNamedTransformation(
  connection: Connection,
  { accountId, id, named, now }: OwnedRow & { readonly named: NewNamedTransformation; readonly now: number },
): Promise<Done | Refusal<"name taken" | "too many">> {
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const { name, transformation, enabled } = named;
  if ((await findNamedTransformation(connection, viewer, { name })) !== undefined) return { outcome: "name taken" };
  const { length } = await listNamedTransformations(connection, viewer);
  if (length >= maxNamedTransformations) return { outcome: "too many" };
  const texts = { name, transformation, enabled: flag(enabled) };
  const row: NamedTransformationRow = { id, account_id: accountId, ...texts, created_at: now };
  await insertNamedTransformation(connection, row);
  return { outcome: "done", row };
}

export async function changeNamedTransformation(
  connection: Connection,
  { accountId, id, change }: OwnedRow & { readonly change: NamedTransformationChange },
): Promise<Done | Refusal<"not there" | "name taken">> {
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const row = await findNamedTransformation(connection, viewer, { id });
  if (row === undefined) return { outcome: "not there" };
  const { enabled, ...texts } = change;
  if (texts.name !== undefined && texts.name !== row.name) {
    const namesake = await findNamedTransformation(connection, viewer, { name: texts.name });
    if (namesake !== undefined) return { outcome: "name taken" };
  }
  const columns = { ...texts, ...(enabled === undefined ? {} : { enabled: flag(enabled) }) };
  if (Object.keys(columns).length > 0)
    await updateOwned(connection, "named_transformations", { accountId, id }, columns);
  return { outcome: "done", row: { ...row, ...columns } };
}

export async function removeNamedTransformation(
  connection: Connection,
  { accountId, id }: OwnedRow,
): Promise<Refusal<"done" | "not there">> {
  await lockAccount(connection, { id: accountId });
  return {
    outcome: (await deleteOwned(connection, "named_transformations", { accountId, id })) ? "done" : "not there",
  };
}

function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
