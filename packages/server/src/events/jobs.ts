import { defineJob } from "../jobs/job.ts";
import { deliverWebhookKind, type WebhookDelivery } from "./job-kinds.ts";
import type { Webhooks } from "./open-webhooks.ts";

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
