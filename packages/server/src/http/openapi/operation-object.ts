import type { Credential, KeyRole, Operation } from "@sluice/protocol/schemas";
import type { Components } from "./components.ts";
import { errorResponses, type Reference, type Response } from "./error-responses.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { RecordedExample } from "./recorded-examples.ts";
import { codeSamples } from "./samples/code-samples.ts";

/** The credentials that OpenAPI can express. An upload's token and V1 signature are fields of its form. */
const schemes: Readonly<Record<Credential, JsonSchema>> = {
  privateKey: { privateKey: [] },
  consoleSession: { consoleSession: [] },
  uploadToken: {},
  v1Signature: {},
  urlSignature: { urlSignature: [] },
  metricsToken: { metricsToken: [] },
};

/** An operation as the document shows it. Its example is a request and the answers to it. */
export function operationObject(operation: Operation, components: Components, example?: RecordedExample): JsonSchema {
  const { id, tag, summary, access } = operation;
  const request = requestBody(operation, components, example);
  const samples = codeSamples(operation, example);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: describe(operation),
    ...(operation.sdk !== undefined && { "x-sdk-method": operation.sdk }),
    ...(access.keys.length > 0 && { "x-key-roles": access.keys }),
    ...(samples.length > 0 && { "x-codeSamples": samples }),
    security: securityOf(operation),
    parameters: parametersOf(operation, components),
    ...(request && { requestBody: request }),
    responses: withExamples(responsesOf(operation, components), example),
  };
}

function describe({ description, sdk, access }: Operation): string {
  const paragraphs = [
    description,
    access.keys.length > 0 && `Key roles: ${access.keys.map(roleName).join(", ")}.`,
    sdk && `The official Node SDK calls it by \`${sdk}\`.`,
  ];
  return paragraphs.filter(Boolean).join("\n\n");
}

const roleName = (role: KeyRole): string => `\`${role}\``;

function securityOf({ access: { credentials } }: Operation): readonly JsonSchema[] {
  // Where the server's configuration or the file decides, the request without credentials comes first.
  const optional = credentials.some((credential) => credential === "metricsToken" || credential === "urlSignature");
  return [...(optional ? [{}] : []), ...credentials.map((credential) => schemes[credential])];
}

function parametersOf(operation: Operation, components: Components): readonly JsonSchema[] {
  const { parameters = {}, query, headers = {} } = operation;
  const { properties = {}, required = [] } = (query ?? {}) as { properties?: object; required?: string[] };
  const parameter = (place: string, isRequired: boolean) => (entry: [string, unknown]) => {
    const [name, schema] = entry;
    const { description, ...plain } = components.of(schema);
    return { name, in: place, required: isRequired, ...(description !== undefined && { description }), schema: plain };
  };
  return [
    ...Object.entries(parameters).map(parameter("path", true)),
    ...Object.entries(properties).map((entry) => parameter("query", required.includes(entry[0]))(entry)),
    ...Object.entries(headers).map(parameter("header", false)),
  ];
}

function requestBody(
  { body, form }: Operation,
  components: Components,
  { request }: Partial<RecordedExample> = {},
): JsonSchema | undefined {
  const example = request !== undefined && { example: request };
  if (body !== undefined)
    return { required: true, content: { "application/json": { schema: components.of(body), ...example } } };
  if (form === undefined) return undefined;
  const { properties } = form as unknown as { properties: Readonly<Record<string, JsonSchema>> };
  const encoding = Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const encoded = encodingOf(schema);
      return encoded === undefined ? [] : [[name, encoded]];
    }),
  );
  return { required: true, content: { "multipart/form-data": { schema: components.of(form), encoding, ...example } } };
}

/** A list of texts is one field with commas. Other lists, and objects, are JSON. */
function encodingOf({ type, items }: JsonSchema): JsonSchema | undefined {
  if (type === "object") return { contentType: "application/json" };
  if (type !== "array") return undefined;
  return (items as JsonSchema).type === "object"
    ? { contentType: "application/json" }
    : { style: "form", explode: false };
}

function responsesOf(operation: Operation, components: Components): Readonly<Record<string, Response | Reference>> {
  const { answers, answerHeaders = {} } = operation;
  const headers = Object.fromEntries(
    Object.entries(answerHeaders).map(([name, schema]) => {
      const { description, ...plain } = components.of(schema);
      return [name, { ...(description !== undefined && { description }), schema: plain }];
    }),
  );
  const refused = errorResponses(operation, components);
  const responses: Record<string, Response | Reference> = {};
  for (const [status, schema] of Object.entries(answers)) {
    const page = operation.alsoAsPage && status === "200" ? { "text/html": { schema: { type: "string" } } } : {};
    const content = schema === null ? undefined : { ...contentOf(schema, components), ...page };
    const answer = {
      description: descriptionOf(schema) ?? statusTexts[status] ?? "The request was carried out.",
      ...(Number(status) < 300 && Object.keys(headers).length > 0 && { headers }),
      ...(content && { content }),
    };
    const refusal = refused.get(Number(status));
    responses[status] = refusal !== undefined && "content" in refusal ? merged(answer, refusal) : answer;
  }
  for (const [status, refusal] of refused) responses[status] ??= refusal;
  return responses;
}

const statusTexts: Readonly<Record<string, string>> = {
  204: "Done. The answer has no body.",
  207: "Done in part.",
  304: "What the client has is still valid.",
};

function descriptionOf(schema: unknown): string | undefined {
  return (schema as JsonSchema | null)?.description as string | undefined;
}

function contentOf(schema: unknown, components: Components): Response["content"] {
  const { contentMediaType = "application/json" } = schema as JsonSchema;
  const { contentMediaType: _, description: __, ...plain } = components.of(schema);
  return { [contentMediaType as string]: { schema: plain } };
}

/** A response that operations share has no example, because the example would be one operation's own. */
function withExamples(
  responses: Readonly<Record<string, Response | Reference>>,
  { answers }: RecordedExample = { answers: {} },
): Readonly<Record<string, Response | Reference>> {
  const json = "application/json";
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      if (!("content" in response) || answers[status] === undefined) return [status, response];
      const media = { ...response.content?.[json], example: answers[status] };
      return [status, { ...response, content: { ...response.content, [json]: media } }];
    }),
  );
}

/** The response of a status that is an answer as well as a refusal. */
function merged(answer: Response, refusal: Response): Response {
  const json = "application/json";
  const schemas = [answer, refusal]
    .map(({ content }) => content?.[json]?.schema)
    .filter((schema) => schema !== undefined);
  return {
    ...answer,
    description: `${answer.description}\n\n${refusal.description}`,
    content: {
      ...answer.content,
      ...refusal.content,
      [json]: { schema: schemas.length > 1 ? { anyOf: schemas } : (schemas[0] ?? {}) },
    },
  };
}
