import { printCondition } from "./condition.ts";
import { everyStep } from "./every-step.ts";
import type { Layer, ParameterStep, Parameters, Step, Transformation } from "./transformation.ts";
import { transformationBounds } from "./transformation-bounds.ts";
import { TransformationError } from "./transformation-error.ts";

/**
 * Returns the names in a transformation that consists of names only. Returns undefined when it contains anything else,
 * or nothing.
 */
export function onlyNames({ steps }: Transformation): readonly string[] | undefined {
  const names = steps.map(onlyName);
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

function onlyName(step: Step): string | undefined {
  if (step.kind === "conditional" || step.layers.length > 0) return undefined;
  const { n, ...others } = step.parameters;
  return Object.keys(others).length === 0 ? n : undefined;
}

/** Returns every name in a transformation, in conditions too. */
export function namesIn({ steps }: Transformation): ReadonlySet<string> {
  return new Set(everyStep(steps).flatMap(({ parameters: { n } }) => (n === undefined ? [] : [n])));
}

/**
 * Replaces names with the transformations they stand for (docs/protocol/delivery.md §8.2). A name that is alone in its
 * step is replaced by its steps. Beside explicit parameters, the first of its steps is merged with them, and the
 * explicit parameters win.
 * @param find returns the account's transformation of that name, if it has one that is enabled
 * @throws TransformationError UNKNOWN_NAME; NAMES_TOO_DEEP: a named transformation may contain a name, but no deeper
 * nesting; NAMES_TOO_LONG: all names together may not stand for more than one transformation may contain; CONDITIONS_NESTED
 */
export function expandNames({ steps }: Transformation, find: Find): Transformation {
  const found = { steps: 0, parameters: 0 };
  const counting: Find = (name) => {
    const named = find(name);
    if (named !== undefined) count(named.steps, found);
    const tooLong = found.steps > bounds.steps.max || found.parameters > bounds.parameters.max;
    if (tooLong) throw new TransformationError("NAMES_TOO_LONG", name);
    return named;
  };
  return { steps: expandSteps(steps, counting, 1) };
}

const bounds = transformationBounds;

/** Adds the number of steps and parameters in these steps, including those in layers and branches. */
function count(steps: readonly Step[], found: { steps: number; parameters: number }): void {
  for (const step of steps) {
    found.steps += 1;
    if (step.kind === "conditional") {
      for (const branch of [step.whenTrue, step.whenFalse ?? []]) count(branch, found);
    } else {
      found.parameters += Object.keys(step.parameters).length;
      for (const layer of step.layers) countLayer(layer, found);
    }
  }
}

function countLayer({ placement, steps }: Layer, found: { steps: number; parameters: number }): void {
  found.parameters += 1 + Object.keys(placement).length;
  count(steps, found);
}

type Find = (name: string) => Transformation | undefined;

function expandSteps(steps: readonly Step[], find: Find, depth: number): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.kind === "parameters") return expandStep(step, find, depth);
    const whenFalse = step.whenFalse === undefined ? undefined : expandBranch(step.whenFalse, find, depth);
    return [{ ...step, whenTrue: expandBranch(step.whenTrue, find, depth), whenFalse }];
  });
}

/** A name brings no condition into another one (docs/protocol/transformations.md §4). */
function expandBranch(steps: readonly Step[], find: Find, depth: number): readonly Step[] {
  const expanded = expandSteps(steps, find, depth);
  const nested = expanded.find((step) => step.kind === "conditional");
  if (nested !== undefined)
    throw new TransformationError("CONDITIONS_NESTED", `if-${printCondition(nested.condition)}`);
  return expanded;
}

function expandStep(step: ParameterStep, find: Find, depth: number): readonly Step[] {
  const { n: name, ...explicit } = step.parameters;
  if (name === undefined) return [step];
  if (depth > bounds.nameDepth.max) throw new TransformationError("NAMES_TOO_DEEP", name);
  const named = find(name);
  if (named === undefined) throw new TransformationError("UNKNOWN_NAME", name);
  const expanded = expandSteps(named.steps, find, depth + 1);
  return Object.keys(explicit).length === 0 && step.layers.length === 0 ? expanded : merge(step, explicit, expanded);
}

function merge(step: ParameterStep, explicit: Parameters, [first, ...rest]: readonly Step[]): readonly Step[] {
  // A condition needs a step of its own, so the explicit parameters become a step before it.
  if (first?.kind === "conditional") return [{ ...step, parameters: explicit }, first, ...rest];
  const parameters = { ...first?.parameters, ...explicit };
  return [{ ...step, parameters, layers: [...(first?.layers ?? []), ...step.layers] }, ...rest];
}
