import { calmly } from "./calmly.ts";
import { type Bench, type Measurement, measure } from "./measure.ts";
import type { Scenario, ScenarioName } from "./scenarios.ts";
import { nullServer, type SubjectName, subjects } from "./subjects.ts";

export interface ScenarioResult {
  readonly scenario: ScenarioName;
  /** The load client's rate when the server keeps nothing. No subject can be measured above this. */
  readonly ceiling: Measurement;
  /** One measurement for each round. All subjects have the rounds in the same order. */
  readonly subjects: ReadonlyMap<SubjectName, readonly Measurement[]>;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly subjects: readonly SubjectName[];
  /** Called after each run. */
  readonly onMeasured: (name: string, measurement: Measurement) => void;
}

/** Runs the subjects as A B C D A B C D …, so that other load on the machine affects all of them. */
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
