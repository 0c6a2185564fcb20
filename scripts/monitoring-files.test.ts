import { readFileSync } from "node:fs";
import { type ErrorReason, errorCatalogue, wireReasonOf } from "@sluice/protocol";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { jobTable } from "../packages/server/src/app/jobs.ts";
import { createMetrics } from "../packages/server/src/observability/metrics.ts";

const read = (name: string): string => readFileSync(new URL(`../deploy/monitoring/${name}`, import.meta.url), "utf8");

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}
const rulesOf = (name: string): readonly Rule[] =>
  (parse(read(name)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(read("grafana-dashboard.json")) as { panels: Panel[]; templating: { list: unknown } };

const alerts = rulesOf("alerts.yml");
const records = rulesOf("recording-rules.yml");
const queries = [
  ...[...alerts, ...records].map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];

/** The values that queries ask of a label: alternatives of a regular expression count each. */
function valuesOf(label: string): string[] {
  return queries.flatMap((query) =>
    Array.from(query.matchAll(new RegExp(`\\b${label}!?=~?"([^"]*)"`, "g")), ([, text = ""]) => text.split("|")).flat(),
  );
}

const metrics = createMetrics(() => ({ files: 0, bytes: 0 }), "1");

test("each metric of the alerts, the rules and the dashboard exists", async () => {
  const known = (await metrics.registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
    String(type) === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name],
  );
  const recorded = records.map(({ record = "" }) => record);
  const named = [...queries, JSON.stringify(dashboard.templating.list)].flatMap(
    (query) => query.match(/\b(?:\w+:)?(?:sluice|process|nodejs)_[a-z0-9_]+(?::\w+)?/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((name) => !known.includes(name) && !recorded.includes(name))).toEqual([]);
});

test("the reasons and jobs that queries name exist", () => {
  const reasons = new Set<string>((Object.keys(errorCatalogue) as ErrorReason[]).map(wireReasonOf));
  const words = ["stored", "taken", "aborted", "delivered", "failed", "dropped", "done", "dead", "returned"];
  expect(valuesOf("outcome").filter((value) => !reasons.has(value) && !words.includes(value))).toEqual([]);
  expect(valuesOf("kind").filter((value) => !(value in jobTable))).toEqual([]);
});

test("a database that can't be read leaves out the metric by whose absence an alert knows", async () => {
  const alert = alerts.find((rule) => rule.alert === "SluiceDatabaseUnreadable");
  expect(alert?.expr).toBe("sluice_build_info unless on (job, instance) sluice_resumable_uploads");
  metrics.watchOpenUploads(() => Promise.reject(new Error("away")));
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^sluice_build_info\{/m);
  expect(text).not.toMatch(/^sluice_resumable_uploads\b/m);
});

test("each alert has a row in the documentation and a scenario in which it fires", () => {
  const page = readFileSync(new URL("../docs/operate/monitoring.md", import.meta.url), "utf8");
  const names = alerts.map(({ alert = "" }) => alert);
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  expect(names.filter((name) => !read("alerts.test.yml").includes(`alertname="${name}"`))).toEqual([]);
});
