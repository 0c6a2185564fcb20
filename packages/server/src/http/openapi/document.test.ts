import { Validator } from "@seriousme/openapi-schema-validator";
import { closed, ErrorBody, type Operation, operations, webhookEvents } from "@sluice/protocol/schemas";
import { Errors } from "typebox/value";
import { expect, test } from "vitest";
import { everyOperation, openApiDocument } from "./document.ts";
import { recordedExamples } from "./recorded-examples.ts";
import { withoutSamples } from "./samples/sample-request.ts";

// biome-ignore lint/suspicious/noExplicitAny: the test looks into all corners of a JSON document
const document: any = JSON.parse(JSON.stringify(openApiDocument()));

// biome-ignore lint/suspicious/noExplicitAny: see above
function* nodes(node: any, path = ""): Generator<[path: string, node: any]> {
  if (typeof node !== "object" || node === null) return;
  yield [path, node];
  for (const [name, child] of Object.entries(node)) yield* nodes(child, `${path}/${name}`);
}

test("the document is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test("every reference leads to something, and every component is referred to", () => {
  const references = new Set([...nodes(document)].flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : [])));
  const components = ["schemas", "responses"].flatMap((kind) =>
    Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
  );
  expect([...references].sort()).toEqual(components.sort());
});

test("every operation and every event is in the document, once", () => {
  const described = [...Object.values(document.paths), ...Object.values(document.webhooks)].flatMap((item) =>
    Object.values(item as object).map(({ operationId }) => operationId),
  );
  expect(new Set(described).size).toBe(described.length);
  expect(described).toEqual(expect.arrayContaining(Object.values(everyOperation).map(({ id }) => id)));
});

test("a schema that has a name is nowhere repeated", () => {
  const large = [...nodes(document)].filter(([, { type, properties }]) => type === "object" && properties?.fileId);
  const places = large.map(([path]) => path).filter((path) => !/^\/components\/schemas\/\w+$/.test(path));
  // The data of an event, and a variant, have members of their own.
  expect(places.filter((path) => !/\/(?:data|items|anyOf\/\d+)$/.test(path))).toEqual([]);
});

test("every operation with a JSON answer has an example, which `npm run examples` records", () => {
  const described = Object.values(operations).filter(({ answers }: Operation) =>
    Object.values(answers).some((schema) => schema !== null && !("contentMediaType" in schema)),
  );
  expect(described.map(({ id }) => id).filter((id) => recordedExamples[id] === undefined)).toEqual([]);
});

test("every example is what its schema describes", () => {
  for (const { id, body, form, answers } of Object.values<Operation>(operations)) {
    const { request, answers: recorded = {} } = recordedExamples[id] ?? {};
    const sent = body ?? form;
    expect([id, request === undefined]).toEqual([id, sent === undefined]);
    if (sent !== undefined) expect([id, ...Errors(closed(sent), request)]).toEqual([id]);
    for (const [status, answer] of Object.entries(recorded)) {
      const schema = answers[Number(status)] ?? ErrorBody;
      expect([id, ...Errors(closed(schema), answer)]).toEqual([id]);
    }
  }
});

test("every operation says which credentials it takes, and receivers of webhooks get none", () => {
  for (const item of Object.values<object>(document.paths)) {
    for (const { operationId, security } of Object.values(item))
      expect([operationId, security]).toEqual([operationId, expect.any(Array)]);
  }
  expect(Object.keys(document.webhooks)).toHaveLength(Object.keys(webhookEvents).length + 1);
  for (const { post } of Object.values<{ post: { security: unknown } }>(document.webhooks))
    expect(post.security).toEqual([]);
});

test("every operation has code samples, or a reason why it has none", () => {
  const all = Object.values(document.paths).flatMap((item) => Object.values(item as object));
  const without = all.filter((operation) => operation["x-codeSamples"] === undefined);
  expect(without.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(withoutSamples).sort());
});

test("the document names no host", () => {
  expect(document.servers).toEqual([{ url: "/", description: "This server" }]);
});
