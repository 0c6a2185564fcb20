import { everyStep } from "./every-step.ts";
import { outputParameters } from "./parameters/output.ts";
import type { PlacementValues } from "./parameters/parameter-values.ts";
import { printTransformation } from "./print.ts";
import { settleParameters } from "./settle.ts";
import { holdsExpression } from "./shape.ts";
import type { Layer, Parameters, Step, Transformation } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";
import { round } from "./values/number.ts";
import type { AspectRatio, Dimension } from "./values/size.ts";

/**
 * Returns one text for all transformations that mean the same, as far as that shows without the picture. Caches use it
 * as a key. Names must have been expanded before. `di` is left out, because it only chooses the file and changes
 * nothing in it.
 */
export function canonicalText(transformation: Transformation): string {
  return printTransformation(canonicalTransformation(transformation));
}

/** Keeps canonical forms, because serving one request needs the same one in several places. */
const known = new WeakMap<Transformation, Transformation>();

export function canonicalTransformation(transformation: Transformation): Transformation {
  const before = known.get(transformation);
  if (before !== undefined) return before;
  const canonical = canonicalOf(transformation);
  known.set(transformation, canonical);
  // The canonical form is its own canonical form.
  known.set(canonical, canonical);
  return canonical;
}

function canonicalOf({ steps }: Transformation): Transformation {
  // `orig` returns the stored bytes, whatever else is asked for (docs/protocol/delivery.md §2).
  const original = steps.some((step) => step.kind === "parameters" && step.parameters.orig === true);
  if (original) return { steps: [{ kind: "parameters", parameters: { orig: true }, layers: [] }] };
  return { steps: moveOutputToTheEnd(canonicalSteps(steps)) };
}

function canonicalSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map(canonicalStep).filter((step) => !isEmpty(step));
}

function canonicalStep(step: Step): Step {
  if (step.kind === "parameters") {
    const { parameters, layers } = step;
    return { kind: "parameters", parameters: canonicalParameters(parameters), layers: layers.map(canonicalLayer) };
  }
  const whenFalse = canonicalSteps(step.whenFalse ?? []);
  return {
    ...step,
    whenTrue: canonicalSteps(step.whenTrue),
    whenFalse: whenFalse.length === 0 ? undefined : whenFalse,
  };
}

function isEmpty(step: Step): boolean {
  return step.kind === "parameters"
    ? step.layers.length === 0 && Object.keys(step.parameters).length === 0
    : step.whenTrue.length === 0 && step.whenFalse === undefined;
}

/**
 * Leaves out parameters without an effect (docs/protocol/transformations.md §5, §7, §9) and those that state the
 * default.
 */
function canonicalParameters(written: Parameters): Parameters {
  const worked = withWorkedOutConstants(written);
  const { w, h, ar, c, cm, dpr, fo, x, y, xc, yc, z, rt, du, eo, di: _, orig: __, c2pa: ___, ...rest } = worked;
  const sized = w !== undefined || h !== undefined;
  const onThing = fo?.kind === "face" || fo?.kind === "objects";
  const centred = fo?.kind === "position" && fo.position === "center";
  const kept = {
    ...rest,
    w,
    h,
    ar: isFixed(w) && isFixed(h) ? undefined : reduced(ar),
    c: cm !== undefined || c === "maintain_ratio" ? undefined : c,
    cm,
    dpr: sized && dpr !== 1 ? dpr : undefined,
    fo: centred ? undefined : fo,
    ...(cm === "extract" ? { x, y, xc, yc } : {}),
    z: onThing && z !== 1 ? z : undefined,
    rt: typeof rt === "number" ? round(((rt % 360) + 360) % 360, 2) : rt,
    eo,
    du: eo === undefined ? du : undefined,
  };
  const present = Object.entries(kept).filter(([, value]) => value !== undefined);
  // A colour keeps its name when `al` is present, because the name decides whether `al` has an effect on the colour.
  return Object.fromEntries(written.al === undefined ? present.map(([key, value]) => [key, unnamed(value)]) : present);
}

/** Works out the arithmetic that needs no picture. Arithmetic that gives no number stays. Rendering refuses it. */
function withWorkedOutConstants(written: Parameters): Parameters {
  if (!holdsExpression(written)) return written;
  const worked = Object.entries(written).map(([key, value]) => {
    try {
      return settleParameters({ [key]: value }, {});
    } catch (error) {
      if (!(error instanceof TransformationError)) throw error;
      return { [key]: value };
    }
  });
  return Object.assign({}, ...worked);
}

/** Whether the size counts, whatever the client's hints are and whatever arithmetic gives. */
function isFixed(dimension: Dimension | undefined): boolean {
  return dimension?.kind === "pixels" || dimension?.kind === "fraction";
}

function reduced(ratio: AspectRatio | undefined): AspectRatio | undefined {
  if (ratio?.kind !== "ratio" || !Number.isInteger(ratio.width) || !Number.isInteger(ratio.height)) return ratio;
  const divisor = greatestCommonDivisor(ratio.width, ratio.height);
  return { kind: "ratio", width: ratio.width / divisor, height: ratio.height / divisor };
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

/** Removes the names of colours, at any depth of a value, so that only their numbers remain. */
function unnamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unnamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === "keyword" ? undefined : unnamed(part)]),
  );
}

function canonicalLayer(layer: Layer): Layer {
  return { ...layer, placement: canonicalPlacement(layer.placement), steps: canonicalSteps(layer.steps) };
}

function canonicalPlacement({ ldu, ...written }: Partial<PlacementValues>): Partial<PlacementValues> {
  const place = written.lm === "displace" ? displacingPlace(written) : canonicalPlace(written);
  return { ...place, ...(written.leo === undefined && ldu !== undefined ? { ldu } : {}) };
}

/** The offsets of a layer that displaces the picture say how far. They don't place it (docs/protocol/transformations.md §6.2). */
function displacingPlace(written: Partial<PlacementValues>): Partial<PlacementValues> {
  const { lap: _, lxc: __, lyc: ___, lfo, ...rest } = written;
  return { ...rest, ...(lfo !== undefined && lfo !== "center" ? { lfo } : {}) };
}

function canonicalPlace({ lap, lfo, ...rest }: Partial<PlacementValues>): Partial<PlacementValues> {
  const { lx, ly, lxc, lyc } = rest;
  const hasOffset = [lx, ly, lxc, lyc].some((offset) => offset !== undefined);
  return {
    ...rest,
    ...(hasOffset && lap !== undefined && lap !== "top_left" ? { lap } : {}),
    ...(!hasOffset && lfo !== undefined && lfo !== "center" ? { lfo } : {}),
  };
}

/**
 * Writes the output parameters once, in the last step. A chain in which a condition has some stays as it is: which of
 * two output parameters counts then depends on the picture.
 */
function moveOutputToTheEnd(steps: readonly Step[]): readonly Step[] {
  if (steps.some((step) => step.kind === "conditional" && statesOutput(step))) return steps;
  const output: Record<string, unknown> = {};
  const remaining: Step[] = [];
  for (const step of steps) {
    if (step.kind === "conditional") {
      remaining.push(step);
      continue;
    }
    const parameters: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(step.parameters)) {
      if (Object.hasOwn(outputParameters, key)) output[key] = value;
      else parameters[key] = value;
    }
    remaining.push({ ...step, parameters });
  }
  const chain = remaining.filter((step) => !isEmpty(step));
  if (Object.keys(output).length === 0) return chain;
  const last = chain.at(-1);
  if (last?.kind !== "parameters") return [...chain, { kind: "parameters", parameters: output, layers: [] }];
  return [...chain.slice(0, -1), { ...last, parameters: { ...last.parameters, ...output } }];
}

function statesOutput(step: Step): boolean {
  return everyStep([step]).some(({ parameters }) =>
    Object.keys(parameters).some((key) => Object.hasOwn(outputParameters, key)),
  );
}
