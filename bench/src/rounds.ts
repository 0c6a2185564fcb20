import { calmly } from "./calmly.ts";
import { type Bench, type Measurement, measure } from "./measure.ts";
import type { Scenario, ScenarioName } from "./scenarios.ts";
import { nullServer, type SubjectName, subjects } from "./subjects.ts";

export interface ScenarioResult {
  readonly scenario: ScenarioName;
  /** What the load client reaches when the server keeps nothing: no subject can be measured above this. */
  readonly ceiling: Measurement;
  /** One measurement a round, the rounds in the same order for all. */
  readonly subjects: ReadonlyMap<SubjectName, readonly Measurement[]>;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly subjects: readonly SubjectName[];
  /** Told after each run. */
  readonly onMeasured: (name: string, measurement: Measurement) => void;
}

/** A B C D A B C D …, so that whatever else happens on the machine happens to all. */
export async function runRounds(
  bench: Bench,
  [name, scenario]: readonly [ScenarioName, Scenario],
  { rounds, subjects: chosen, onMeasured }: RoundsOptions,
): Promise<ScenarioResult> {
  const ceiling = await calmly(() => measure(bench, nullServer, scenario));
  onMeasured("null", ceiling);
  const taking = chosen.filter((subject) => scenario.once === undefined || scenario.once.includes(subject));
  const measurements = new Map<SubjectName, Measurement[]>(taking.map((subject) => [subject, []]));
  for (let round = 0; round < (scenario.once === undefined ? rounds : 1); round++) {
    for (const [subject, list] of measurements) {
      const measurement = await calmly(() => measure(bench, subjects[subject], scenario));
      list.push(measurement);
      onMeasured(subject, measurement);
    }
  }
  return { scenario: name, ceiling, subjects: measurements };
}
