import { jobKind } from "../jobs/job.ts";

/** Telling one endpoint of an event, or the URL that the event names. */
export interface WebhookDelivery {
  readonly eventId: string;
  readonly endpointId?: string;
}

export const deliverWebhookKind = jobKind<WebhookDelivery>("deliver-webhook");
