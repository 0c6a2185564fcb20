import { type Principal, principalOf } from "../accounts/authenticate.ts";
import type { ConsoleRole } from "../accounts/key-roles.ts";
import {
  type ConsoleSessionRow,
  findConsoleSession,
  listConsoleSessions,
} from "../database/repositories/console-sessions.ts";
import { hasEnded } from "../database/repositories/key-pairs.ts";
import { hashSecret, isSecret } from "../text/secrets.ts";
import type { ConsoleDeps } from "./deps.ts";
import { touchConsoleSession } from "./session-transactions.ts";

/** A session that is in force. */
export interface SessionInForce {
  readonly row: ConsoleSessionRow;
  readonly role: ConsoleRole;
  /** The party that the session speaks for, if it may do what is asked. */
  readonly principal: Principal;
}

/** The last use of a session is written again after this time. */
const touchMs = 60_000;

/**
 * The session that a cookie's value opens. Each request looks it up with its key pair and its account, so that the end
 * of any of them takes effect at once on every node.
 * @param token untrusted text
 */
export async function findSession(deps: ConsoleDeps, token: string): Promise<SessionInForce | undefined> {
  if (!isSecret(token)) return undefined;
  const { database, config, now } = deps;
  const time = now();
  const by = { tokenHash: hashSecret(token), now: time, idleMs: config.limits.consoleIdleMs };
  const row = await findConsoleSession(database.reader, by);
  if (row === undefined || !isInForce(row, time)) return undefined;
  if (row.unused_ms >= touchMs) await database.run(touchConsoleSession, { id: row.session_id, now: time });
  const role = row.session_role;
  return { row, role, principal: principalOf({ ...row, role }, time, [role], "session") };
}

/** The sessions of the account that are in force, the one that was used last first. */
export async function listSessions({ database, config, now }: ConsoleDeps, accountId: string) {
  const time = now();
  const rows = await listConsoleSessions(database.reader, accountId, {
    now: time,
    idleMs: config.limits.consoleIdleMs,
  });
  return rows.filter((row) => isInForce(row, time));
}

function isInForce(row: ConsoleSessionRow, now: number): boolean {
  return row.account_status === "active" && !hasEnded(row, now);
}
