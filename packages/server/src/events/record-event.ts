import type { EventType, ExtensionEnd, WebhookEvents } from "@sluice/protocol/schemas";
import type { Connection } from "../database/database.ts";
import { holdActiveAccount } from "../database/repositories/accounts.ts";
import { findEvent, insertEvent } from "../database/repositories/events.ts";
import { insertWebhookAttempts } from "../database/repositories/webhooks.ts";
import { enqueueJob, enqueueJobs, newJob } from "../jobs/enqueue-job.ts";
import { newId } from "../text/id.ts";
import type { EventContext, EventRoute } from "./event-context.ts";
import { newEventId } from "./event-id.ts";
import { deliverWebhookKind } from "./job-kinds.ts";

/** An event of one type, whose webhook has a body of that type (docs/protocol/webhooks-and-extensions.md §5). */
type NewEventOf<Type extends EventType> = {
  /** Given where the same event may be recorded again, so that it stays one event. */
  readonly id?: string;
  readonly type: Type;
  /** Called only when somebody is told of the event. */
  readonly data: () => WebhookEvents[Type]["data"];
} & Omit<WebhookEvents[Type], "id" | "type" | "created_at" | "data">;

export type NewEvent = { readonly [Type in EventType]: NewEventOf<Type> }[EventType];

/**
 * Records events in the connection's transaction, with one delivery for each endpoint that is told of the event's type
 * (docs/architecture.md decision 4). The events' contents are fixed now: they show the file as this transaction leaves
 * it.
 * @param context the account's; undefined records nothing
 * @param at Unix milliseconds: the events' `created_at`
 */
export async function recordEvents(
  connection: Connection,
  context: EventContext | undefined,
  events: readonly NewEvent[],
  at: number,
): Promise<void> {
  if (context === undefined || !events.some(({ type }) => isTold(context, type))) return;
  // Nothing about an account that is being erased may be kept or sent.
  if (!(await holdActiveAccount(connection, context.accountId))) return;
  const deliveries = [];
  for (const { id: known, type, data, ...rest } of events) {
    const routes = routesOf(context, type);
    if (routes.length === 0) continue;
    if (known !== undefined && (await findEvent(connection, known)) !== undefined) continue;
    const id = known ?? newEventId(at);
    const body = { id, type, created_at: new Date(at).toISOString(), ...rest, data: data() };
    const payload = JSON.stringify(body);
    await insertEvent(connection, { id, account_id: context.accountId, type, url: null, payload });
    for (const { endpointId } of routes) {
      deliveries.push(newJob(deliverWebhookKind, { eventId: id, endpointId }, { lane: endpointId }));
    }
  }
  await enqueueJobs(connection, deliveries);
}

/** Whether any endpoint is told of events of this type. */
export function isTold(context: EventContext | undefined, type: EventType): boolean {
  return context !== undefined && routesOf(context, type).length > 0;
}

function routesOf({ routes }: EventContext, type: EventType): EventRoute[] {
  return routes.filter(({ types }) => types === null || types.includes(type));
}

export function recordEvent(
  connection: Connection,
  context: EventContext | undefined,
  event: NewEvent,
  at: number,
): Promise<void> {
  return recordEvents(connection, context, [event], at);
}

/** The type of the events for a request's own `webhookUrl`. An account's endpoints are never told of such events. */
export const extensionEventType = "extension";

/** The reason why an extension has finally failed. The receiver of `webhookUrl` is told this. */
export interface ExtensionError {
  /** A stable code. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
}

/**
 * Records in the transaction what a request's `webhookUrl` will be told, with one POST for each extension. The URL's
 * text was checked when the request came. Its host name is resolved on connecting.
 * @param at Unix milliseconds
 */
export async function recordExtensionEnd(
  connection: Connection,
  {
    accountId,
    webhookUrl,
    end,
  }: { readonly accountId: string; readonly webhookUrl: string; readonly end: ExtensionEnd },
  at: number,
): Promise<void> {
  if (!(await holdActiveAccount(connection, accountId))) return;
  const id = newEventId(at);
  const row = { id, account_id: accountId, type: extensionEventType, url: webhookUrl, payload: JSON.stringify(end) };
  await insertEvent(connection, row);
  const lane = URL.parse(webhookUrl)?.host ?? "";
  await enqueueJob(connection, deliverWebhookKind, { eventId: id }, { lane });
}

/** The number of an attempt that is never made: nobody is told of the event, but the webhook log shows it. */
export const noAttempt = 0;

/**
 * Records the failure of an extension that no webhook reports, so that the operator can find it. Either the request
 * named no `webhookUrl`, or its answer said that the extension had failed but not why.
 * @param at Unix milliseconds
 */
export async function recordUntoldFailure(
  connection: Connection,
  { accountId, end }: { readonly accountId: string; readonly end: ExtensionEnd },
  at: number,
): Promise<void> {
  if (!(await holdActiveAccount(connection, accountId))) return;
  const event = { id: newEventId(at), account_id: accountId, type: extensionEventType, url: null };
  await insertEvent(connection, { ...event, payload: JSON.stringify(end) });
  const nothing = { endpoint_id: null, status: null, error: null, excerpt: null, duration_ms: 0 };
  const attempt = { id: newId(at), account_id: accountId, event_id: event.id, attempt: noAttempt, created_at: at };
  await insertWebhookAttempts(connection, [{ ...attempt, ...nothing }]);
}
