import { type Bench, type Measurement, measure } from "./measure.ts";
import type { Scenario, ScenarioName } from "./scenarios.ts";
import { nullServer, type Subject, type SubjectName, subjects } from "./subjects.ts";

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

/** A run during which others take more of the server's core than this share of its time is made again. */
const calmShare = 0.15;
const attempts = 3;

/** A B C D A B C D …, so that whatever else happens on the machine happens to all. */
export async function runRounds(
  bench: Bench,
  [name, scenario]: readonly [ScenarioName, Scenario],
  { rounds, subjects: chosen, onMeasured }: RoundsOptions,
): Promise<ScenarioResult> {
  const ceiling = await measureCalmly(bench, nullServer, scenario);
  onMeasured("null", ceiling);
  const taking = chosen.filter((subject) => scenario.once === undefined || scenario.once.includes(subject));
  const measurements = new Map<SubjectName, Measurement[]>(taking.map((subject) => [subject, []]));
  for (let round = 0; round < (scenario.once === undefined ? rounds : 1); round++) {
    for (const [subject, list] of measurements) {
      const measurement = await measureCalmly(bench, subjects[subject], scenario);
      list.push(measurement);
      onMeasured(subject, measurement);
    }
  }
  return { scenario: name, ceiling, subjects: measurements };
}

/** The first run that nobody disturbed, or the least disturbed of several: what it measured has no say in the choice. */
async function measureCalmly(bench: Bench, subject: Subject, scenario: Scenario): Promise<Measurement> {
  let calmest: Measurement | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const measurement = await measure(bench, subject, scenario);
    if (calmest === undefined || disturbance(measurement) < disturbance(calmest)) calmest = measurement;
    if (disturbance(calmest) <= calmShare) return calmest;
  }
  if (calmest === undefined) throw new Error("nothing was measured");
  return calmest;
}

/** The share of the server's core that others took. */
export function disturbance({ othersCpu, seconds }: Measurement): number {
  return othersCpu / seconds;
}
