import { takeTurns } from "../take-turns.ts";
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

export async function runDeliveryRounds(
  bench: DeliveryBench,
  [name, scenario]: readonly [DeliveryScenarioName, DeliveryScenario],
  { rounds, onMeasured }: DeliveryRoundsOptions,
): Promise<DeliveryScenarioResult> {
  const measurements = await takeTurns<DeliverySubjectName, DeliveryMeasurement>({
    rounds: scenario.memory === undefined ? rounds : 1,
    names: scenario.subjects,
    measure: (subject) => measureDelivery(bench, deliverySubjects[subject], scenario),
    onMeasured,
  });
  return { scenario: name, subjects: measurements };
}
