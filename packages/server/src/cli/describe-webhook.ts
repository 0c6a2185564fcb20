import type { ExtensionEnd } from "@sluice/protocol/schemas";
import type { WebhookAttempt, WebhookEndpointRow } from "../database/repositories/webhooks.ts";
import { noAttempt } from "../events/record-event.ts";
import { typesOf } from "../events/webhook-transactions.ts";

/** The lines by which the commands show webhook endpoints and attempts at them. */

export function describeAttempt(attempt: WebhookAttempt): string {
  const time = new Date(attempt.created_at).toISOString();
  const event = `event ${attempt.event_id}${attempt.type === null ? "" : ` (${describeEvent(attempt)})`}`;
  if (attempt.attempt === noAttempt) return `${time}  ${event}: no webhook tells of it`;
  const outcome = attempt.error ?? `delivered: ${attempt.status}`;
  const answer = attempt.excerpt === null ? "" : ` ${JSON.stringify(attempt.excerpt)}`;
  const target = attempt.url === null ? "" : ` at ${attempt.url}`;
  const what = `${event}, attempt ${attempt.attempt}${target}`;
  return `${time}  ${what}: ${outcome} (${attempt.duration_ms} ms)${answer}`;
}

/** The longest part that is shown of a message, which may come from an extension's endpoint. */
const maxMessageLength = 200;

function describeEvent({ type, extension_end: payload }: WebhookAttempt): string {
  if (payload === null) return String(type);
  const end = JSON.parse(payload) as ExtensionEnd;
  if (end.status === "SUCCESS") return `extension ${end.service}`;
  const { reason, message } = end.error;
  const short = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
  return `extension ${end.service} of file ${end.fileId} failed, ${reason}: ${JSON.stringify(short)}`;
}

export function describeEndpoint(endpoint: WebhookEndpointRow, imagekitId: string): string {
  const types = typesOf(endpoint)?.join(", ") ?? "all events";
  const origin = endpoint.origin === "configured" ? ", by --webhook-url" : "";
  return `${endpoint.id}  ${imagekitId}  ${endpoint.url} (${endpoint.status}${origin}): ${types}`;
}
