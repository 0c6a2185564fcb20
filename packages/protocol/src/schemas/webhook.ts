import { Type } from "typebox";
import { type EventType, webhookEvents } from "./events.ts";
import { nullable, type Shape, Timestamp } from "./shape.ts";

/*
 * The endpoints that an account's webhooks go to, and the attempts to deliver them (docs/webhooks.md). They are Sluice's
 * own.
 */

const EventName = Type.Enum(Object.keys(webhookEvents) as EventType[]);
const Events = nullable(
  Type.Array(EventName, { description: "The types of events that the endpoint is told of; null for all." }),
);
const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: "An http or https URL without a user name and a password.",
});
const Status = Type.Enum(["enabled", "disabled"]);

const members = {
  id: Type.String(),
  url: Url,
  events: Events,
  status: Status,
  origin: Type.Enum(["added", "configured"], {
    description: "A configured endpoint stands in the configuration of the servers, as --webhook-url.",
  }),
  createdAt: Timestamp,
};

export const WebhookEndpoint = Type.Object(members);
export type WebhookEndpoint = Shape<typeof WebhookEndpoint>;

export const WebhookEndpointList = Type.Array(WebhookEndpoint);

export const CreatedWebhookEndpoint = Type.Object({
  ...members,
  secret: Type.String({ description: "The secret that signs its webhooks. It is shown this once." }),
});
export type CreatedWebhookEndpoint = Shape<typeof CreatedWebhookEndpoint>;

export const NewWebhookEndpoint = Type.Object({ url: Url, events: Type.Optional(Events) });

export const WebhookEndpointChange = Type.Object({
  url: Type.Optional(Url),
  events: Type.Optional(Events),
  status: Type.Optional(Status),
});

const facts = {
  id: Type.String(),
  endpointId: nullable(Type.String({ description: "null for the webhookUrl of a request." })),
  eventId: Type.String(),
  eventType: nullable(
    Type.String({
      description: "webhook.test for a test, extension for a webhookUrl; null once the event is deleted.",
    }),
  ),
  attempt: Type.Integer({ minimum: 0, description: "The number of the attempt, from 1; 0 if nobody was to be told." }),
  sentAt: Timestamp,
  durationMs: Type.Integer({ minimum: 0 }),
  status: nullable(Type.Integer({ description: "The status of the answer; null without an answer." })),
  error: nullable(Type.String({ description: "Why the attempt doesn't count as delivered; null if it does." })),
};

export const WebhookAttempt = Type.Object(facts);
export type WebhookAttempt = Shape<typeof WebhookAttempt>;

export const WebhookAttemptQuery = Type.Object({
  endpointId: Type.Optional(
    Type.String({
      description: "The id of an endpoint, or `none` for the URLs that requests have named in webhookUrl.",
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ description: "nextCursor of the page before." })),
});

export const WebhookAttemptList = Type.Object({
  attempts: Type.Array(WebhookAttempt, { description: "The newest comes first." }),
  nextCursor: nullable(Type.String()),
});
export type WebhookAttemptList = Shape<typeof WebhookAttemptList>;

const Header = Type.Object({ name: Type.String(), value: Type.String() });
const isCut = Type.Boolean({ description: "Whether there was more than is shown." });

const Request = Type.Object({
  url: nullable(Type.String({ description: "null once the exchange is no longer kept." })),
  headers: Type.Array(Header, { description: "Without the signatures, which nobody but the receiver gets." }),
  body: nullable(Type.String({ description: "At most 64 KiB; null once the event is deleted." })),
  bodyBytes: nullable(Type.Integer()),
  isCut,
});

const Answer = Type.Object({
  headers: Type.Array(Header, { description: "At most 2 KiB, without cookies." }),
  body: Type.String({
    description: "The first 2 KiB, as text. It comes from another server and may hold anything: never show it as HTML.",
  }),
  isCut,
});

export const WebhookAttemptDetails = Type.Object({
  ...facts,
  request: Request,
  answer: nullable(Answer),
});
export type WebhookAttemptDetails = Shape<typeof WebhookAttemptDetails>;

export const WebhookReplay = Type.Object({
  eventId: Type.String({ description: "The id of an event of the account that is still kept." }),
});
