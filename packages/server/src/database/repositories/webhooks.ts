import { type Selectable, sql, type Updateable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { WebhookAttemptsTable, WebhookEndpointsTable, WebhookUrlSecretsTable } from "../schema.ts";

export type WebhookEndpointRow = Selectable<WebhookEndpointsTable>;
export type WebhookAttemptRow = Selectable<WebhookAttemptsTable>;

export async function findWebhook(connection: Connection, id: string): Promise<WebhookEndpointRow | undefined> {
  const { rows } = await byId(connection, { id });
  return rows[0];
}

const byId = prepared((connection, by: { readonly id: string }) =>
  connection.selectFrom("webhook_endpoints").selectAll().where("id", "=", by.id),
);

/** @returns those ids that endpoints have */
export async function findWebhookIds(connection: Connection, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await connection.selectFrom("webhook_endpoints").select("id").where("id", "in", ids).execute();
  return rows.map(({ id }) => id);
}

/** Lists the account's endpoints, the oldest first. */
export async function listWebhooks(connection: Connection, accountId: string): Promise<WebhookEndpointRow[]> {
  return connection
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("account_id", "=", accountId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export async function insertWebhook(connection: Connection, row: WebhookEndpointRow): Promise<void> {
  await connection.insertInto("webhook_endpoints").values(row).execute();
}

export async function updateWebhook(
  connection: Connection,
  id: string,
  change: Updateable<WebhookEndpointsTable>,
): Promise<void> {
  await connection.updateTable("webhook_endpoints").set(change).where("id", "=", id).execute();
}

/** Disables all endpoints of the account. */
export async function disableWebhooks(connection: Connection, accountId: string): Promise<void> {
  await connection
    .updateTable("webhook_endpoints")
    .set({ status: "disabled" })
    .where("account_id", "=", accountId)
    .execute();
}

export async function deleteWebhook(connection: Connection, id: string): Promise<void> {
  await connection.deleteFrom("webhook_endpoints").where("id", "=", id).execute();
}

export async function insertWebhookAttempts(connection: Connection, rows: readonly WebhookAttemptRow[]): Promise<void> {
  for (const row of rows) await insertAttemptRow(connection, row);
}

const insertAttemptRow = prepared((connection, row: WebhookAttemptRow) =>
  connection.insertInto("webhook_attempts").values({
    id: row.id,
    account_id: row.account_id,
    event_id: row.event_id,
    endpoint_id: row.endpoint_id,
    attempt: row.attempt,
    status: row.status,
    error: row.error,
    excerpt: row.excerpt,
    duration_ms: row.duration_ms,
    created_at: row.created_at,
  } satisfies Record<keyof WebhookAttemptRow, unknown>),
);

/** An attempt with what is still known about its event. */
export interface WebhookAttempt extends WebhookAttemptRow {
  readonly url: string | null;
  readonly type: string | null;
  /** The payload of an extension's end; null for any other type. */
  readonly extension_end: string | null;
}

/** Lists the attempts of an endpoint, or those at the URLs that an account's requests have named, the newest first. */
export async function listWebhookAttempts(
  connection: Connection,
  at: { readonly endpointId: string } | { readonly accountId: string },
  limit: number,
): Promise<WebhookAttempt[]> {
  const attempts = connection
    .selectFrom("webhook_attempts as attempt")
    .leftJoin("events", "events.id", "attempt.event_id")
    .selectAll("attempt")
    .select(["events.url", "events.type"])
    .select((row) =>
      row
        .case()
        .when("events.type", "=", "extension")
        .then(row.ref("events.payload"))
        .else(null)
        .end()
        .as("extension_end"),
    );
  const chosen =
    "endpointId" in at
      ? attempts.where("attempt.endpoint_id", "=", at.endpointId)
      : attempts.where("attempt.endpoint_id", "is", null).where("attempt.account_id", "=", at.accountId);
  return chosen.orderBy("attempt.created_at", "desc").orderBy("attempt.id", "desc").limit(limit).execute();
}

/** The position of an attempt in the list, which is ordered by time. */
export interface AttemptPosition {
  readonly at: number;
  readonly id: string;
}

export type ListedAttempt = WebhookAttemptRow & { readonly type: string | null };

/** Lists an account's attempts, or those at one target, the newest first. */
export async function pageWebhookAttempts(
  connection: Connection,
  accountId: string,
  {
    endpointId,
    after,
    limit,
  }: {
    /** The value is null for the URLs that requests have named, and undefined for all attempts. */
    readonly endpointId: string | null | undefined;
    readonly after: AttemptPosition | undefined;
    readonly limit: number;
  },
): Promise<ListedAttempt[]> {
  let query = connection
    .selectFrom("webhook_attempts as attempt")
    .leftJoin("events", "events.id", "attempt.event_id")
    .selectAll("attempt")
    .select("events.type");
  if (typeof endpointId === "string") {
    // An endpoint has one account. As an expression, the account chooses no index, which would lead through the attempts
    // at all of its endpoints.
    query = query.where("attempt.endpoint_id", "=", endpointId).where(sql`attempt.account_id || ''`, "=", accountId);
  } else {
    query = query.where("attempt.account_id", "=", accountId);
    if (endpointId === null) query = query.where("attempt.endpoint_id", "is", null);
  }
  if (after !== undefined) {
    const { at, id } = after;
    query = query
      .where("attempt.created_at", "<=", at)
      .where(({ or, eb }) => or([eb("attempt.created_at", "<", at), eb("attempt.id", "<", id)]));
  }
  return query.orderBy("attempt.created_at", "desc").orderBy("attempt.id", "desc").limit(limit).execute();
}

/** The number of an account's latest attempts among which those of one type are looked for. */
const maxLookedAttempts = 1000;

/** Lists the times of an account's attempts since `since` with events of one type, the latest first. */
export async function listAttemptTimes(
  connection: Connection,
  accountId: string,
  { type, since }: { readonly type: string; readonly since: number },
): Promise<number[]> {
  const rows = await connection
    .selectFrom((from) =>
      from
        .selectFrom("webhook_attempts")
        .select(["event_id", "created_at"])
        .where("account_id", "=", accountId)
        .where("created_at", ">", since)
        .orderBy("created_at", "desc")
        .limit(maxLookedAttempts)
        .as("attempt"),
    )
    .innerJoin("events", "events.id", "attempt.event_id")
    .select("attempt.created_at")
    .where("events.type", "=", type)
    .orderBy("attempt.created_at", "desc")
    .execute();
  return rows.map(({ created_at }) => created_at);
}

/** An attempt with what is still kept of its event. */
export type FoundAttempt = ListedAttempt & { readonly payload: string | null };

export async function findWebhookAttempt(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<FoundAttempt | undefined> {
  return connection
    .selectFrom("webhook_attempts as attempt")
    .leftJoin("events", (join) =>
      join.onRef("events.id", "=", "attempt.event_id").onRef("events.account_id", "=", "attempt.account_id"),
    )
    .selectAll("attempt")
    .select(["events.type", "events.payload"])
    .where("attempt.id", "=", id)
    .where("attempt.account_id", "=", accountId)
    .executeTakeFirst();
}

/** @returns the number of deleted rows; 0 when none are left */
export async function deleteWebhookAttemptsBefore(
  connection: Connection,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom("webhook_attempts")
    .where("id", "in", (where) =>
      where.selectFrom("webhook_attempts").select("id").where("created_at", "<", before).limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export type WebhookUrlSecretRow = Selectable<WebhookUrlSecretsTable>;

export async function findWebhookUrlSecret(
  connection: Connection,
  accountId: string,
): Promise<WebhookUrlSecretRow | undefined> {
  return connection
    .selectFrom("webhook_url_secrets")
    .selectAll()
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

/** Does nothing if the account has a secret already. */
export async function insertWebhookUrlSecret(connection: Connection, row: WebhookUrlSecretRow): Promise<void> {
  await connection
    .insertInto("webhook_url_secrets")
    .values(row)
    .onConflict((conflict) => conflict.column("account_id").doNothing())
    .execute();
}

export async function updateWebhookUrlSecret(
  connection: Connection,
  { account_id, ...change }: WebhookUrlSecretRow,
): Promise<void> {
  await connection.updateTable("webhook_url_secrets").set(change).where("account_id", "=", account_id).execute();
}
