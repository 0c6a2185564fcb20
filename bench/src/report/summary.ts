import type { Measurement } from "../measure.ts";
import type { ScenarioResult } from "../rounds.ts";
import { type Scenario, scenarios } from "../scenarios.ts";
import type { SubjectName } from "../subjects.ts";
import { type Spread, spread } from "./statistics.ts";

const mib = 1024 * 1024;

export interface SubjectSummary {
  /** In the scenario's unit. */
  readonly rate: Spread;
  /** Of the subject's rate to the floor's, round by round; absent where one of them did not run. */
  readonly ofFloor?: Spread;
  readonly ofSha256Floor?: Spread;
  /** Seconds. */
  readonly serverCpu: Spread;
  readonly latency: { readonly p50: Spread; readonly p99: Spread };
  /** Milliseconds, p99.9. */
  readonly eventLoopDelay: Spread;
  /** Bytes. */
  readonly peakMemory: Spread;
  readonly memoryGrowth: Spread;
  /** Shares of a core. */
  readonly clientBusy: Spread;
  readonly othersBusy: Spread;
}

export function summarise(result: ScenarioResult, subject: SubjectName): SubjectSummary | undefined {
  const scenario: Scenario = scenarios[result.scenario];
  const measurements = result.subjects.get(subject);
  if (measurements === undefined || measurements.length === 0) return undefined;
  const over = (value: (measurement: Measurement) => number): Spread => spread(measurements.map(value));
  const ofFloor = ratios(result, subject, "floor");
  const ofSha256Floor = ratios(result, subject, "floor-sha256");
  return {
    rate: over((measurement) => rateOf(measurement, scenario)),
    ...(ofFloor === undefined ? {} : { ofFloor }),
    ...(ofSha256Floor === undefined ? {} : { ofSha256Floor }),
    serverCpu: over(({ serverCpu, uploads }) => serverCpu / uploads),
    latency: { p50: over(({ latency }) => latency.p50), p99: over(({ latency }) => latency.p99) },
    eventLoopDelay: over(({ eventLoopDelay }) => eventLoopDelay.p999),
    peakMemory: over(({ memory }) => memory.peakEver),
    memoryGrowth: over(({ memory }) => memory.peak - memory.before),
    clientBusy: over(({ clientCpu, seconds }) => clientCpu / seconds),
    othersBusy: over(({ othersCpu, seconds }) => othersCpu / seconds),
  };
}

export function rateOf({ uploads, seconds }: Measurement, { unit, fileBytes }: Scenario): number {
  return unit === "MiB/s" ? (uploads * fileBytes) / mib / seconds : uploads / seconds;
}

function ratios({ scenario, subjects }: ScenarioResult, subject: SubjectName, to: SubjectName): Spread | undefined {
  const own = subjects.get(subject);
  const others = subjects.get(to);
  if (own === undefined || others === undefined) return undefined;
  const pairs = own.flatMap((measurement, round) => {
    const other = others[round];
    return other === undefined ? [] : [rateOf(measurement, scenarios[scenario]) / rateOf(other, scenarios[scenario])];
  });
  return pairs.length === 0 ? undefined : spread(pairs);
}
