import { SluiceError } from "@sluice/protocol";
import type { WebhookAttempt, WebhookAttemptDetails, WebhookAttemptList } from "@sluice/protocol/schemas";
import type { Connection } from "../database/database.ts";
import { findExchange, type WebhookExchangeRow } from "../database/repositories/events.ts";
import {
  type FoundAttempt,
  findWebhookAttempt,
  type ListedAttempt,
  pageWebhookAttempts,
} from "../database/repositories/webhooks.ts";
import { isId } from "../text/id.ts";
import type { KeptAnswer } from "./kept-answer.ts";
import { type AttemptListing, writeAttemptCursor } from "./parse-webhook.ts";
import { noAttempt } from "./record-event.ts";
import { fixedHeaders } from "./webhook-sender.ts";

/** The bytes of an event's body that are shown. */
const maxShownBytes = 64 * 1024;

/** Lists an account's attempts to deliver webhooks, the newest first. */
export async function listAttempts(
  reader: Connection,
  accountId: string,
  { endpointId, after, limit }: AttemptListing,
): Promise<WebhookAttemptList> {
  const found = await pageWebhookAttempts(reader, accountId, { endpointId, after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    attempts: shown.map(attemptObject),
    nextCursor:
      found.length > limit && last !== undefined ? writeAttemptCursor({ at: last.created_at, id: last.id }) : null,
  };
}

/** @throws SluiceError WEBHOOK_ATTEMPT_NOT_FOUND */
export async function readAttempt(reader: Connection, accountId: string, id: string): Promise<WebhookAttemptDetails> {
  const attempt = isId(id) ? await findWebhookAttempt(reader, accountId, id) : undefined;
  if (attempt === undefined) throw new SluiceError("WEBHOOK_ATTEMPT_NOT_FOUND");
  return attemptDetails(attempt, await findExchange(reader, accountId, id));
}

/** Shows an attempt with what was sent and answered, as far as these are still kept. */
export function attemptDetails(
  attempt: FoundAttempt,
  exchange: Pick<WebhookExchangeRow, "url" | "answer"> | undefined,
): WebhookAttemptDetails {
  const { payload } = attempt;
  const bytes = payload === null ? null : Buffer.from(payload);
  const isCut = bytes !== null && bytes.length > maxShownBytes;
  const answer = exchange?.answer ? (JSON.parse(exchange.answer) as KeptAnswer) : null;
  return {
    ...attemptObject(attempt),
    request: {
      url: exchange?.url ?? null,
      headers: attempt.attempt === noAttempt ? [] : requestHeaders(attempt),
      body: isCut ? new TextDecoder().decode(bytes.subarray(0, maxShownBytes), { stream: true }) : payload,
      bodyBytes: bytes?.length ?? null,
      isCut,
    },
    answer: answer && { headers: answer.headers.map(headerOf), body: answer.body, isCut: answer.isCut },
  };
}

/**
 * The headers of the request but its signatures: for a while, whoever has a body with its signature can send it as if
 * it came from here.
 */
function requestHeaders({ event_id: id, created_at: at }: FoundAttempt) {
  const headers = { ...fixedHeaders, "webhook-id": id, "webhook-timestamp": String(Math.floor(at / 1000)) };
  return Object.entries(headers).map(headerOf);
}

function headerOf([name, value]: readonly [string, string]) {
  return { name, value };
}

function attemptObject(row: ListedAttempt): WebhookAttempt {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.type,
    attempt: row.attempt,
    sentAt: new Date(row.created_at).toISOString(),
    durationMs: row.duration_ms,
    status: row.status,
    error: row.error,
  };
}
