import { sql } from "kysely";
import type { Connection } from "../database.ts";

/* Scripts that write many pages, with which the tests fill a disk and free it. */

/** Adds accounts whose rows take about a kilobyte each. */
export async function addAccounts(
  connection: Connection,
  { from, count }: { from: number; count: number },
): Promise<void> {
  await sql`
    with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n + 1 < ${from + count})
    insert into accounts (id, imagekit_id, status, created_at)
    select n, n || printf('%1000c', 'x'), 'active', 0 from numbers`.execute(connection);
}

/** Changes a row of each account that `makesRoom` lets use the reserve. */
export async function disableAccounts(connection: Connection, _input: { makesRoom: boolean }): Promise<void> {
  await connection.updateTable("accounts").set({ status: "disabled" }).execute();
}

disableAccounts.makesRoom = async ({ makesRoom }: { makesRoom: boolean }) => makesRoom;

export async function removeAccounts(connection: Connection, { until }: { until: number }): Promise<void> {
  await connection.deleteFrom("accounts").where(sql`cast(id as integer)`, "<", until).execute();
}

removeAccounts.makesRoom = true;
