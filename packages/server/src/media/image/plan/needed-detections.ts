import { type ChosenPage, chosenPageKey } from "./chosen-page.ts";
import type { Detection } from "./found-things.ts";
import { cropsAroundThings } from "./framing.ts";
import { layersIn } from "./layer-steps.ts";
import type { ImageTransformation } from "./plan.ts";
import type { AskedStep, StepParameters } from "./step-parameters.ts";
import { type TargetSize, targetKinds } from "./target-size.ts";

/** A search that a transformation needs made of the picture, or of a file that one of its layers shows. */
export interface NeededDetection extends ChosenPage {
  /** The path of the layer's file; undefined for the picture itself. */
  readonly path: string | undefined;
  readonly detection: Detection;
}

/** All searches that a transformation may come to need, each once. */
export function neededDetections({
  steps,
  page,
  layers,
}: Pick<ImageTransformation, "steps" | keyof ChosenPage>): readonly NeededDetection[] {
  const needed: NeededDetection[] = detectionsIn(steps).map((detection) => ({
    path: undefined,
    page,
    layers,
    detection,
  }));
  for (const { content, steps: inside } of layersIn(steps)) {
    if (content.kind !== "file") continue;
    const at = { path: content.path, page: content.page, layers: content.layers };
    needed.push(...detectionsIn(inside).map((detection) => ({ ...at, detection })));
  }
  return [...new Map(needed.map((one) => [`${one.detection} ${chosenPageKey(one)} ${one.path ?? ""}`, one])).values()];
}

function detectionsIn(steps: readonly AskedStep[]): readonly Detection[] {
  return steps.flatMap((step) => {
    if (!("kind" in step)) return detectionOf(step, targetKinds(step.size ?? {})) ?? [];
    // Arithmetic may give a size of any kind.
    if (step.kind === "arithmetic") return detectionOf(step.known, ["none"]) ?? [];
    return [step.whenTrue, step.whenFalse].flatMap((branch) => detectionsIn(branch.steps));
  });
}

/** @returns undefined where nothing of the result depends on what would be found */
function detectionOf(step: StepParameters, targets: readonly TargetSize["kind"][]): Detection | undefined {
  const framing = { ...step, mode: step.mode ?? "maintain_ratio" };
  if (!targets.some((target) => cropsAroundThings(target, framing))) return undefined;
  if (step.focus?.kind === "face") return "faces";
  return step.focus?.kind === "objects" ? "objects" : undefined;
}
