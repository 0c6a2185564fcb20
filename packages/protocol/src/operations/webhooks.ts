import {
  CreatedWebhookEndpoint,
  NewWebhookEndpoint,
  WebhookAttemptDetails,
  WebhookAttemptList,
  WebhookAttemptQuery,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointList,
  WebhookReplay,
} from "../schemas/webhook.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";
import { webhookAttemptId, webhookEndpointId } from "./path-parameters.ts";

const tag = "Webhooks";
const parameters = { id: webhookEndpointId };

export const webhooks = {
  listWebhookEndpoints: {
    id: "list-webhook-endpoints",
    method: "GET",
    path: "/_sluice/webhooks",
    tag,
    summary: "List the webhook endpoints",
    description: "Secrets are never listed.",
    access: managing,
    answers: { 200: WebhookEndpointList },
    errors: [],
  },
  createWebhookEndpoint: {
    id: "create-webhook-endpoint",
    method: "POST",
    path: "/_sluice/webhooks",
    tag,
    summary: "Add a webhook endpoint",
    description: "An account has at most 20 endpoints. Events that happen from now on are sent there.",
    access: managing,
    body: NewWebhookEndpoint,
    answers: { 201: CreatedWebhookEndpoint },
    errors: ["PARAMETER_INVALID", "TOO_MANY_WEBHOOK_ENDPOINTS"],
  },
  changeWebhookEndpoint: {
    id: "change-webhook-endpoint",
    method: "PATCH",
    path: "/_sluice/webhooks/:id",
    tag,
    summary: "Change a webhook endpoint",
    description:
      "A disabled endpoint gets nothing, not even earlier events. A configured endpoint can be enabled and disabled alone.",
    access: managing,
    parameters,
    body: WebhookEndpointChange,
    answers: { 200: WebhookEndpoint },
    errors: ["PARAMETER_INVALID", "WEBHOOK_ENDPOINT_NOT_FOUND", "WEBHOOK_ENDPOINT_CONFIGURED"],
  },
  deleteWebhookEndpoint: {
    id: "delete-webhook-endpoint",
    method: "DELETE",
    path: "/_sluice/webhooks/:id",
    tag,
    summary: "Remove a webhook endpoint",
    access: managing,
    parameters,
    answers: { 204: null },
    errors: ["WEBHOOK_ENDPOINT_NOT_FOUND", "WEBHOOK_ENDPOINT_CONFIGURED"],
  },
  testWebhookEndpoint: {
    id: "test-webhook-endpoint",
    method: "POST",
    path: "/_sluice/webhooks/:id/test",
    tag,
    summary: "Send a test event to an endpoint",
    description:
      "Sends an event of the type `webhook.test` now, to a disabled endpoint as well, and answers what came of it after " +
      "10 seconds at most. An account has one test at a time, and 10 in a minute.",
    access: managing,
    parameters,
    answers: { 200: WebhookAttemptDetails },
    errors: ["WEBHOOK_ENDPOINT_NOT_FOUND", "WEBHOOK_TEST_RUNNING", "TOO_MANY_WEBHOOK_TESTS"],
  },
  replayWebhookEvent: {
    id: "replay-webhook-event",
    method: "POST",
    path: "/_sluice/webhooks/:id/replay",
    tag,
    summary: "Send an event to an endpoint again",
    description:
      "The event is sent as it was, with the same id, and is retried like any other. While the same event is waiting to be " +
      "sent there, it isn't sent once more.",
    access: managing,
    parameters,
    body: WebhookReplay,
    answers: { 202: null },
    errors: [
      "PARAMETER_INVALID",
      "WEBHOOK_ENDPOINT_NOT_FOUND",
      "WEBHOOK_ENDPOINT_DISABLED",
      "WEBHOOK_EVENT_NOT_FOUND",
      "WEBHOOK_EVENT_WAITING",
    ],
  },
  listWebhookAttempts: {
    id: "list-webhook-attempts",
    method: "GET",
    path: "/_sluice/webhook-attempts",
    tag,
    summary: "List the attempts to deliver webhooks",
    description: "The newest comes first. Attempts are kept for a week, unless the operator has set another time.",
    access: managing,
    query: WebhookAttemptQuery,
    answers: { 200: WebhookAttemptList },
    errors: ["PARAMETER_INVALID"],
  },
  getWebhookAttempt: {
    id: "get-webhook-attempt",
    method: "GET",
    path: "/_sluice/webhook-attempts/:id",
    tag,
    summary: "Get an attempt with its request and its answer",
    description: "The beginning of the answer is kept for the last 100 attempts at each endpoint.",
    access: managing,
    parameters: { id: webhookAttemptId },
    answers: { 200: WebhookAttemptDetails },
    errors: ["WEBHOOK_ATTEMPT_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
