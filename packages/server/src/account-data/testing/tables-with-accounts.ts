import { sql } from "kysely";
import type { Connection } from "../../database/database.ts";

/** The tables that have a column for the account, as the database itself knows them. */
export async function tablesWithAccounts(connection: Connection): Promise<string[]> {
  const look =
    connection.engine.externalQueue !== undefined
      ? sql<{ name: string }>`select table_name as name from information_schema.columns
        where table_schema = current_schema() and column_name = 'account_id'`
      : sql<{ name: string }>`select tables.name from sqlite_master as tables, pragma_table_info(tables.name) as columns
        where tables.type = 'table' and columns.name = 'account_id'`;
  const { rows } = await look.execute(connection);
  return rows.map(({ name }) => name);
}

export async function countRowsOf(connection: Connection, table: string, accountId: string): Promise<number> {
  const column = sql.ref(table === "accounts" ? "id" : "account_id");
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where ${column} = ${accountId}
  `.execute(connection);
  return Number(rows[0]?.count);
}
