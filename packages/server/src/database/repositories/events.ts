import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { EventsTable, WebhookExchangesTable } from "../schema.ts";

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

export type WebhookExchangeRow = Selectable<WebhookExchangesTable>;

/** The number of exchanges that are kept of each endpoint, and of the URLs that an account's requests have named. */
export const maxExchanges = 100;

/** Adds exchanges, and deletes those of the same targets that are no longer among the latest. */
export async function keepLatestExchanges(
  connection: Connection,
  exchanges: readonly WebhookExchangeRow[],
): Promise<void> {
  const byTarget = [...Map.groupBy(exchanges, ({ target }) => target)];
  // Several nodes do this at a time. In one order of all targets, they never wait for each other, so a transaction calls
  // this once.
  for (const [target, ofTarget] of byTarget.sort(([one], [other]) => (one < other ? -1 : 1))) {
    const latest = ofTarget.toSorted((one, other) => (one.attempt_id < other.attempt_id ? -1 : 1));
    for (const row of latest.slice(-maxExchanges)) await insertExchangeRow(connection, row);
    await deleteAllButLatest(connection, { target });
  }
}

const insertExchangeRow = prepared((connection, row: WebhookExchangeRow) =>
  connection.insertInto("webhook_exchanges").values({
    attempt_id: row.attempt_id,
    account_id: row.account_id,
    target: row.target,
    url: row.url,
    answer: row.answer,
  } satisfies Record<keyof WebhookExchangeRow, unknown>),
);

const deleteAllButLatest = prepared((connection, of: { readonly target: string }) =>
  connection
    .deleteFrom("webhook_exchanges")
    .where("target", "=", of.target)
    .where("attempt_id", "<=", (select) =>
      select
        .selectFrom("webhook_exchanges")
        .select("attempt_id")
        .where("target", "=", of.target)
        .orderBy("attempt_id", "desc")
        .limit(1)
        .offset(maxExchanges),
    ),
);

/** Deletes the exchanges with a target that is no more. */
export async function deleteExchangesWith(connection: Connection, target: string): Promise<void> {
  await connection.deleteFrom("webhook_exchanges").where("target", "=", target).execute();
}

export async function findExchange(
  connection: Connection,
  accountId: string,
  attemptId: string,
): Promise<WebhookExchangeRow | undefined> {
  return connection
    .selectFrom("webhook_exchanges")
    .selectAll()
    .where("attempt_id", "=", attemptId)
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

/** @returns the number of deleted rows; 0 when none are left */
export async function deleteExchangesBefore(
  connection: Connection,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom("webhook_exchanges")
    .where("attempt_id", "in", (where) =>
      where
        .selectFrom("webhook_exchanges")
        .select("attempt_id")
        .where("attempt_id", "<", before)
        .orderBy("attempt_id")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
