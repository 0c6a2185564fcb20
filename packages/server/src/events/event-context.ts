import type { Principal } from "../accounts/authenticate.ts";
import type { Connection } from "../database/database.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import type { EventType } from "./event-types.ts";

/** An endpoint of the account that is told of events. */
export interface EventRoute {
  readonly endpointId: string;
  /** The value is null for all types. */
  readonly types: readonly EventType[] | null;
}

/**
 * The facts that a transaction needs to record an account's events: which endpoints are told, and the address of the
 * files that the events show. They are plain data. Where nobody is told of anything, the context is undefined, and
 * costs nothing.
 */
export interface EventContext {
  readonly accountId: string;
  readonly imagekitId: string;
  /** The URL has no trailing slash. */
  readonly publicUrl: string;
  readonly routes: readonly EventRoute[];
}

/**
 * The context for changes that a request makes. The routes were read when the request started, together with its key
 * pair, so this costs no query.
 */
export function eventContextOf(
  { accountId, imagekitId, eventRoutes }: Pick<Principal, "accountId" | "imagekitId" | "eventRoutes">,
  publicUrl: string,
): EventContext | undefined {
  if (eventRoutes === undefined || eventRoutes === null) return undefined;
  return { accountId, imagekitId, publicUrl, routes: JSON.parse(eventRoutes) as EventRoute[] };
}

/** The context for changes that a job makes. */
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
