import { calmly } from "./calmly.ts";
import { type Bench, type Measurement, measure } from "./measure.ts";
import type { Scenario, ScenarioName } from "./scenarios.ts";
import { nullServer, type SubjectName, subjects } from "./subjects.ts";
import { takeTurns } from "./take-turns.ts";

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

/** Measures the load client alone, and then the subjects in turn. */
export async function runRounds(
  bench: Bench,
  [name, scenario]: readonly [ScenarioName, Scenario],
  { rounds, subjects: chosen, onMeasured }: RoundsOptions,
): Promise<ScenarioResult> {
  const ceiling = await calmly(() => measure(bench, nullServer, scenario));
  onMeasured("null", ceiling);
  const taking = chosen.filter((subject) => scenario.once === undefined || scenario.once.includes(subject));
  const measurements = await takeTurns<SubjectName, Measurement>({
    rounds: scenario.once === undefined ? rounds : 1,
    names: taking,
    measure: (subject) => measure(bench, subjects[subject], scenario),
    onMeasured,
  });
  return { scenario: name, ceiling, subjects: measurements };
}
