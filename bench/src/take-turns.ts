import { calmly, type Disturbed } from "./calmly.ts";

export interface Turns<Name extends string, Run extends Disturbed> {
  readonly rounds: number;
  readonly names: readonly Name[];
  readonly measure: (name: Name) => Promise<Run>;
  /** Called after each run. */
  readonly onMeasured: (name: Name, run: Run) => void;
}

/**
 * Measures subjects as A B C D A B C D …, so that other load on the machine affects all of them.
 * @returns one run for each round. All subjects have the rounds in the same order.
 */
export async function takeTurns<Name extends string, Run extends Disturbed>({
  rounds,
  names,
  measure,
  onMeasured,
}: Turns<Name, Run>): Promise<ReadonlyMap<Name, readonly Run[]>> {
  const runs = new Map<Name, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, list] of runs) {
      const run = await calmly(() => measure(name));
      list.push(run);
      onMeasured(name, run);
    }
  }
  return runs;
}
