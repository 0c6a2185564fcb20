import { readFileSync } from "node:fs";
import { Errors } from "typebox/value";
import { expect, test } from "vitest";
import { webhookEvents } from "../../packages/protocol/src/schemas/index.ts";

const page = readFileSync("docs/webhook-events.md", "utf8");

test("the page has a section for each event", () => {
  const headings = [...page.matchAll(/^## ([\w.-]+\.[\w-]+)$/gm)].map(([, heading]) => heading);
  expect(headings.filter((heading) => heading !== "webhook.test")).toEqual(Object.keys(webhookEvents));
});

test.for(Object.entries(webhookEvents))("the page's body of %s is one of that event", ([type, schema]) => {
  const section = page.split(`\n## ${type}\n`)[1]?.split("\n## ")[0] ?? "";
  const [, body = ""] = /```json\n(.*?)```/s.exec(section) ?? [];
  expect([...Errors(schema, JSON.parse(body))]).toEqual([]);
});
