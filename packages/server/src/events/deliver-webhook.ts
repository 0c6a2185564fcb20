import { findAccount } from "../database/repositories/accounts.ts";
import { type EventRow, findEvent } from "../database/repositories/events.ts";
import { findWebhook } from "../database/repositories/webhooks.ts";
import type { JobRun } from "../jobs/job.ts";
import type { AttemptLog } from "./attempt-log.ts";
import type { EventsDeps } from "./deps.ts";
import type { WebhookDelivery } from "./job-kinds.ts";
import { secretsOf } from "./webhook-secret.ts";
import type { WebhookSender } from "./webhook-sender.ts";
import { webhookUrlSecret } from "./webhook-url-secret.ts";

type DeliveryServices = Pick<EventsDeps, "database" | "metrics" | "now"> & {
  readonly sender: Pick<WebhookSender, "send">;
  readonly attempts: Pick<AttemptLog, "add">;
};

interface Target {
  readonly url: string;
  readonly secrets: readonly string[];
}

/**
 * Delivers one event to one endpoint, or to the URL that a request named. If the receiver doesn't accept the webhook,
 * the job fails, and the job's retries are the webhook's retries.
 * @throws an error with the reason, which names neither the URL nor a secret
 */
export async function deliverWebhook(
  services: DeliveryServices,
  job: Pick<JobRun<WebhookDelivery>, "input" | "attempt">,
  signal: AbortSignal,
): Promise<void> {
  const { database, metrics, now, sender, attempts } = services;
  const { eventId, endpointId } = job.input;
  const event = await findEvent(database.reader, eventId);
  const target = event && (await findTarget(database, event, endpointId, now()));
  if (event === undefined || target === undefined) {
    // The event is too old by now, or the endpoint has been removed or disabled, so nobody is told.
    metrics.webhooks.inc({ outcome: "dropped" });
    return;
  }
  const webhook = { url: target.url, id: event.id, payload: event.payload, secrets: target.secrets };
  const exchange = await sender.send(webhook, signal);
  metrics.webhooks.inc({ outcome: exchange.error === null ? "delivered" : "failed" });
  attempts.add({ event, endpointId: endpointId ?? null, url: target.url, attempt: job.attempt, exchange });
  if (exchange.error !== null) throw new Error(exchange.error);
}

async function findTarget(
  database: EventsDeps["database"],
  event: EventRow,
  endpointId: string | undefined,
  now: number,
): Promise<Target | undefined> {
  if (endpointId === undefined) {
    if (event.url === null) return undefined;
    const account = await findAccount(database.reader, { id: event.account_id });
    if (account?.status !== "active") return undefined;
    return { url: event.url, secrets: secretsOf(await webhookUrlSecret(database, event.account_id), now) };
  }
  const endpoint = await findWebhook(database.reader, endpointId);
  if (endpoint === undefined || endpoint.status === "disabled") return undefined;
  return { url: endpoint.url, secrets: secretsOf(endpoint, now) };
}
