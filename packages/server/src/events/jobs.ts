import { defineJob, type JobRun } from "../jobs/job.ts";
import { outboundRules } from "../network/outbound-rules.ts";
import { AttemptLog } from "./attempt-log.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import type { EventsDeps } from "./deps.ts";
import { deliverWebhookKind, type WebhookDelivery } from "./job-kinds.ts";
import { WebhookSender } from "./webhook-sender.ts";

/** Delivers webhooks in this process. */
export interface Webhooks {
  readonly deliver: (run: JobRun<WebhookDelivery>, signal: AbortSignal) => Promise<void>;
  /** Writes the attempts that are still waiting, and closes the connections. */
  close(): Promise<void>;
}

export function openWebhooks(services: EventsDeps): Webhooks {
  const sender = new WebhookSender(outboundRules(services.config), services.now);
  const attempts = new AttemptLog(services);
  return {
    deliver: (job, signal) => deliverWebhook({ ...services, sender, attempts }, job, signal),
    async close() {
      await attempts.flush();
      await sender.close();
    },
  };
}

export const deliverWebhookJob = defineJob<{ readonly webhooks: Pick<Webhooks, "deliver"> }, WebhookDelivery>({
  kind: deliverWebhookKind,
  // The waits add up to 22 to 26 hours, a day on average (docs/protocol/webhooks-and-extensions.md §8).
  retries: 16,
  backoff: { firstSeconds: 10, maxSeconds: 4 * 3600 },
  leaseSeconds: 15,
  runSeconds: 120,
  singleton: false,
  concurrency: 32,
  laneConcurrency: 8,
  onPostgres: { concurrency: 16, laneConcurrency: 4 },
  // The receiver would get the webhook twice.
  whenStopped: "finishes",
  owners: [
    // Endpoints come first: accounts have few of them, and rows of events are large.
    { member: "endpointId", table: "webhook_endpoints", isLane: true },
    { member: "eventId", table: "events" },
  ],
  run: ({ webhooks }, run, signal) => webhooks.deliver(run, signal),
});
