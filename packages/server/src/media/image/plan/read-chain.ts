import {
  type Condition,
  everyStep,
  holdsExpression,
  type ParameterStep,
  type Parameters,
  type Step,
  settleParameters,
  TransformationError,
} from "@sluice/grammar";
import { readAi } from "./ai-effects.ts";
import type { FormatParameter, OutputParameters } from "./choose-output.ts";
import { readLayer } from "./read-layer.ts";
import { readStep } from "./read-step.ts";
import type { AskedStep, Branch, StepParameters } from "./step-parameters.ts";

/** Reads how the result is written. */
export function readOutput({ f, q, pr, lo, cp, md, dn }: Parameters): OutputParameters {
  const output: Partial<Record<keyof OutputParameters, unknown>> = {
    format: f && formats[f],
    quality: q,
    progressive: pr,
    lossless: lo,
    keepProfile: cp,
    keepMetadata: md,
    density: dn,
  };
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined)) as OutputParameters;
}

/** Video formats don't apply to images. */
const formats: Readonly<Record<NonNullable<Parameters["f"]>, FormatParameter | undefined>> = {
  auto: "auto",
  jpg: "jpeg",
  png: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  svg: "svg",
  orig: "orig",
  mp4: undefined,
  webm: undefined,
};

/**
 * Reads a chain of steps with its conditions.
 * @throws TransformationError for what isn't built yet, and for what a condition can't decide
 */
export function readChain(steps: readonly Step[]): readonly AskedStep[] {
  const read: AskedStep[] = [];
  // What a later step says counts, so a branch's output is what no step behind it says.
  const later = new Set<string>();
  for (const [index, step] of [...steps.entries()].toReversed()) {
    if (step.kind === "parameters") {
      read.push(readParameters(step));
      for (const key of Object.keys(readOutput(step.parameters))) later.add(key);
    } else if (!choosesPage(step)) {
      const paused = everyStep(steps.slice(0, index)).some(pauses);
      const branch = (inner: readonly Step[] = []): Branch => readBranch(inner, later, paused);
      read.push(choice(step.condition, branch(step.whenTrue), branch(step.whenFalse)));
    }
  }
  return read.toReversed();
}

function choice(condition: Condition, whenTrue: Branch, whenFalse: Branch): AskedStep {
  return { kind: "choice", condition, whenTrue, whenFalse };
}

/** Whether the size after a step is known only once there are pixels. */
function pauses({ parameters, layers }: ParameterStep): boolean {
  const { t } = parameters;
  return (t !== undefined && t !== false) || layers.length > 0 || readAi(parameters) !== undefined;
}

/** Conditions don't apply to pages (docs/protocol/transformations.md §4). */
function choosesPage(step: Step): boolean {
  return everyStep([step]).some(({ parameters }) => parameters.pg !== undefined);
}

function readParameters({ parameters, layers: written }: ParameterStep): AskedStep {
  const layers = written.map((layer) => readLayer(layer, readChain));
  const read = (settled: Parameters): StepParameters => ({
    ...readStep(settled),
    ...(layers.length > 0 && { layers }),
  });
  // The density of the output is arithmetic with the file alone, and isn't of this step.
  const { dn: _, ...ofStep } = parameters;
  if (!holdsExpression(ofStep)) return read(ofStep);
  const known = Object.fromEntries(Object.entries(ofStep).filter(([, value]) => !holdsExpression(value)));
  return { kind: "arithmetic", known: read(known), settle: (values) => read(settleParameters(ofStep, values)) };
}

/** @param later what steps behind the condition say of the output */
function readBranch(steps: readonly Step[], later: ReadonlySet<string>, paused: boolean): Branch {
  const all: Parameters = Object.assign({}, ...everyStep(steps).map(({ parameters }) => parameters));
  // A picture is decoded with its profile or without it before the size that a trim or a layer leaves is known.
  const undecided = paused ? (["cp", "md"] as const).find((key) => all[key] !== undefined) : undefined;
  if (undecided !== undefined) throw new TransformationError("UNKNOWN_PARAMETER", undecided);
  const output = Object.entries(readOutput(all)).filter(([key]) => !later.has(key));
  return { steps: readChain(steps), output: Object.fromEntries(output) as OutputParameters };
}
