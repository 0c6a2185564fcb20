import { type Connection, Rollback } from "../database/database.ts";
import { lockAccount, updateAccount } from "../database/repositories/accounts.ts";
import { deleteExchangesWith, findEvent, listEventsSince } from "../database/repositories/events.ts";
import {
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhook,
  type WebhookEndpointRow,
} from "../database/repositories/webhooks.ts";
import { enqueueJobs, newJob } from "../jobs/enqueue-job.ts";
import { countWaitingJobs } from "../jobs/live-jobs.ts";
import { newId } from "../text/id.ts";
import type { EventRoute } from "./event-context.ts";
import { type EventType, isEventType } from "./event-types.ts";
import { deliverWebhookKind } from "./job-kinds.ts";
import { rotatedSecret } from "./webhook-secret.ts";

/**
 * The largest number of endpoints of one account. Each endpoint is told of every event that it wants, so their number
 * bounds the cost of an upload.
 */
export const maxWebhooks = 20;

export interface NewWebhook {
  readonly imagekitId: string;
  readonly url: string;
  readonly secret: string;
  /** The value is null for all types. */
  readonly types: readonly EventType[] | null;
  readonly now: number;
}

export async function addWebhook(
  connection: Connection,
  { imagekitId, url, secret, types, now }: NewWebhook,
): Promise<{ readonly id: string } | { readonly problem: "no account" | "account disabled" | "too many" }> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  if (account === undefined) return { problem: "no account" };
  if (account.status !== "active") return { problem: "account disabled" };
  if ((await listWebhooks(connection, account.id)).length >= maxWebhooks) return { problem: "too many" };
  const row = newRow({ accountId: account.id, url, secret, types, origin: "added", now });
  await insertWebhook(connection, row);
  await writeRoutes(connection, account.id);
  return { id: row.id };
}

export interface ConfiguredWebhook {
  readonly imagekitId: string;
  /** The URL in the configuration. Without a URL, the account has no configured endpoint from now on. */
  readonly url?: string;
  readonly secret?: string;
  /** The secret for an endpoint that is created without a configured secret. */
  readonly spare: string;
  readonly now: number;
}

/**
 * Makes the account's configured endpoint match the configuration when the server starts. An endpoint that stays keeps
 * its secret, unless another secret is given, and stays enabled or disabled.
 * @returns whether the spare secret is used
 */
export async function configureWebhook(
  connection: Connection,
  { imagekitId, url, secret, spare, now }: ConfiguredWebhook,
): Promise<{ readonly madeSecret: boolean }> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  if (account === undefined) throw new Error("the configured account is not there");
  const endpoints = await listWebhooks(connection, account.id);
  const configured = endpoints.find(({ origin }) => origin === "configured");
  const unchanged = configured?.url === url && (secret === undefined || configured?.secret === secret);
  if (unchanged) return { madeSecret: false };
  if (url === undefined) await forgetWebhook(connection, configured?.id ?? "");
  else if (configured !== undefined) await updateWebhook(connection, configured.id, { url, ...(secret && { secret }) });
  else {
    const made = {
      accountId: account.id,
      url,
      secret: secret ?? spare,
      types: null,
      origin: "configured",
      now,
    } as const;
    await insertWebhook(connection, newRow(made));
  }
  await writeRoutes(connection, account.id);
  return { madeSecret: url !== undefined && configured === undefined && secret === undefined };
}

export type WebhookOutcome = "done" | "no webhook" | "configured" | "account disabled";

/** An endpoint by its id, which must be the account's where one is named. */
interface WebhookById {
  readonly id: string;
  readonly accountId?: string;
}

export async function removeWebhook(connection: Connection, which: WebhookById): Promise<WebhookOutcome> {
  return changeWebhook(connection, which, async ({ id, origin }) => {
    // The next start would create it again.
    if (origin === "configured") throw new Rollback("configured");
    await forgetWebhook(connection, id);
  });
}

async function forgetWebhook(connection: Connection, id: string): Promise<void> {
  await deleteWebhook(connection, id);
  await deleteExchangesWith(connection, id);
}

export async function setWebhookStatus(
  connection: Connection,
  { id, status }: { readonly id: string; readonly status: WebhookEndpointRow["status"] },
): Promise<WebhookOutcome> {
  return changeWebhook(connection, { id }, () => updateWebhook(connection, id, { status }));
}

/** The change that an account makes to an endpoint. Members that are undefined stay. */
export interface WebhookChange {
  readonly url?: string | undefined;
  /** The value is null for all types. */
  readonly types?: readonly EventType[] | null | undefined;
  readonly status?: WebhookEndpointRow["status"] | undefined;
}

/** Changes an account's endpoint. A configured endpoint can only be enabled and disabled. */
export async function editWebhook(
  connection: Connection,
  { change, ...which }: Required<WebhookById> & { readonly change: WebhookChange },
): Promise<WebhookOutcome> {
  const { url, types, status } = change;
  return changeWebhook(connection, which, async ({ id, origin }) => {
    if (origin === "configured" && (url !== undefined || types !== undefined)) throw new Rollback("configured");
    const columns = {
      ...(url !== undefined && { url }),
      ...(types !== undefined && { event_types: types === null ? null : JSON.stringify(types) }),
      ...(status !== undefined && { status }),
    };
    if (Object.keys(columns).length > 0) await updateWebhook(connection, id, columns);
  });
}

/** Gives the endpoint a new secret. For `graceMs`, webhooks are also signed with the previous secret. */
export async function rotateWebhookSecret(
  connection: Connection,
  input: { readonly id: string; readonly secret: string; readonly graceMs: number; readonly now: number },
): Promise<WebhookOutcome> {
  const { id, ...rotation } = input;
  return changeWebhook(connection, { id }, (endpoint) =>
    updateWebhook(connection, id, rotatedSecret(endpoint, rotation)),
  );
}

async function changeWebhook(
  connection: Connection,
  which: WebhookById,
  change: (endpoint: WebhookEndpointRow) => Promise<void>,
): Promise<WebhookOutcome> {
  const endpoint = await lockEndpoint(connection, which);
  if (typeof endpoint === "string") return endpoint;
  await change(endpoint);
  await writeRoutes(connection, endpoint.account_id);
  return "done";
}

/** Finds the endpoint, and keeps others from changing those of its account until the transaction ends. */
async function lockEndpoint(
  connection: Connection,
  { id, accountId }: WebhookById,
): Promise<WebhookEndpointRow | "no webhook" | "account disabled"> {
  const found = await findWebhook(connection, id);
  if (found === undefined || found.account_id !== (accountId ?? found.account_id)) return "no webhook";
  const account = await lockAccount(connection, { id: found.account_id });
  if (account?.status !== "active") return "account disabled";
  return (await findWebhook(connection, id)) ?? "no webhook";
}

export interface Replay extends WebhookById {
  /** Either one event, or the events after an id, `limit` at a time. */
  readonly which: { readonly eventId: string } | { readonly after: string; readonly limit: number };
}

export type ReplayOutcome =
  | { readonly replayed: number; readonly last: string | undefined }
  | { readonly problem: "no webhook" | "disabled" | "no event" | "account disabled" | "waiting" };

/** The number of deliveries of one event to one endpoint that may wait for another attempt. */
export const maxRepeatedDeliveries = 3;

/** Delivers events to the endpoint again, or for the first time, as far as they have its types and are still kept. */
export async function replayEvents(connection: Connection, replay: Replay): Promise<ReplayOutcome> {
  const { id, which } = replay;
  const endpoint = await lockEndpoint(connection, replay);
  if (typeof endpoint === "string") return { problem: endpoint };
  if (endpoint.status === "disabled") return { problem: "disabled" };
  const types = typesOf(endpoint);
  const wanted = (type: string) => isEventType(type) && (types === null || types.includes(type));
  let last: string | undefined;
  let eventIds: string[];
  if ("eventId" in which) {
    const event = await findEvent(connection, which.eventId);
    // A single event is delivered whatever its type, because the caller named it. Ends of extensions are not among the
    // account's events.
    const isAccounts = event?.account_id === endpoint.account_id && event.url === null && isEventType(event.type);
    if (!isAccounts) return { problem: "no event" };
    if (await isWaiting(connection, event.id, id)) return { problem: "waiting" };
    eventIds = [event.id];
  } else {
    const range = { from: which.after, limit: which.limit };
    const events = await listEventsSince(connection, endpoint.account_id, range);
    last = events.length < which.limit ? undefined : events.at(-1)?.id;
    eventIds = events.filter(({ type }) => wanted(type)).map((event) => event.id);
  }
  await enqueueJobs(
    connection,
    eventIds.map((eventId) => newJob(deliverWebhookKind, { eventId, endpointId: id }, { lane: id })),
  );
  return { replayed: eventIds.length, last };
}

/**
 * Whether the event is to be sent to the endpoint anyway, or so many deliveries wait that it can't be told. One that
 * waits for another attempt may do so for hours, so that a few replays are sent before it.
 */
async function isWaiting(connection: Connection, eventId: string, endpointId: string): Promise<boolean> {
  const deliveries = { name: deliverWebhookKind.name, lane: endpointId, member: "eventId", value: eventId };
  const { fresh, all, isComplete } = await countWaitingJobs(connection, deliveries);
  return fresh > 0 || all >= maxRepeatedDeliveries || !isComplete;
}

/**
 * Stores which endpoints are told of which events in the account's row, which every request reads with its key pair.
 */
async function writeRoutes(connection: Connection, accountId: string): Promise<void> {
  const enabled = (await listWebhooks(connection, accountId)).filter(({ status }) => status === "enabled");
  const routes = enabled.map((row): EventRoute => ({ endpointId: row.id, types: typesOf(row) }));
  await updateAccount(connection, accountId, { event_routes: routes.length === 0 ? null : JSON.stringify(routes) });
}

export function typesOf({ event_types: types }: WebhookEndpointRow): readonly EventType[] | null {
  return types === null ? null : (JSON.parse(types) as EventType[]);
}

function newRow(
  webhook: Omit<NewWebhook, "imagekitId"> & Pick<WebhookEndpointRow, "origin"> & { readonly accountId: string },
): WebhookEndpointRow {
  return {
    id: newId(webhook.now),
    account_id: webhook.accountId,
    url: webhook.url,
    secret: webhook.secret,
    earlier_secret: null,
    earlier_secret_until: null,
    event_types: webhook.types === null ? null : JSON.stringify(webhook.types),
    status: "enabled",
    origin: webhook.origin,
    created_at: webhook.now,
  };
}
