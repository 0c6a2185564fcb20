import type { Principal } from "../accounts/authenticate.ts";
import type { Connection } from "../database/database.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import type { EventType } from "./event-types.ts";

/** An endpoint of the account that is told of events. */
export interface EventRoute {
  readonly endpointId: string;
  /** Null for all types. */
  readonly types: readonly EventType[] | null;
}

/**
 * What a transaction has to know to record an account's events: whom they are for, and under which address the files lie
 * that they show. Plain data; undefined, and free, where nobody is told of anything.
 */
export interface EventContext {
  readonly accountId: string;
  readonly imagekitId: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly routes: readonly EventRoute[];
}

/** For what a request changes. The routes are those of the request's start, when its key pair was looked up: this is no query. */
export function eventContextOf(
  { accountId, imagekitId, eventRoutes }: Principal,
  publicUrl: string,
): EventContext | undefined {
  if (eventRoutes === undefined || eventRoutes === null) return undefined;
  return { accountId, imagekitId, publicUrl, routes: JSON.parse(eventRoutes) as EventRoute[] };
}

/** For what a job changes. */
export async function findEventContext(
  connection: Connection,
  accountId: string,
  publicUrl: string,
): Promise<EventContext | undefined> {
  const account = await findAccount(connection, { id: accountId });
  if (account === undefined) return undefined;
  const { imagekit_id: imagekitId, event_routes: eventRoutes } = account;
  return eventContextOf({ accountId, imagekitId, eventRoutes }, publicUrl);
}
