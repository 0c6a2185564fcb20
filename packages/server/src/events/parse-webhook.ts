import type { AttemptPosition } from "../database/repositories/webhooks.ts";
import { leadsInside } from "../network/outbound-rules.ts";
import { RemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { isId } from "../text/id.ts";
import { assertKnownMembers, invalidParameter, parseLimit } from "../text/parameter.ts";
import type { EventsDeps } from "./deps.ts";
import { isEventId } from "./event-id.ts";
import { type EventType, eventTypes, isEventType } from "./event-types.ts";
import { maxWebhookUrlLength } from "./webhook-options.ts";
import type { WebhookChange } from "./webhook-transactions.ts";

/*
 * Requests to the routes of webhooks. Each function throws SluiceError PARAMETER_INVALID for the first thing that is
 * wrong.
 */

type Members = Readonly<Record<string, unknown>>;
type Rules = Pick<EventsDeps, "config">;

export function parseNewWebhook(
  rules: Rules,
  body: Members,
): { readonly url: string; readonly types: readonly EventType[] | null } {
  assertKnownMembers(body, ["url", "events"]);
  const { url, events = null } = body;
  return { url: parseUrl(rules, url), types: parseTypes(events) };
}

export function parseWebhookChange(rules: Rules, body: Members): WebhookChange {
  assertKnownMembers(body, ["url", "events", "status"]);
  const { url, events, status } = body;
  if (status !== undefined && status !== "enabled" && status !== "disabled") {
    throw invalidParameter("status", "It must be enabled or disabled.");
  }
  return {
    url: url === undefined ? undefined : parseUrl(rules, url),
    types: events === undefined ? undefined : parseTypes(events),
    status,
  };
}

/** The URL may carry a secret, so errors don't repeat it. The address behind a name is checked on connecting. */
function parseUrl({ config }: Rules, text: unknown): string {
  if (typeof text !== "string" || text === "" || text.length > maxWebhookUrlLength) {
    throw invalidParameter("url", `It must be a URL of at most ${maxWebhookUrlLength} characters.`);
  }
  let url: string;
  try {
    url = parseRemoteUrl(text, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw invalidParameter("url", error.message);
  }
  if (url.length > maxWebhookUrlLength) throw invalidParameter("url", "It is too long once it is encoded.");
  if (config.allowPrivateNetworks || !leadsInside(url)) return url;
  throw invalidParameter("url", "It leads to an address that is not public, where this server sends nothing.");
}

function parseTypes(value: unknown): readonly EventType[] | null {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length === 0 || value.length > Object.keys(eventTypes).length) {
    throw invalidParameter("events", "It must be null for all types, or an array of types.");
  }
  if (value.every((type) => typeof type === "string" && isEventType(type))) return [...new Set(value)];
  throw invalidParameter("events", `The types are ${Object.keys(eventTypes).join(", ")}.`);
}

export function parseReplay(body: Members): string {
  assertKnownMembers(body, ["eventId"]);
  const { eventId } = body;
  if (typeof eventId === "string" && isEventId(eventId)) return eventId;
  throw invalidParameter("eventId", "It must be the id of an event, a UUID.");
}

export interface AttemptListing {
  readonly endpointId: string | null | undefined;
  readonly after: AttemptPosition | undefined;
  readonly limit: number;
}

const limits = { standard: 50, max: 200 } as const;

export function parseAttemptListing(query: Members): AttemptListing {
  assertKnownMembers(query, ["endpointId", "limit", "cursor"]);
  const { endpointId, limit, cursor } = query;
  const isKnown =
    endpointId === undefined || endpointId === "none" || (typeof endpointId === "string" && isId(endpointId));
  if (!isKnown) throw invalidParameter("endpointId", "It must be the id of an endpoint, or none.");
  return {
    endpointId: endpointId === "none" ? null : endpointId,
    after: parseCursor(cursor),
    limit: parseLimit(limit, limits),
  };
}

function parseCursor(text: unknown): AttemptPosition | undefined {
  if (text === undefined) return undefined;
  const [, at = "", id = ""] = (typeof text === "string" && /^(\d{1,15})-([0-9a-f]+)$/.exec(text)) || [];
  if (!isId(id)) throw invalidParameter("cursor", "Send the nextCursor of the page before.");
  return { at: Number(at), id };
}

/** A cursor names the last attempt of a page. */
export function writeAttemptCursor({ at, id }: AttemptPosition): string {
  return `${at}-${id}`;
}
