import { calmly } from "../calmly.ts";
import { type DeliveryBench, type DeliveryMeasurement, measureDelivery } from "./measure.ts";
import type { DeliveryScenario, DeliveryScenarioName } from "./scenarios.ts";
import { type DeliverySubjectName, deliverySubjects } from "./subjects.ts";

export interface DeliveryScenarioResult {
  readonly scenario: DeliveryScenarioName;
  /** One measurement for each round. All subjects have the rounds in the same order. */
  readonly subjects: ReadonlyMap<DeliverySubjectName, readonly DeliveryMeasurement[]>;
}

export interface DeliveryRoundsOptions {
  readonly rounds: number;
  /** Called after each run. */
  readonly onMeasured: (name: string, measurement: DeliveryMeasurement) => void;
}

/** Runs the subjects in turn, as `runRounds` does for uploads. */
export async function runDeliveryRounds(
  bench: DeliveryBench,
  [name, scenario]: readonly [DeliveryScenarioName, DeliveryScenario],
  { rounds, onMeasured }: DeliveryRoundsOptions,
): Promise<DeliveryScenarioResult> {
  const measurements = new Map<DeliverySubjectName, DeliveryMeasurement[]>(
    scenario.subjects.map((subject) => [subject, []]),
  );
  for (let round = 0; round < (scenario.memory === undefined ? rounds : 1); round++) {
    for (const [subject, list] of measurements) {
      const measurement = await calmly(() => measureDelivery(bench, deliverySubjects[subject], scenario));
      list.push(measurement);
      onMeasured(subject, measurement);
    }
  }
  return { scenario: name, subjects: measurements };
}
