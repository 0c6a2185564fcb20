import type { ConditionalStep, ParameterStep, Parameters, Step, Transformation } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";

/** The names in a transformation that says nothing else; undefined when it does, or says nothing at all. */
export function onlyNames({ steps }: Transformation): readonly string[] | undefined {
  const names = steps.map(onlyName);
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

function onlyName(step: Step): string | undefined {
  if (step.kind === "conditional" || step.layers.length > 0) return undefined;
  const { n, ...others } = step.parameters;
  return Object.keys(others).length === 0 ? n : undefined;
}

/** Every name in a transformation, wherever it stands. */
export function namesIn({ steps }: Transformation): ReadonlySet<string> {
  return new Set(steps.flatMap(namesOf));
}

function namesOf(step: Step): readonly string[] {
  if (step.kind === "conditional") return [...step.whenTrue, ...(step.whenFalse ?? [])].flatMap(namesOf);
  return step.parameters.n === undefined ? [] : [step.parameters.n];
}

/**
 * Puts what they stand for in the place of names (spec/delivery.md §8.2). A name alone in its step gives way to its steps;
 * beside explicit parameters its first step is merged with them, and they win.
 * @param find the account's transformation of that name, if it has one that is enabled
 * @throws TransformationError UNKNOWN_NAME; NAMES_TOO_DEEP: a name may stand in a named transformation, but not deeper;
 * NAMES_TOO_LONG
 */
export function expandNames({ steps }: Transformation, find: Find): Transformation {
  let count = 0;
  const counting: Find = (name) => {
    const named = find(name);
    count += named === undefined ? 0 : countSteps(named.steps);
    if (count > mostNamedSteps) throw new TransformationError("NAMES_TOO_LONG", name);
    return named;
  };
  return { steps: expandSteps(steps, counting, 0) };
}

/** Of all names together, far beyond what is ever rendered: two levels of long ones would stand for millions. */
const mostNamedSteps = 1000;

function countSteps(steps: readonly Step[]): number {
  const inside = ({ whenTrue, whenFalse = [] }: ConditionalStep) => countSteps(whenTrue) + countSteps(whenFalse);
  return steps.reduce((sum, step) => sum + 1 + (step.kind === "conditional" ? inside(step) : 0), 0);
}

/** How deep names may lie in what names stand for. */
const deepest = 1;

type Find = (name: string) => Transformation | undefined;

function expandSteps(steps: readonly Step[], find: Find, depth: number): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.kind === "parameters") return expandStep(step, find, depth);
    const whenFalse = step.whenFalse === undefined ? undefined : expandSteps(step.whenFalse, find, depth);
    return [{ ...step, whenTrue: expandSteps(step.whenTrue, find, depth), whenFalse }];
  });
}

function expandStep(step: ParameterStep, find: Find, depth: number): readonly Step[] {
  const { n: name, ...explicit } = step.parameters;
  if (name === undefined) return [step];
  if (depth > deepest) throw new TransformationError("NAMES_TOO_DEEP", name);
  const named = find(name);
  if (named === undefined) throw new TransformationError("UNKNOWN_NAME", name);
  const expanded = expandSteps(named.steps, find, depth + 1);
  return Object.keys(explicit).length === 0 && step.layers.length === 0 ? expanded : merge(step, explicit, expanded);
}

function merge(step: ParameterStep, explicit: Parameters, [first, ...rest]: readonly Step[]): readonly Step[] {
  // A condition takes a step for itself, so that what is explicit comes before it.
  if (first?.kind === "conditional") return [{ ...step, parameters: explicit }, first, ...rest];
  const parameters = { ...first?.parameters, ...explicit };
  return [{ ...step, parameters, layers: [...(first?.layers ?? []), ...step.layers] }, ...rest];
}
