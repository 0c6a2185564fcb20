import {
  type EventType,
  ExtensionEnd,
  errorsAnywhere,
  type Operation,
  operations,
  tags,
  webhookEvents,
} from "@sluice/protocol/schemas";
import { eventTypes } from "../../events/event-types.ts";
import { version } from "../../observability/version.ts";
import { deliveryOperations } from "../routes/delivery-operations.ts";
import { pageOperations } from "../routes/page-operations.ts";
import { Components } from "./components.ts";
import { sharedResponses } from "./error-responses.ts";
import type { JsonSchema } from "./json-schema.ts";
import { operationObject } from "./operation-object.ts";
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

/** All that the server offers, by name. */
export const everyOperation: Readonly<Record<string, Operation>> = {
  ...operations,
  ...deliveryOperations,
  ...pageOperations,
};

/**
 * The OpenAPI document. It is the same for everybody: it depends neither on the request nor on the configuration, so
 * that it can tell nothing of an account and can be kept by caches.
 */
export function openApiDocument(): JsonSchema {
  const components = new Components();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of Object.values(everyOperation)) {
    const path = templateOf(operation.path);
    const described = operationObject(operation, components, recordedExamples[operation.id]);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described };
  }
  const responses = sharedResponses(components);
  const webhooks = webhookObjects(components);
  return {
    openapi: "3.1.1",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: { title: "Sluice", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" }, description: about },
    servers: [{ url: "/", description: "This server" }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    webhooks,
    components: { securitySchemes, responses, schemas: components.schemas() },
  };
}

/** OpenAPI writes a path's parameters in braces. The rest of a path has no name in the router. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}").replace(/\*$/, "{path}");
}

const about = `Secure client-side uploads into a media library, wire-compatible with ImageKit's Upload API V2 and media API.

Every refusal is JSON with a \`message\`, a \`help\` that says what to do, and a stable \`reason\` to compare in code.
Every answer has an \`x-request-id\`. Any operation may answer ${errorsAnywhere.map((reason) => `\`${reason}\``).join(", ")}.
An answer may gain members, so ignore members that you don't know.

The code samples read credentials and ids from the environment. \`PRIVATE_KEY\` and \`PUBLIC_KEY\` are those that the server
printed at its first start; \`TOKEN\` is an upload token, such as \`sluice token mint\` makes. Uploads send \`balloon.jpg\`.`;

const securitySchemes = {
  privateKey: {
    type: "http",
    scheme: "basic",
    description: "The private key as the user name, with an empty password. It belongs on servers only.",
  },
  consoleSession: {
    type: "apiKey",
    in: "header",
    name: "x-sluice-console",
    description: "For pages of the web console alone: the header goes with the cookie of the one who has signed in.",
  },
  urlSignature: {
    type: "apiKey",
    in: "query",
    name: "ik-s",
    description: "The signature of a delivery URL: an HMAC-SHA1 by the private key.",
  },
  metricsToken: { type: "http", scheme: "bearer", description: "The token that the operator has set." },
};
