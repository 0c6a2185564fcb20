import { type EventType, ExtensionEnd, webhookEvents } from "@sluice/protocol/schemas";
import { eventTypes } from "../../events/event-types.ts";
import type { Components } from "./components.ts";
import type { JsonSchema } from "./json-schema.ts";
import { recordedExamples } from "./recorded-examples.ts";

const headers = [
  ["webhook-id", "The same in every attempt to deliver this event."],
  ["webhook-timestamp", "The time of the attempt, in Unix seconds."],
  [
    "webhook-signature",
    "Entries of `v1,` and the HMAC-SHA256 of id, timestamp and body, in Base64, separated by spaces. The key of the first entry is the secret's text, that of the second its decoded part. Entries of old secrets follow for a while.",
  ],
  ["x-ik-signature", "`t=…,v1=…`: the same by the vendor's older scheme."],
].map(([name, description], index) => ({
  name,
  in: "header",
  // A webhook without a secret is unsigned.
  required: index < 2,
  description,
  schema: { type: "string" },
}));

/** The requests that webhooks get, by the type of the event. */
export function webhookObjects(components: Components): Readonly<Record<string, JsonSchema>> {
  const told = Object.entries(webhookEvents).map(([type, schema]) => [
    type,
    webhook(type.replaceAll(".", "-"), sentence(eventTypes[type as EventType]), components.of(schema)),
  ]);
  const ended = webhook(
    "extension-ended",
    "An extension has ended: told to a request's webhookUrl",
    components.of(ExtensionEnd),
  );
  return { ...Object.fromEntries(told), "extension.ended": ended };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function webhook(operationId: string, summary: string, schema: JsonSchema): JsonSchema {
  const request = recordedExamples[operationId]?.request;
  const example = request !== undefined && { example: request };
  return {
    post: {
      operationId,
      tags: ["Webhooks"],
      summary,
      // A receiver gets no credentials. It verifies the signature.
      security: [],
      parameters: headers,
      requestBody: { required: true, content: { "application/json": { schema, ...example } } },
      responses: {
        "2XX": { description: "The event has arrived. Any other answer, or none in time, is tried again." },
      },
    },
  };
}
