import type { ParameterStep, Step } from "./transformation.ts";

/** Returns the steps of a chain in their order, with those of its conditions, whether or not they are done. */
export function everyStep(steps: readonly Step[]): readonly ParameterStep[] {
  return steps.flatMap((step) =>
    step.kind === "parameters" ? [step] : everyStep([...step.whenTrue, ...(step.whenFalse ?? [])]),
  );
}
