import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withCheckFields } from "./checks-page.ts";
import { withSwitches } from "./delivery-page.ts";
import { errorsPage, limitsPage, withSettings } from "./generated-docs.ts";
import { openApiFile } from "./openapi-file.ts";
import { withDeviations } from "./reference/deviations-table.ts";
import { withFloors } from "./structure/page.ts";
import { transformationsPage } from "./transformations-page.ts";
import { unsupportedTransformationsPage } from "./unsupported-transformations-page.ts";
import { withEventTypes } from "./webhooks-page.ts";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("docs/errors.md, docs/limits.md and the settings of docs/configuration.md are what `npm run docs` would write", () => {
  expect(read("docs/errors.md")).toBe(errorsPage());
  expect(read("docs/limits.md")).toBe(limitsPage());
  expect(read("docs/configuration.md")).toBe(withSettings(read("docs/configuration.md")));
});

test("docs/openapi.json and docs/api-reference.md are what `npm run docs` would write", () => {
  expect(read("docs/openapi.json")).toBe(openApiFile());
  expect(read("docs/api-reference.md")).toBe(withDeviations(read("docs/api-reference.md")));
});

test("each row of the settings has the cells of its head, whatever bars a flag's argument has", () => {
  const table = /<!-- settings -->\n([\s\S]*?)\n<!--/.exec(read("docs/configuration.md"))?.[1] ?? "";
  const cells = table.split("\n").map((row) => row.split(/(?<!\\)\|/).length);
  expect(new Set(cells)).toEqual(new Set([6]));
});

test("the picture in docs/architecture.md is what `npm run docs` would write", () => {
  expect(read("docs/architecture.md")).toBe(withFloors(read("docs/architecture.md")));
});

test("the pages of transformations are what `npm run docs` would write", () => {
  expect(read("docs/transformations.md")).toBe(transformationsPage());
  expect(read("docs/unsupported-transformations.md")).toBe(unsupportedTransformationsPage());
});

test("the switches in docs/delivery.md are what `npm run docs` would write", () => {
  expect(read("docs/delivery.md")).toBe(withSwitches(read("docs/delivery.md")));
});

test("the events in docs/webhooks.md are what `npm run docs` would write", () => {
  expect(read("docs/webhooks.md")).toBe(withEventTypes(read("docs/webhooks.md")));
});

test("the fields in docs/checks.md are what `npm run docs` would write", () => {
  expect(read("docs/checks.md")).toBe(withCheckFields(read("docs/checks.md")));
  expect(read("docs/checks.md")).toContain("| `file.size` | `=` `<`");
});
