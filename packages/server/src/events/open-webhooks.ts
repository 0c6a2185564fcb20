import type { JobRun } from "../jobs/job.ts";
import { outboundRules } from "../network/outbound-rules.ts";
import { AttemptLog } from "./attempt-log.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import type { EventsDeps } from "./deps.ts";
import type { WebhookDelivery } from "./job-kinds.ts";
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
