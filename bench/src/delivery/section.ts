import { disturbance } from "../calmly.ts";
import { mebibytes, milliseconds, percent, table, withSpread } from "../report/cells.ts";
import { type Spread, spread } from "../report/statistics.ts";
import type { DeliveryMeasurement } from "./measure.ts";
import type { DeliveryScenarioResult } from "./rounds.ts";
import { type DeliveryScenario, deliveryScenarios } from "./scenarios.ts";
import { type DeliverySubjectName, deliverySubjects } from "./subjects.ts";

/** A scenario's table, and its verdicts on the budgets. */
export function deliverySection(result: DeliveryScenarioResult): string {
  const scenario: DeliveryScenario = deliveryScenarios[result.scenario];
  const { base, stores } = scenario;
  const header = [
    "",
    stores === undefined ? "answers/s" : "uploads/s",
    `of ${deliverySubjects[base].title}`,
    "CPU each",
    "latency p50",
    "p99",
    "event loop delay p99.9",
    "peak memory",
    "of it grown under load",
    "an answer",
    "refused as busy",
  ];
  const rows = [...result.subjects.keys()].map((subject) => row(result, subject, base));
  const verdicts = (scenario.budgets ?? []).flatMap((budget) => budgetLines(result, budget));
  return [`### ${scenario.title}`, table(header, rows), [disturbanceLine(result), ...verdicts].join("\n")].join("\n\n");
}

function budgetLines(
  result: DeliveryScenarioResult,
  { of, rate }: NonNullable<DeliveryScenario["budgets"]>[number],
): string[] {
  const rates = ratioOf(result, "sluice", of);
  if (rates === undefined) return [];
  const verdict = rates.median >= rate ? "kept" : "missed";
  return [
    `- Budget: at least ${percent(rate)} of ${deliverySubjects[of].title}: ${verdict}, ${percent(rates.median)}.`,
  ];
}

function row(result: DeliveryScenarioResult, subject: DeliverySubjectName, base: DeliverySubjectName): string[] {
  const measurements = result.subjects.get(subject) ?? [];
  const over = (value: (measurement: DeliveryMeasurement) => number): Spread => spread(measurements.map(value));
  const ratio = ratioOf(result, subject, base);
  const refused = measurements.map(({ statuses }) => statuses["503"] ?? 0);
  const bytes = over(({ bytes }) => bytes).median;
  return [
    deliverySubjects[subject].title,
    withSpread(over(rateOf), (value) => value.toFixed(value < 100 ? 1 : 0)),
    ratio === undefined ? "" : withSpread(ratio, percent),
    milliseconds(over(({ serverCpu, done }) => serverCpu / done).median),
    milliseconds(over(({ latency }) => latency.p50).median),
    milliseconds(over(({ latency }) => latency.p99).median),
    `${over(({ eventLoopDelay }) => eventLoopDelay.p999).median.toFixed(1)} ms`,
    mebibytes(over(({ memory }) => memory.peakEver).median),
    mebibytes(over(({ memory }) => memory.peak - memory.before).median),
    Number.isNaN(bytes) ? "" : `${(bytes / 1024).toFixed(1)} KiB`,
    String(Math.max(...refused)),
  ];
}

/** The rate of answers or uploads per second. Requests refused as busy don't count. */
export function rateOf({ done, statuses, seconds, stored }: DeliveryMeasurement): number {
  return (stored ? done : (statuses["200"] ?? 0)) / seconds;
}

/** The ratio of one subject's rate to the base's, round by round. */
function ratioOf(
  { subjects }: DeliveryScenarioResult,
  subject: DeliverySubjectName,
  base: DeliverySubjectName,
): Spread | undefined {
  const bases = subjects.get(base) ?? [];
  const pairs = (subjects.get(subject) ?? []).flatMap((measurement, round) => {
    const other = bases[round];
    return other === undefined ? [] : [rateOf(measurement) / rateOf(other)];
  });
  return pairs.length === 0 ? undefined : spread(pairs);
}

function disturbanceLine({ subjects }: DeliveryScenarioResult): string {
  const all = [...subjects.values()].flat();
  const others = all.map(disturbance);
  const client = percent(Math.max(...all.map(({ clientCpu, seconds }) => clientCpu / seconds)));
  return `- Others took ${percent(spread(others).median)} of the server's core at the median, ${percent(Math.max(...others))} at most; the load client's core was ${client} busy at most.`;
}
