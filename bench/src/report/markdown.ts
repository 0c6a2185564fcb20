import { disturbance } from "../calmly.ts";
import type { DeliveryScenarioResult } from "../delivery/rounds.ts";
import { deliverySection } from "../delivery/section.ts";
import type { ScenarioResult } from "../rounds.ts";
import { type Budget, type Scenario, scenarios } from "../scenarios.ts";
import { type SubjectName, subjects } from "../subjects.ts";
import type { VideoScenarioResult } from "../video/rounds.ts";
import { videoSection } from "../video/section.ts";
import { mib, milliseconds, percent, table, withSpread } from "./cells.ts";
import type { Machine } from "./machine.ts";
import { spread } from "./statistics.ts";
import { cpuRatio, rateOf, rateRatio, type SubjectSummary, summarise } from "./summary.ts";

export interface Conditions {
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly threads: number;
  readonly fromSources: boolean;
}

/** The whole report. It shows medians, with the middle half of the rounds in parentheses. */
export function markdownReport(
  conditions: Conditions,
  results: readonly ScenarioResult[],
  deliveries: readonly DeliveryScenarioResult[],
  videos: readonly VideoScenarioResult[],
): string {
  const { machine, rounds, seconds, threads, fromSources } = conditions;
  const facts = [
    machine.date,
    `${machine.cores} × ${machine.processor}`,
    `Linux ${machine.kernel}`,
    machine.fileSystem,
    `Node ${machine.node.slice(1)}`,
    `UV_THREADPOOL_SIZE=${threads}`,
    `Sluice from its ${fromSources ? "sources" : "compiled files"}`,
    `${rounds} rounds of ${seconds} s`,
  ];
  const sections = [...results.map(scenarioSection), ...deliveries.map(deliverySection), ...videos.map(videoSection)];
  return `${[facts.join(", "), ...sections].join("\n\n")}\n`;
}

function scenarioSection(result: ScenarioResult): string {
  const scenario: Scenario = scenarios[result.scenario];
  const rows = [...result.subjects.keys()].flatMap((subject) => {
    const summary = summarise(result, subject);
    return summary === undefined ? [] : [tableRow(subject, summary)];
  });
  const header = [
    "",
    scenario.unit,
    "of the floor",
    "of the floor with SHA-256",
    "CPU per upload",
    "times the floor's",
    "CPU beside the client",
    "latency p50",
    "p99",
    "event loop delay p99.9",
    "peak memory",
    "of it grown under load",
  ];
  const verdicts = [ceilingLine(result), disturbanceLine(result), ...budgetLines(result), memoryLine(result)].filter(
    (line) => line !== undefined,
  );
  return [`### ${scenario.title}`, table(header, rows), verdicts.join("\n")].join("\n\n");
}

function tableRow(subject: SubjectName, summary: SubjectSummary): string[] {
  const { rate, ofFloor, ofSha256Floor, serverCpu, cpuOfFloor, latency, eventLoopDelay } = summary;
  return [
    subjects[subject].title,
    withSpread(rate, (value) => value.toFixed(0)),
    ofFloor === undefined ? "" : withSpread(ofFloor, percent),
    ofSha256Floor === undefined ? "" : withSpread(ofSha256Floor, percent),
    withSpread(serverCpu, milliseconds),
    cpuOfFloor === undefined ? "" : withSpread(cpuOfFloor, (value) => value.toFixed(1)),
    milliseconds(summary.besideClientCpu.median),
    milliseconds(latency.p50.median),
    milliseconds(latency.p99.median),
    `${eventLoopDelay.median.toFixed(1)} ms`,
    `${(summary.peakMemory.median / mib).toFixed(0)} MiB`,
    `${(summary.memoryGrowth.median / mib).toFixed(0)} MiB`,
  ];
}

function ceilingLine({ ceiling, scenario }: ScenarioResult): string {
  const { unit }: Scenario = scenarios[scenario];
  const rate = rateOf(ceiling, scenarios[scenario]).toFixed(0);
  const busy = percent(ceiling.clientCpu / ceiling.seconds);
  return `- The load client's ceiling, against a server that drops everything: ${rate} ${unit}, its core ${busy} busy.`;
}

function disturbanceLine(result: ScenarioResult): string {
  const all = [...result.subjects.values()].flat();
  const others = spread(all.map(disturbance));
  const most = percent(Math.max(...all.map(disturbance)));
  const client = percent(Math.max(...all.map(({ clientCpu, seconds }) => clientCpu / seconds)));
  return `- Others took ${percent(others.median)} of the server's core at the median, ${most} at most; the load client's core was ${client} busy at most.`;
}

function budgetLines(result: ScenarioResult): string[] {
  const { budgets = [] }: Scenario = scenarios[result.scenario];
  return budgets.flatMap((budget) => [...rateLine(result, budget), ...cpuLine(result, budget)]);
}

function rateLine(result: ScenarioResult, { subject, of, rate }: Budget): string[] {
  const ratio = rate === undefined ? undefined : rateRatio(result, subject, of);
  if (rate === undefined || ratio === undefined) return [];
  const verdict = ratio.median >= rate ? "kept" : "missed";
  return [`- Budget: ${beside(subject, of, `at least ${percent(rate)}`)}: ${verdict}, ${percent(ratio.median)}.`];
}

function cpuLine(result: ScenarioResult, { subject, of, cpu }: Budget): string[] {
  const ratio = cpu === undefined ? undefined : cpuRatio(result, subject, of);
  if (cpu === undefined || ratio === undefined) return [];
  const verdict = ratio.median <= cpu ? "kept" : "missed";
  const most = `at most ${cpu} times the processor time`;
  return [`- Budget: ${beside(subject, of, most)}: ${verdict}, ${ratio.median.toFixed(2)}.`];
}

function beside(subject: SubjectName, of: SubjectName, what: string): string {
  return `${subjects[subject].title} ${what} of ${subjects[of].title}`;
}

function memoryLine(result: ScenarioResult): string | undefined {
  const verdict = memoryVerdict(result);
  if (verdict === undefined) return undefined;
  const { what, limit, found } = verdict;
  const word = found < limit ? "kept" : "missed";
  return `- Budget: ${what} under ${(limit / mib).toFixed(0)} MiB: ${word}, ${(found / mib).toFixed(0)} MiB.`;
}

/** Whether Sluice kept the scenario's memory bound; undefined where there is no bound, or Sluice did not run. */
export function memoryVerdict(
  result: ScenarioResult,
): { readonly what: string; readonly limit: number; readonly found: number } | undefined {
  const { memory }: Scenario = scenarios[result.scenario];
  const summary = summarise(result, "sluice");
  if (memory === undefined || summary === undefined) return undefined;
  return "growth" in memory
    ? { what: "growth of resident memory", limit: memory.growth, found: summary.memoryGrowth.high }
    : { what: "resident memory", limit: memory.peak, found: summary.peakMemory.high };
}
