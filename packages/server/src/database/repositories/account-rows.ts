import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import { type AccountTable, type AccountTableName, accountTables } from "../account-tables.ts";
import type { Connection } from "../database.ts";

export type AccountRowValues = Readonly<Record<string, unknown>>;

export interface AccountPage {
  /** The last row of the previous page. */
  readonly after: AccountRowValues | undefined;
  readonly limit: number;
  readonly direction?: "asc" | "desc";
}

// biome-ignore lint/suspicious/noExplicitAny: which table it is, and so which columns there are, is known at run time alone
type AnyTable = any;

/** Returns the account's next rows in a table, in the order of `accountTables`. */
export async function pageOfAccountRows(
  connection: Connection,
  table: AccountTableName,
  accountId: string,
  { after, limit, direction = "asc" }: AccountPage,
): Promise<AccountRowValues[]> {
  const facts: AccountTable = accountTables[table];
  let query = (connection as Kysely<AnyTable>).selectFrom(table).selectAll().where(ownedBy(facts, accountId));
  if (after !== undefined) query = query.where(beyond(facts.order, after, direction === "asc" ? ">" : "<"));
  for (const column of facts.order) query = query.orderBy(column, direction);
  return query.limit(limit).execute() as Promise<AccountRowValues[]>;
}

/** Returns only the columns that identify each row. */
export function keysOf(table: AccountTableName, rows: readonly AccountRowValues[]): AccountRowValues[] {
  const { order }: AccountTable = accountTables[table];
  return rows.map((row) => Object.fromEntries(order.map((column) => [column, row[column]])));
}

/** @returns the number of deleted rows */
export async function deleteAccountRows(
  connection: Connection,
  table: AccountTableName,
  accountId: string,
  rows: readonly AccountRowValues[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { owner, order }: AccountTable = accountTables[table];
  const { numDeletedRows } = await (connection as Kysely<AnyTable>)
    .deleteFrom(table)
    .where(owner, "=", accountId)
    .where(isOneOf(order, rows))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export async function hasAccountRows(
  connection: Connection,
  table: AccountTableName,
  accountId: string,
): Promise<boolean> {
  return (await pageOfAccountRows(connection, table, accountId, { after: undefined, limit: 1 })).length > 0;
}

/**
 * If no index finds the owner, the database must not use an index meant for another purpose: it would sort all rows for
 * each page.
 */
function ownedBy({ owner, indexed }: AccountTable, accountId: string) {
  return indexed
    ? sql<boolean>`${sql.ref(owner)} = ${accountId}`
    : sql<boolean>`${sql.ref(owner)} || '' = ${accountId}`;
}

function beyond(order: AccountTable["order"], row: AccountRowValues, operator: ">" | "<") {
  const columns = sql.join(order.map((column) => sql.ref(column)));
  const values = sql.join(order.map((column) => row[column]));
  return order.length === 1
    ? sql<boolean>`${columns} ${sql.raw(operator)} ${values}`
    : sql<boolean>`(${columns}) ${sql.raw(operator)} (${values})`;
}

function isOneOf([first, ...others]: AccountTable["order"], rows: readonly AccountRowValues[]) {
  return (where: ExpressionBuilder<AnyTable, AnyTable>) => {
    if (others.length === 0)
      return where(
        first,
        "in",
        rows.map((row) => row[first]),
      );
    const columns = [first, ...others];
    return where.or(rows.map((row) => where.and(columns.map((column) => where(column, "=", row[column])))));
  };
}
