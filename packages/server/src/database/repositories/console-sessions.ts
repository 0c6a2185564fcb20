import type { Insertable } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { ConsoleLinksTable, ConsoleSessionsTable } from "../schema.ts";
import { selectWithAccount } from "./key-pairs.ts";

/** The time of this process's clock, and the time for which a session may stay unused. Milliseconds. */
export interface SessionTimes {
  readonly now: number;
  readonly idleMs: number;
}

/** The random part of the console's cookie's name. */
export async function findConsoleInstance(connection: Connection): Promise<string> {
  return (await connection.selectFrom("console_instances").select("id").executeTakeFirstOrThrow()).id;
}

/** The session with its key pair and its account, unless its time is over. Nothing says yet that the pair is in force. */
export async function findConsoleSession(
  connection: Connection,
  by: SessionTimes & { readonly tokenHash: Uint8Array },
) {
  const { rows } = await byTokenHash(connection, by);
  return rows[0];
}

export type ConsoleSessionRow = NonNullable<Awaited<ReturnType<typeof findConsoleSession>>>;

const byTokenHash = prepared((connection, by: SessionTimes & { readonly tokenHash: Uint8Array }) =>
  selectInTime(connection, by).where("console_sessions.token_hash", "=", by.tokenHash),
);

/** Lists the sessions of the account whose time is not over, the one that was used last first. */
export async function listConsoleSessions(
  connection: Connection,
  accountId: string,
  times: SessionTimes,
): Promise<ConsoleSessionRow[]> {
  return selectInTime(connection, times)
    .where("console_sessions.account_id", "=", accountId)
    .orderBy("console_sessions.last_seen_at", "desc")
    .orderBy("console_sessions.id")
    .execute();
}

function selectInTime(connection: Connection, { now, idleMs }: SessionTimes) {
  const clock = clockOf(connection, now);
  return selectWithAccount(connection)
    .innerJoin("console_sessions", (join) =>
      join
        .onRef("console_sessions.key_pair_id", "=", "key_pairs.id")
        .onRef("console_sessions.account_id", "=", "key_pairs.account_id"),
    )
    .select([
      "console_sessions.id as session_id",
      "console_sessions.role as session_role",
      "console_sessions.client",
      "console_sessions.created_at as session_created_at",
      "console_sessions.last_seen_at",
      "console_sessions.ends_at as session_ends_at",
    ])
    .select((where) => where(clock, "-", where.ref("console_sessions.last_seen_at")).as("unused_ms"))
    .where("console_sessions.ends_at", ">", clock)
    .where("console_sessions.last_seen_at", ">", (where) => where(clock, "-", idleMs));
}

export async function insertConsoleSession(
  connection: Connection,
  { sessionMs, now, ...row }: NewConsoleSession,
): Promise<void> {
  const clock = clockOf(connection, now);
  await connection
    .insertInto("console_sessions")
    .values(({ eb }) => ({ ...row, created_at: clock, last_seen_at: clock, ends_at: eb(clock, "+", sessionMs) }))
    .execute();
}

export type NewConsoleSession = Omit<Insertable<ConsoleSessionsTable>, "created_at" | "last_seen_at" | "ends_at"> & {
  readonly sessionMs: number;
  readonly now: number;
};

/** Records that the session is in use. */
export async function touchConsoleSessionRow(connection: Connection, id: string, now: number): Promise<void> {
  const clock = clockOf(connection, now);
  await connection.updateTable("console_sessions").set({ last_seen_at: clock }).where("id", "=", id).execute();
}

/** @returns whether there was such a session */
export async function deleteConsoleSession(
  connection: Connection,
  by: { readonly tokenHash: Uint8Array } | { readonly accountId: string; readonly id: string },
): Promise<boolean> {
  const query = connection.deleteFrom("console_sessions");
  const one =
    "id" in by
      ? query.where("id", "=", by.id).where("account_id", "=", by.accountId)
      : query.where("token_hash", "=", by.tokenHash);
  return (await one.executeTakeFirst()).numDeletedRows > 0n;
}

/**
 * Deletes the account's sessions and links whose time is over, and all but so many sessions of the key pair that were
 * used last.
 */
export async function forgetConsoleRows(
  connection: Connection,
  {
    accountId,
    keyPairId,
    now,
    idleMs,
    keep,
  }: SessionTimes & { readonly accountId: string; readonly keyPairId: string; readonly keep: number },
): Promise<void> {
  const clock = clockOf(connection, now);
  await connection
    .deleteFrom("console_links")
    .where("account_id", "=", accountId)
    .where("ends_at", "<=", clock)
    .execute();
  await connection
    .deleteFrom("console_sessions")
    .where("account_id", "=", accountId)
    .where((where) => where.or([where("ends_at", "<=", clock), where("last_seen_at", "<=", where(clock, "-", idleMs))]))
    .execute();
  const kept = connection
    .selectFrom("console_sessions")
    .select("id")
    .where("account_id", "=", accountId)
    .where("key_pair_id", "=", keyPairId)
    .orderBy("last_seen_at", "desc")
    .orderBy("id")
    .limit(keep);
  await connection
    .deleteFrom("console_sessions")
    .where("account_id", "=", accountId)
    .where("key_pair_id", "=", keyPairId)
    .where("id", "not in", kept)
    .execute();
}

export async function insertConsoleLink(
  connection: Connection,
  {
    lifeMs,
    now,
    ...row
  }: Pick<Insertable<ConsoleLinksTable>, "hash" | "account_id" | "role"> & {
    readonly lifeMs: number;
    readonly now: number;
  },
): Promise<void> {
  const clock = clockOf(connection, now);
  await connection
    .insertInto("console_links")
    .values(({ eb }) => ({ ...row, created_at: clock, ends_at: eb(clock, "+", lifeMs) }))
    .execute();
}

/** The account and the role of a link, unless its time is over. */
export async function findConsoleLink(connection: Connection, hash: Uint8Array, now: number) {
  return connection
    .selectFrom("console_links")
    .select(["account_id", "role"])
    .where("hash", "=", hash)
    .where("ends_at", ">", clockOf(connection, now))
    .executeTakeFirst();
}

/** @returns whether the link was there. Of several transactions that delete it at once, one is told so. */
export async function deleteConsoleLink(connection: Connection, hash: Uint8Array): Promise<boolean> {
  const { numDeletedRows } = await connection.deleteFrom("console_links").where("hash", "=", hash).executeTakeFirst();
  return numDeletedRows > 0n;
}
