import type { Measurement } from "../measure.ts";
import type { ScenarioResult } from "../rounds.ts";
import { type Scenario, scenarios } from "../scenarios.ts";
import type { SubjectName } from "../subjects.ts";
import { type Spread, spread } from "./statistics.ts";

const mib = 1024 * 1024;

export interface SubjectSummary {
  /** The rate, in the scenario's unit. */
  readonly rate: Spread;
  /** The ratio of the subject's rate to the floor's, round by round; absent where one of them did not run. */
  readonly ofFloor?: Spread;
  readonly ofSha256Floor?: Spread;
  /** The server's processor time in seconds per upload. */
  readonly serverCpu: Spread;
  /** The ratio of this time to the floor's, round by round. Unlike rates, other load on the core hardly affects it. */
  readonly cpuOfFloor?: Spread;
  /** The processor time of the programs beside the client on its core, in seconds per upload. */
  readonly besideClientCpu: Spread;
  readonly latency: { readonly p50: Spread; readonly p99: Spread };
  /** The p99.9 in milliseconds. */
  readonly eventLoopDelay: Spread;
  /** Peak and growth of the server's resident memory, in bytes. */
  readonly peakMemory: Spread;
  readonly memoryGrowth: Spread;
}

export function summarise(result: ScenarioResult, subject: SubjectName): SubjectSummary | undefined {
  const scenario: Scenario = scenarios[result.scenario];
  const measurements = result.subjects.get(subject);
  if (measurements === undefined || measurements.length === 0) return undefined;
  const over = (value: (measurement: Measurement) => number): Spread => spread(measurements.map(value));
  const rate = (measurement: Measurement): number => rateOf(measurement, scenario);
  const ofFloor = ratios(result, [subject, "floor"], rate);
  const ofSha256Floor = ratios(result, [subject, "floor-sha256"], rate);
  const cpuOfFloor = ratios(result, [subject, "floor"], cpuPerUpload);
  return {
    rate: over(rate),
    ...(ofFloor === undefined ? {} : { ofFloor }),
    ...(ofSha256Floor === undefined ? {} : { ofSha256Floor }),
    serverCpu: over(cpuPerUpload),
    ...(cpuOfFloor === undefined ? {} : { cpuOfFloor }),
    besideClientCpu: over(({ besideClientCpu, uploads }) => besideClientCpu / uploads),
    latency: { p50: over(({ latency }) => latency.p50), p99: over(({ latency }) => latency.p99) },
    eventLoopDelay: over(({ eventLoopDelay }) => eventLoopDelay.p999),
    peakMemory: over(({ memory }) => memory.peakEver),
    memoryGrowth: over(({ memory }) => memory.peak - memory.before),
  };
}

export function rateOf({ uploads, seconds }: Measurement, { unit, fileBytes }: Scenario): number {
  return unit === "MiB/s" ? (uploads * fileBytes) / mib / seconds : uploads / seconds;
}

function cpuPerUpload({ serverCpu, uploads }: Measurement): number {
  return serverCpu / uploads;
}

/** The ratio of processor time per upload between two subjects, by round; undefined where one of them did not run. */
export function cpuRatio(result: ScenarioResult, subject: SubjectName, of: SubjectName): Spread | undefined {
  return ratios(result, [subject, of], cpuPerUpload);
}

/** The ratio of the subject's rate to the base's, round by round; undefined where one of them did not run. */
export function rateRatio(result: ScenarioResult, subject: SubjectName, base: SubjectName): Spread | undefined {
  const scenario: Scenario = scenarios[result.scenario];
  return ratios(result, [subject, base], (measurement) => rateOf(measurement, scenario));
}

function ratios(
  { subjects }: ScenarioResult,
  [subject, base]: readonly [SubjectName, SubjectName],
  value: (measurement: Measurement) => number,
): Spread | undefined {
  const bases = subjects.get(base) ?? [];
  const pairs = (subjects.get(subject) ?? []).flatMap((measurement, round) => {
    const other = bases[round];
    return other === undefined ? [] : [value(measurement) / value(other)];
  });
  return pairs.length === 0 ? undefined : spread(pairs);
}
