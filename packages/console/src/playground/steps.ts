/** One step of a transformation: its parameters by key, in their order. A flag such as `orig` has the value `true`. */
export type Step = readonly (readonly [key: string, value: string])[];

/** Reads a transformation as it stands in a URL. Anything can be read, so that half-typed texts keep their controls. */
export function stepsIn(text: string): readonly Step[] {
  return text.split(":").map((step) =>
    step
      .split(",")
      .filter((part) => part !== "")
      .map(pairOf),
  );
}

function pairOf(part: string): readonly [string, string] {
  const dash = part.indexOf("-");
  return dash < 0 ? [part, ""] : [part.slice(0, dash), part.slice(dash + 1)];
}

export function textOf(steps: readonly Step[]): string {
  return steps
    .map((step) => step.map(([key, value]) => (value === "" ? key : `${key}-${value}`)).join(","))
    .filter((step) => step !== "")
    .join(":");
}

export function valueIn(step: Step, key: string): string | undefined {
  return step.find(([other]) => other === key)?.[1];
}

/** Sets a parameter in its place, or takes it away. */
export function withValue(step: Step, key: string, value: string | undefined): Step {
  const rest = step.filter(([other]) => other !== key);
  if (value === undefined) return rest;
  return valueIn(step, key) === undefined
    ? [...step, [key, value]]
    : step.map(([other, before]) => [other, other === key ? value : before] as const);
}

/** Puts one step before or behind its neighbour. */
export function moved(steps: readonly Step[], from: number, to: number): readonly Step[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return steps;
  const rest = steps.filter((_, index) => index !== from);
  return [...rest.slice(0, to), step, ...rest.slice(to)];
}
