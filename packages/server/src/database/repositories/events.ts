import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { EventsTable } from "../schema.ts";

export type EventRow = Selectable<EventsTable>;

export async function insertEvent(connection: Connection, row: EventRow): Promise<void> {
  await insertEventRow(connection, row);
}

const insertEventRow = prepared((connection, row: EventRow) =>
  connection.insertInto("events").values({
    id: row.id,
    account_id: row.account_id,
    type: row.type,
    url: row.url,
    payload: row.payload,
  } satisfies Record<keyof EventRow, unknown>),
);

export async function findEvent(connection: Connection, id: string): Promise<EventRow | undefined> {
  const { rows } = await byId(connection, { id });
  return rows[0];
}

const byId = prepared((connection, by: { readonly id: string }) =>
  connection.selectFrom("events").selectAll().where("id", "=", by.id),
);

/** Lists the events since `from` that the account's endpoints were to be told of, the earliest first. */
export async function listEventsSince(
  connection: Connection,
  accountId: string,
  { from, limit }: { readonly from: string; readonly limit: number },
): Promise<Pick<EventRow, "id" | "type">[]> {
  return connection
    .selectFrom("events")
    .select(["id", "type"])
    .where("id", ">", from)
    .where("account_id", "=", accountId)
    .where("url", "is", null)
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** @returns the number of deleted rows; 0 when none are left */
export async function deleteEventsBefore(
  connection: Connection,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom("events")
    .where("id", "in", (where) =>
      where.selectFrom("events").select("id").where("id", "<", before).orderBy("id").limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
