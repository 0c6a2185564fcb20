import { jobKind } from "../jobs/job.ts";

/** The input of the job that delivers an event to one endpoint, or to the URL that the event names. */
export interface WebhookDelivery {
  readonly eventId: string;
  readonly endpointId?: string;
}

export const deliverWebhookKind = jobKind<WebhookDelivery>("deliver-webhook");
