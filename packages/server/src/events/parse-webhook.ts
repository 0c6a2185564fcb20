import { SluiceError } from "@sluice/protocol";
import type { AttemptPosition } from "../database/repositories/webhooks.ts";
import { leadsInside } from "../network/leads-inside.ts";
import { RemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { isId } from "../text/id.ts";
import { isEventId } from "./event-id.ts";
import { type EventType, eventTypes, isEventType } from "./event-types.ts";
import type { EventsNeeds } from "./needs.ts";
import { maxWebhookUrlLength } from "./webhook-options.ts";
import type { WebhookChange } from "./webhook-transactions.ts";

/*
 * Requests to the routes of webhooks. Each function throws SluiceError PARAMETER_INVALID for the first thing that is
 * wrong.
 */

type Members = Readonly<Record<string, unknown>>;
type Rules = Pick<EventsNeeds, "config">;

export function parseNewWebhook(
  rules: Rules,
  { url, events = null, ...others }: Members,
): { readonly url: string; readonly types: readonly EventType[] | null } {
  refuseOthers(others, ["url", "events"]);
  return { url: parseUrl(rules, url), types: parseTypes(events) };
}

export function parseWebhookChange(rules: Rules, { url, events, status, ...others }: Members): WebhookChange {
  refuseOthers(others, ["url", "events", "status"]);
  if (status !== undefined && status !== "enabled" && status !== "disabled") {
    throw invalid("status", "It must be enabled or disabled.");
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
    throw invalid("url", `It must be a URL of at most ${maxWebhookUrlLength} characters.`);
  }
  let url: string;
  try {
    url = parseRemoteUrl(text, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw invalid("url", error.message);
  }
  if (url.length > maxWebhookUrlLength) throw invalid("url", "It is too long once it is encoded.");
  if (config.allowPrivateNetworks || !leadsInside(url)) return url;
  throw invalid("url", "It leads to an address that is not public, where this server sends nothing.");
}

function parseTypes(value: unknown): readonly EventType[] | null {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length === 0 || value.length > Object.keys(eventTypes).length) {
    throw invalid("events", "It must be null for all types, or an array of types.");
  }
  if (value.every((type) => typeof type === "string" && isEventType(type))) return [...new Set(value)];
  throw invalid("events", `The types are ${Object.keys(eventTypes).join(", ")}.`);
}

export function parseReplay({ eventId, ...others }: Members): string {
  refuseOthers(others, ["eventId"]);
  if (typeof eventId === "string" && isEventId(eventId)) return eventId;
  throw invalid("eventId", "It must be the id of an event, a UUID.");
}

export interface AttemptListing {
  readonly endpointId: string | null | undefined;
  readonly after: AttemptPosition | undefined;
  readonly limit: number;
}

const limits = { standard: 50, max: 200 } as const;

export function parseAttemptListing({ endpointId, limit, cursor, ...others }: Members): AttemptListing {
  refuseOthers(others, ["endpointId", "limit", "cursor"]);
  const isKnown =
    endpointId === undefined || endpointId === "none" || (typeof endpointId === "string" && isId(endpointId));
  if (!isKnown) throw invalid("endpointId", "It must be the id of an endpoint, or none.");
  return {
    endpointId: endpointId === "none" ? null : endpointId,
    after: parseCursor(cursor),
    limit: parseLimit(limit),
  };
}

function parseLimit(text: unknown): number {
  if (text === undefined) return limits.standard;
  const limit = typeof text === "string" && /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= limits.max) return limit;
  throw invalid("limit", `It must be a whole number from 1 to ${limits.max}.`);
}

function parseCursor(text: unknown): AttemptPosition | undefined {
  if (text === undefined) return undefined;
  const [, at = "", id = ""] = (typeof text === "string" && /^(\d{1,15})-([0-9a-f]+)$/.exec(text)) || [];
  if (!isId(id)) throw invalid("cursor", "Send the nextCursor of the page before.");
  return { at: Number(at), id };
}

/** A cursor names the last attempt of a page. */
export function writeAttemptCursor({ at, id }: AttemptPosition): string {
  return `${at}-${id}`;
}

function refuseOthers(others: Members, known: readonly string[]): void {
  for (const name of Object.keys(others)) {
    throw invalid(name.slice(0, 64), `There is no such parameter here, only ${known.join(", ")}.`);
  }
}

function invalid(parameter: string, problem: string): SluiceError {
  return new SluiceError("PARAMETER_INVALID", { parameter, problem });
}
