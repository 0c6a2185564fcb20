import type { ConsoleSession, ConsoleSessionList } from "@sluice/protocol/schemas";
import { readSwitches } from "../accounts/delivery-switches.ts";
import type { Config } from "../config/config.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import type { ConsoleSessionRow } from "../database/repositories/console-sessions.ts";
import { taggedHere } from "../extensions/auto-tagging/tagged-here.ts";
import type { ConsoleDeps } from "./deps.ts";
import { listSessions, type SessionInForce } from "./find-session.ts";

export interface DescriptionDeps extends ConsoleDeps {
  readonly config: Pick<
    Config,
    "autoTagging" | "clamd" | "consoleOrigin" | "demo" | "extensions" | "fileSize" | "limits" | "trash"
  >;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

const dayMs = 24 * 3600 * 1000;

/** Says who is signed in, and what the console needs to know of the account and the server. */
export async function describeSession(
  { config, database, publicUrl }: DescriptionDeps,
  { row, role, principal: { accountId, imagekitId } }: SessionInForce,
): Promise<ConsoleSession> {
  const account = await findAccount(database.reader, { id: accountId });
  return {
    session: {
      id: row.session_id,
      role,
      publicKey: row.public_key,
      createdAt: new Date(row.session_created_at).toISOString(),
      idleSeconds: config.limits.consoleIdleMs / 1000,
      endsAt: new Date(row.session_ends_at).toISOString(),
    },
    account: { imagekitId, urlEndpoint: `${publicUrl()}/${imagekitId}` },
    limits: { fileBytes: bounded(config.fileSize.file), videoBytes: bounded(config.fileSize.video) },
    delivery: { ...readSwitches(account?.delivery_switches ?? null) },
    features: {
      trashDays: config.trash.askedMs === null ? null : config.trash.askedMs / dayMs,
      virusScan: config.clamd !== undefined,
      extensions: [
        ...new Set([...(config.autoTagging ? taggedHere : []), ...Object.keys(config.extensions.endpoints)]),
      ],
      demo: config.demo,
    },
    sharesOrigin: config.consoleOrigin === undefined,
  };
}

function bounded(bytes: number): number | null {
  return Number.isFinite(bytes) ? bytes : null;
}

/** @param current the id of the session that asks; undefined where a key pair asks */
export async function describeSessions(
  deps: ConsoleDeps,
  accountId: string,
  current: string | undefined,
): Promise<ConsoleSessionList> {
  return (await listSessions(deps, accountId)).map((row) => describeRow(row, current));
}

function describeRow(row: ConsoleSessionRow, current: string | undefined): ConsoleSessionList[number] {
  return {
    id: row.session_id,
    role: row.session_role,
    publicKey: row.public_key,
    current: row.session_id === current,
    client: row.client,
    createdAt: new Date(row.session_created_at).toISOString(),
    lastSeenAt: new Date(row.last_seen_at).toISOString(),
    endsAt: new Date(row.session_ends_at).toISOString(),
  };
}
