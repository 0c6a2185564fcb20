import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";

/** Days in UTC as `YYYY-MM-DD`: from the first one on, up to and without the other. */
export interface Days {
  readonly from: string;
  readonly before: string;
}

/** Deliveries of one day with one status and one content type. */
export interface DeliveryCount {
  readonly day: string;
  readonly status: number;
  /** The media type without parameters; empty for answers without one. */
  readonly type: string;
  readonly requests: number;
  /** The bytes of bodies. */
  readonly bytes: number;
}

/**
 * Records what one process has counted so far. The numbers are totals of that process, so writing them again changes
 * nothing, and an older total never replaces a newer one.
 * @param source names the process; no two processes ever have the same
 */
export async function setDeliveryCounts(
  connection: Connection,
  source: string,
  counts: readonly (DeliveryCount & { readonly accountId: string })[],
): Promise<void> {
  if (counts.length === 0) return;
  await connection
    .insertInto("usage_deliveries")
    .values(
      counts.map(({ accountId, day, status, type, requests, bytes }) => {
        return { account_id: accountId, day, source, status, type, requests, bytes };
      }),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "day", "source", "status", "type"])
        .doUpdateSet(({ ref }) => ({ requests: ref("excluded.requests"), bytes: ref("excluded.bytes") }))
        .whereRef("excluded.requests", ">=", "usage_deliveries.requests")
        .whereRef("excluded.bytes", ">=", "usage_deliveries.bytes"),
    )
    .execute();
}

/** Events of one day, of one kind and name. */
export interface EventCount {
  readonly day: string;
  readonly kind: string;
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
}

/** Records what one process has counted so far, as `setDeliveryCounts` does. */
export async function setEventCounts(
  connection: Connection,
  source: string,
  counts: readonly (EventCount & { readonly accountId: string })[],
): Promise<void> {
  if (counts.length === 0) return;
  await connection
    .insertInto("usage_events")
    .values(
      counts.map(({ accountId, day, kind, name, events, bytes }) => {
        return { account_id: accountId, day, source, kind, name, events, bytes };
      }),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "day", "source", "kind", "name"])
        .doUpdateSet(({ ref }) => ({ events: ref("excluded.events"), bytes: ref("excluded.bytes") }))
        .whereRef("excluded.events", ">=", "usage_events.events")
        .whereRef("excluded.bytes", ">=", "usage_events.bytes"),
    )
    .execute();
}

/** An event that a transaction counts itself. */
interface OwnEvent extends Pick<EventCount, "day" | "kind" | "name" | "bytes"> {
  readonly accountId: string;
  /** The part of the account's storage to which the event belongs. Events of other parts don't wait for its row. */
  readonly source: string;
}

/** Counts one event in the transaction in which it happens. */
export async function addEvent(connection: Connection, event: OwnEvent): Promise<void> {
  await countEvent(connection, event);
}

const countEvent = prepared((connection, { accountId, day, source, kind, name, bytes }: OwnEvent) =>
  connection
    .insertInto("usage_events")
    .values({ account_id: accountId, day, source, kind, name, events: 1, bytes })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "day", "source", "kind", "name"]).doUpdateSet((set) => ({
        events: set("usage_events.events", "+", 1),
        bytes: set("usage_events.bytes", "+", set.ref("excluded.bytes")),
      })),
    ),
);

/** Sums up an account's events of these days by day, kind and name. */
export async function sumEventsByDay(
  connection: Connection,
  accountId: string,
  { from, before }: Days,
): Promise<EventCount[]> {
  const rows = await connection
    .selectFrom("usage_events")
    .select(({ fn }) => [
      "day",
      "kind",
      "name",
      fn.sum<number | string>("events").as("events"),
      fn.sum<number | string>("bytes").as("bytes"),
    ])
    .where("account_id", "=", accountId)
    .where("day", ">=", from)
    .where("day", "<", before)
    .groupBy(["day", "kind", "name"])
    .execute();
  return rows.map(({ events, bytes, ...row }) => ({ ...row, events: Number(events), bytes: Number(bytes) }));
}

/** Sums up an account's deliveries of these days by day. */
export async function sumDeliveriesByDay(
  connection: Connection,
  accountId: string,
  { from, before }: Days,
): Promise<Pick<DeliveryCount, "day" | "requests" | "bytes">[]> {
  const rows = await connection
    .selectFrom("usage_deliveries")
    .select(({ fn }) => [
      "day",
      fn.sum<number | string>("requests").as("requests"),
      fn.sum<number | string>("bytes").as("bytes"),
    ])
    .where("account_id", "=", accountId)
    .where("day", ">=", from)
    .where("day", "<", before)
    .groupBy("day")
    .execute();
  return rows.map(({ day, requests, bytes }) => ({ day, requests: Number(requests), bytes: Number(bytes) }));
}

/** Finds by how much the account's stored bytes have changed on each of these days. A day without a change is absent. */
export async function storedChangesByDay(
  connection: Connection,
  accountId: string,
  { from, before }: Days,
): Promise<{ readonly day: string; readonly bytes: number }[]> {
  const rows = await connection
    .selectFrom("usage_storage")
    .select(({ fn }) => ["day", fn.sum<number | string>("bytes").as("bytes")])
    .where("account_id", "=", accountId)
    .where("day", ">=", from)
    .where("day", "<", before)
    .groupBy("day")
    .execute();
  return rows.map(({ day, bytes }) => ({ day, bytes: Number(bytes) }));
}

/** Finds which of these accounts are active. */
export async function findActiveAccountIds(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await connection
    .selectFrom("accounts")
    .select("id")
    .where("id", "in", ids)
    .where("status", "=", "active")
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Sums up an account's deliveries of these days by status and content type. */
export async function sumDeliveries(
  connection: Connection,
  accountId: string,
  { from, before }: Days,
): Promise<Omit<DeliveryCount, "day">[]> {
  const rows = await connection
    .selectFrom("usage_deliveries")
    .select(({ fn }) => [
      "status",
      "type",
      fn.sum<number | string>("requests").as("requests"),
      fn.sum<number | string>("bytes").as("bytes"),
    ])
    .where("account_id", "=", accountId)
    .where("day", ">=", from)
    .where("day", "<", before)
    .groupBy(["status", "type"])
    .execute();
  return rows.map(({ requests, bytes, ...row }) => ({ ...row, requests: Number(requests), bytes: Number(bytes) }));
}

/** The bytes that the account stored at the end of the day before this one. */
export async function storedBytesBefore(connection: Connection, accountId: string, day: string): Promise<number> {
  const row = await connection
    .selectFrom("usage_storage")
    .select(({ fn }) => fn.sum<number | string | null>("bytes").as("bytes"))
    .where("account_id", "=", accountId)
    .where("day", "<", day)
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

/** Counts one run of an extension that did its work. */
export async function addExtensionUse(
  connection: Connection,
  use: { readonly accountId: string; readonly day: string; readonly name: string },
): Promise<void> {
  await countUse(connection, use);
}

const countUse = prepared(
  (connection, use: { readonly accountId: string; readonly day: string; readonly name: string }) =>
    connection
      .insertInto("usage_extensions")
      .values({ account_id: use.accountId, day: use.day, name: use.name, operations: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(["account_id", "day", "name"])
          .doUpdateSet((set) => ({ operations: set("usage_extensions.operations", "+", 1) })),
      ),
);

/** Sums up the runs of an account's extensions on these days, by name. */
export async function sumExtensionUses(
  connection: Connection,
  accountId: string,
  { from, before }: Days,
): Promise<{ readonly name: string; readonly operations: number }[]> {
  const rows = await connection
    .selectFrom("usage_extensions")
    .select(({ fn }) => ["name", fn.sum<number | string>("operations").as("operations")])
    .where("account_id", "=", accountId)
    .where("day", ">=", from)
    .where("day", "<", before)
    .groupBy("name")
    .orderBy("name")
    .execute();
  return rows.map(({ name, operations }) => ({ name, operations: Number(operations) }));
}
