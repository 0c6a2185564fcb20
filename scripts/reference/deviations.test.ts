import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareFacts } from "./differences.ts";
import { factsOf } from "./facts.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("each deviation from the vendor's document has its reason, and each reason a deviation", () => {
  const theirs = read("./vendor-facts.txt").trim().split("\n");
  const { unexplained, idle } = compareFacts(theirs, factsOf(JSON.parse(read("../../docs/openapi.json"))));
  expect(unexplained.map(({ kind, fact }) => `${kind}: ${fact}`)).toEqual([]);
  expect(idle.map(({ what }) => what)).toEqual([]);
});

test("the facts of a document are its operations, parameters, members and statuses", () => {
  const schema = { anyOf: [{ $ref: "#/components/schemas/Thing" }, { type: "null" }] };
  const document = {
    paths: {
      "/things/{id}": {
        post: {
          parameters: [
            { in: "path", name: "id" },
            { in: "query", name: "deep" },
          ],
          requestBody: { content: { "application/json": { schema: { properties: { a: {}, b: { items: schema } } } } } },
          responses: { 200: { content: { "application/json": { schema } } }, 404: {} },
        },
      },
    },
    components: { schemas: { Thing: { properties: { name: {} } } } },
  };
  expect(factsOf(document)).toEqual([
    "POST /things/{}",
    "POST /things/{} · 200",
    "POST /things/{} · 200 name",
    "POST /things/{} · 404",
    "POST /things/{} · query deep",
    "POST /things/{} · request a",
    "POST /things/{} · request b",
    "POST /things/{} · request b.name",
  ]);
});
