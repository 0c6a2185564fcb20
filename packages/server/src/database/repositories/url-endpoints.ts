import type { Insertable, Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { UrlEndpointsTable } from "../schema.ts";

export type UrlEndpointRow = Selectable<UrlEndpointsTable>;

/** Lists the endpoints in the order in which they were created. */
export async function listUrlEndpoints(connection: Connection, accountId: string): Promise<UrlEndpointRow[]> {
  return selectOf(connection, accountId).orderBy("created_at").orderBy("id").execute();
}

export async function findUrlEndpoint(
  connection: Connection,
  accountId: string,
  by: { readonly id: string } | { readonly prefix: string },
): Promise<UrlEndpointRow | undefined> {
  const query = selectOf(connection, accountId);
  return ("id" in by ? query.where("id", "=", by.id) : query.where("url_prefix", "=", by.prefix)).executeTakeFirst();
}

export async function insertUrlEndpoint(connection: Connection, row: Insertable<UrlEndpointsTable>): Promise<void> {
  await connection.insertInto("url_endpoints").values(row).execute();
}

function selectOf(connection: Connection, accountId: string) {
  return connection.selectFrom("url_endpoints").selectAll().where("account_id", "=", accountId);
}
