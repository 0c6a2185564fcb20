import type { Connection } from "../database/database.ts";
import { findEvent, insertEvent } from "../database/repositories/events.ts";
import { enqueueJobs } from "../jobs/enqueue-job.ts";
import type { EventContext, EventRoute } from "./event-context.ts";
import { newEventId } from "./event-id.ts";
import type { EventType } from "./event-types.ts";

export interface NewEvent {
  /** Where it may be recorded again: it is one event all the same. */
  readonly id?: string;
  readonly type: EventType;
  /** The payload's `data`; called only when somebody is told of the event. JSON. */
  readonly data: () => object;
  /** The payload's `request`, where the type has one. */
  readonly request?: object;
}

/**
 * Puts events into the transaction that the connection is in, and a delivery of each for every endpoint that is told of
 * its type (design decision 4). What they say is fixed now: the file as this transaction leaves it.
 * @param context of the account; undefined records nothing
 * @param at Unix milliseconds: the events' `created_at`
 */
export async function recordEvents(
  connection: Connection,
  context: EventContext | undefined,
  events: readonly NewEvent[],
  at: number,
): Promise<void> {
  if (context === undefined) return;
  const deliveries = [];
  for (const { id: known, type, data, request } of events) {
    const routes = routesOf(context, type);
    if (routes.length === 0) continue;
    if (known !== undefined && (await findEvent(connection, known)) !== undefined) continue;
    const id = known ?? newEventId(at);
    const body = { id, type, created_at: new Date(at).toISOString(), ...(request && { request }), data: data() };
    const payload = JSON.stringify(body);
    await insertEvent(connection, { id, account_id: context.accountId, type, url: null, payload });
    for (const { endpointId } of routes) {
      deliveries.push({ name: "deliver-webhook", input: { eventId: id, endpointId }, lane: endpointId } as const);
    }
  }
  await enqueueJobs(connection, deliveries);
}

/** Whether anybody is told of events of that type. */
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

/** How an extension that was `pending` has ended: the body of its webhook (spec/webhooks-and-extensions.md §3). */
export type ExtensionEnd =
  | { readonly service: string; readonly status: "SUCCESS"; readonly fileObject: object }
  | { readonly service: string; readonly status: "FAILURE"; readonly fileId: string; readonly error: object };

/**
 * Puts into the transaction what a request's `webhookUrl` is to be told: one POST for each extension. The URL has been
 * checked as text when the request came; its name is resolved when it is connected to.
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
  const id = newEventId(at);
  const row = { id, account_id: accountId, type: "extension", url: webhookUrl, payload: JSON.stringify(end) };
  await insertEvent(connection, row);
  const lane = URL.parse(webhookUrl)?.host ?? "";
  await enqueueJobs(connection, [{ name: "deliver-webhook", input: { eventId: id }, lane }]);
}
