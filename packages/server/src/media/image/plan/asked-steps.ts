import type { FormatParameter, OutputParameters } from "./choose-output.ts";
import type { AskedStep, Branch, Choice, StepParameters } from "./step-parameters.ts";

/** All steps that a transformation may come to do, as far as they are known without the picture. */
export function knownSteps(steps: readonly AskedStep[]): readonly StepParameters[] {
  return steps.flatMap((step) => {
    if (!("kind" in step)) return [step];
    if (step.kind === "arithmetic") return [step.known];
    return [...knownSteps(step.whenTrue.steps), ...knownSteps(step.whenFalse.steps)];
  });
}

/** Whether a condition decides about some of the steps. */
export function holdsChoice(steps: readonly AskedStep[]): boolean {
  return steps.some((step) => "kind" in step && step.kind === "choice");
}

/** The formats that a transformation may come to ask for. Undefined stands for none in particular. */
export function askedFormats(
  steps: readonly AskedStep[],
  output: OutputParameters,
): readonly (FormatParameter | undefined)[] {
  const branches = steps.flatMap((step) => ("kind" in step && step.kind === "choice" ? branchesOf(step) : []));
  return [output.format, ...branches.flatMap(({ output: { format } }) => (format === undefined ? [] : [format]))];
}

function branchesOf({ whenTrue, whenFalse }: Choice): readonly Branch[] {
  return [whenTrue, whenFalse];
}
