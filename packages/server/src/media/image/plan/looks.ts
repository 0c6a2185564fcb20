import { knownSteps } from "./asked-steps.ts";
import { type ChosenPage, chosenPageKey } from "./chosen-page.ts";
import type { Detection } from "./found-things.ts";
import type { FramingMode } from "./framing.ts";
import { layersIn } from "./layer-steps.ts";
import type { ImageTransformation } from "./plan.ts";
import type { AskedStep, StepParameters } from "./step-parameters.ts";

/** A search that a transformation needs made of the picture, or of a file that one of its layers shows. */
export interface Look extends ChosenPage {
  /** The path of the layer's file; undefined for the picture itself. */
  readonly path: string | undefined;
  readonly detection: Detection;
}

/** All searches that a transformation may come to need, each once. */
export function looksOf({
  steps,
  page,
  layers,
}: Pick<ImageTransformation, "steps" | keyof ChosenPage>): readonly Look[] {
  const looks: Look[] = detectionsIn(steps).map((detection) => ({ path: undefined, page, layers, detection }));
  for (const { content, steps: inside } of layersIn(steps)) {
    if (content.kind !== "file") continue;
    const at = { path: content.path, page: content.page, layers: content.layers };
    looks.push(...detectionsIn(inside).map((detection) => ({ ...at, detection })));
  }
  return [
    ...new Map(looks.map((look) => [`${look.detection} ${chosenPageKey(look)} ${look.path ?? ""}`, look])).values(),
  ];
}

function detectionsIn(steps: readonly AskedStep[]): readonly Detection[] {
  return knownSteps(steps).flatMap((step) => detectionOf(step) ?? []);
}

function detectionOf({ focus, mode = "maintain_ratio" }: StepParameters): Detection | undefined {
  if (!focusing.has(mode)) return undefined;
  if (focus?.kind === "face") return "faces";
  return focus?.kind === "objects" ? "objects" : undefined;
}

/** The modes that cut around what is found. The others ignore it (docs/protocol/transformations.md §5.4). */
const focusing: ReadonlySet<FramingMode> = new Set(["maintain_ratio", "maintain_ratio_no_enlarge", "extract"]);
