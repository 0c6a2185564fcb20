import { readFileSync } from "node:fs";
import { type ErrorReason, errorCatalogue, wireReasonOf } from "@sluice/protocol";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { operations } from "../packages/protocol/src/operations/operations.ts";
import { jobTable } from "../packages/server/src/app/jobs.ts";
import { deliveryPath } from "../packages/server/src/http/routes/delivery.ts";
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

test("the routes that queries name exist, and probes of every kind are left out of the requests", () => {
  const routes = [...Object.values(operations).map(({ path }) => path), deliveryPath];
  const unknown = valuesOf("route").filter((value) => !routes.some((route) => new RegExp(`^${value}$`).test(route)));
  expect(unknown).toEqual([]);
  const probes = routes.filter((route) => /^\/(?:health|metrics)/.test(route));
  const leftOut = queries.flatMap((query) => Array.from(query.matchAll(/route!~"([^"]*)"/g), ([, text = ""]) => text));
  expect(leftOut.length).toBeGreaterThan(3);
  for (const text of leftOut) expect(text.split("|")).toEqual(expect.arrayContaining(probes));
});

/** The labels of each metric of Sluice, from a value of each: a counter with labels has none before its first event. */
async function labelsByMetric(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const filled = createMetrics(() => ({ files: 0, bytes: 0 }), "1");
  filled.commits.inc();
  filled.uploads.inc({ outcome: "stored" });
  filled.pieces.inc({ outcome: "taken" });
  filled.virusScans.inc({ outcome: "clean" });
  filled.webhooks.inc({ outcome: "delivered" });
  filled.jobs.inc({ kind: "sweep", outcome: "done" });
  filled.requests.mark({ route: "/health", status: 200 }).add();
  filled.derived.mark({ source: "made" }).add();
  filled.watchJobs(async () => [{ name: "sweep", waiting: 0, active: 0, dead: 0, overdue: 0 }]);
  filled.watchOpenUploads(async () => ({ open: 0, complete: 0, bytes: 0 }));
  filled.watchDisks(async () => [{ folder: "data", size: 1, free: 1 }]);
  const all = (await filled.registry.getMetricsAsJSON()) as { name: string; values: { labels: object }[] }[];
  const own = all.filter(({ name }) => name.startsWith("sluice_"));
  return new Map(
    own.map(({ name, values }) => [name, new Set(values.flatMap(({ labels }) => Object.keys(labels)))] as const),
  );
}

test("the labels that queries and texts name exist", async () => {
  const labels = new Map(await labelsByMetric());
  const ofScrapes = ["job", "instance"];
  for (const { record = "", expr } of records) {
    labels.set(record, new Set(expr.match(/by \(([^)]*)\)/)?.[1]?.split(", ")));
  }
  const wrong = queries.flatMap((query) =>
    [...query.matchAll(/\b([a-z][\w:]*)\{([^}]*)\}/g)].flatMap(([selector, metric = "", text = ""]) => {
      const known = labels.get(metric) ?? labels.get(metric.replace(/_(?:bucket|sum|count)$/, ""));
      const named = Array.from(text.matchAll(/(\w+)(?:=|!)/g), ([, label = ""]) => label);
      return named
        .filter((label) => !ofScrapes.includes(label) && !known?.has(label))
        .map((label) => [label, selector]);
    }),
  );
  expect(wrong).toEqual([]);
  const all = new Set([...labels.values()].flatMap((some) => [...some]).concat(ofScrapes));
  const texts = [...queries, read("alerts.yml"), read("grafana-dashboard.json")].join("\n");
  const grouped = [...texts.matchAll(/\b(?:by|on|group_left) \(([\w, ]+)\)/g)].flatMap(([, list = ""]) =>
    list.split(", "),
  );
  const shown = Array.from(texts.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g), ([, label = ""]) => label);
  expect([grouped.length > 50, shown.length > 30]).toEqual([true, true]);
  expect([...grouped, ...shown].filter((label) => !all.has(label))).toEqual([]);
});

test("the page on monitoring lists each metric with its labels, and no other", async () => {
  const page = readFileSync(new URL("../docs/operate/monitoring.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (`sluice_[^|]*)\|([^|]*)\|/gm)];
  const namesIn = (text: string): string[] => Array.from(text.matchAll(/`([a-z_]+)`/g), ([, name = ""]) => name);
  const listed = rows.flatMap(([, names = "", labels = ""]) =>
    namesIn(names).map((name) => [name, namesIn(labels).sort()] as const),
  );
  const labels = await labelsByMetric();
  expect(listed.map(([name]) => name).sort()).toEqual([...labels.keys()].sort());
  for (const [name, of] of listed) {
    const some = [...(labels.get(name) ?? [])].filter((label) => label !== "le").sort();
    expect([name, of]).toEqual([name, some]);
  }
});

test("each alert has a row in the documentation and a scenario in which it fires", () => {
  const page = readFileSync(new URL("../docs/operate/monitoring.md", import.meta.url), "utf8");
  const names = alerts.map(({ alert = "" }) => alert);
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  expect(names.filter((name) => !read("alerts.test.yml").includes(`alertname="${name}"`))).toEqual([]);
});
