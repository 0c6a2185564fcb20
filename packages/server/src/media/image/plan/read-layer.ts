import {
  everyStep,
  holdsExpression,
  type Layer,
  type Parameters,
  type Step,
  settleParameters,
  TransformationError,
  type VariableValues,
} from "@sluice/grammar";
import { black, transparent } from "../pixels/colour.ts";
import { readPage } from "./chosen-page.ts";
import { readPlacement } from "./read-placement.ts";
import { readSize } from "./read-step.ts";
import { readLayerColour, readText } from "./read-text.ts";
import type { AskedStep, LayerParameters } from "./step-parameters.ts";

/**
 * Reads a layer: what it shows, what is done to that, and where it lies.
 * @param readChain reads the layer's own steps, which may contain layers again
 * @throws TransformationError for layers that aren't built yet
 */
export function readLayer(layer: Layer, readChain: ReadChain): LayerParameters {
  const { lm } = layer.placement;
  return { ...readContent(layer, readChain), placement: readPlacement(layer.placement), mode: lm ?? "over" };
}

/** Reads the steps of a chain. */
type ReadChain = (steps: readonly Step[]) => readonly AskedStep[];

/** @throws TransformationError for layers that aren't built yet, which `refuseBeyond` has refused before */
function readContent(layer: Layer, readChain: ReadChain): Pick<LayerParameters, "content" | "steps"> {
  const { steps } = layer;
  switch (layer.kind) {
    case "image": {
      const autoOrient = everyStep(steps).some(({ parameters: { rt } }) => rt === "auto");
      const always = steps.flatMap((step) => (step.kind === "parameters" ? [step.parameters] : []));
      const { pg } = always.findLast((parameters) => parameters.pg !== undefined) ?? {};
      const content = { kind: "file", path: layer.path, ...readPage(pg) } as const;
      return { content: { ...content, autoOrient }, steps: readChain(trimmed(steps)) };
    }
    case "canvas":
      return readBlock(steps, readChain);
    case "text":
      return readText(layer.text, steps, readChain);
    case "video":
    case "subtitles":
      throw new TransformationError("UNKNOWN_PARAMETER", `l-${layer.kind}`);
  }
}

/** A layer is trimmed before anything else, unless it says otherwise (docs/protocol/transformations.md §6.2). */
function trimmed(steps: readonly Step[]): readonly Step[] {
  if (everyStep(steps).some(({ parameters: { t } }) => t !== undefined)) return steps;
  const [first, ...rest] = steps;
  if (first?.kind !== "parameters") return [{ kind: "parameters", parameters: { t: true }, layers: [] }, ...steps];
  return [{ ...first, parameters: { ...first.parameters, t: true } }, ...rest];
}

/** The first step says what a block is. What follows is done to the block. */
function readBlock(steps: readonly Step[], readChain: ReadChain): Pick<LayerParameters, "content" | "steps"> {
  const [first, ...rest] = steps;
  if (first?.kind !== "parameters")
    return { content: { kind: "block", size: {}, colour: black }, steps: readChain(steps) };
  const { w, h, bg, al, ...others } = first.parameters;
  // A gradient takes the place of a colour (docs/protocol/transformations.md §6.2).
  const bare = others["e-gradient"] === undefined ? black : transparent;
  const colour = bg?.kind === "color" ? readLayerColour(bg.color, al) : bare;
  const sides: Parameters = { ...(w && { w }), ...(h && { h }) };
  const size = holdsExpression(sides)
    ? (values: VariableValues) => readSize(settleParameters(sides, values))
    : readSize(sides);
  return {
    content: { kind: "block", size, colour, ...(w?.kind === "auto" && { usesWidth: true }) },
    steps: readChain([{ ...first, parameters: others }, ...rest]),
  };
}
