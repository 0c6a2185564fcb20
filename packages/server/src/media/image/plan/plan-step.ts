import { MediaError } from "../../media-error.ts";
import { planEffects } from "../effects/effects.ts";
import { black, type Colour, transparent } from "../pixels/colour.ts";
import type { Region, Size } from "../pixels/geometry.ts";
import { addsAlpha, type Margins, type Operation } from "../pixels/operations.ts";
import { around, type PlacedThings } from "./found-things.ts";
import { centre, type Focus, frame } from "./framing.ts";
import type { BackgroundParameter, StepParameters } from "./step-parameters.ts";
import { type ClientHints, targetSize } from "./target-size.ts";

export interface StepInput {
  readonly size: Size;
  /** Whether pixels may be transparent. */
  readonly alpha: boolean;
  /** The area of interest stored with the file, as long as no operation has changed the file's image. */
  readonly area: Region | undefined;
  /** The things that were found in the file's image, as far as it is known where they are now. */
  readonly things?: PlacedThings | undefined;
}

export interface PlannedStep {
  readonly operations: readonly Operation[];
  readonly size: Size;
  readonly alpha: boolean;
}

/**
 * Plans how one step brings an image of a known size to its own. The order of a step's operations is that of
 * docs/protocol/transformations.md §2.2, not that of the URL. Trimming has already been done.
 * @throws MediaError ETRANSFORMATION
 */
export function planSize(step: StepParameters, input: StepInput, hints: ClientHints): PlannedStep {
  const { size = {}, mode = "maintain_ratio", background } = step;
  refuseUnfilled(step);
  const drawn = drawnFirst(background);
  const framed = frame(input.size, targetSize(input.size, size, hints), {
    mode,
    focus: focusOf(step, input),
    x: step.x,
    y: step.y,
    xc: step.xc,
    yc: step.yc,
    pad: (margins, canvas) =>
      pad(margins, canvas, { background, colour: drawn ?? black, resized: mode === "pad_resize" }),
  });
  return { ...framed, alpha: input.alpha || framed.operations.some(addsAlpha) };
}

/**
 * Plans what the step does to an image that has the step's size, before the step's layers are drawn.
 * @param input with the operations that come before
 */
export function planBelow(step: StepParameters, { operations, size, alpha }: PlannedStep): PlannedStep {
  const done = planEffects("below", step, { size, alpha, fill: drawnFirst(step.background) });
  return { ...done, operations: [...operations, ...done.operations] };
}

/** A model fills padding alone (docs/protocol/transformations.md §6.4). @throws MediaError ETRANSFORMATION */
function refuseUnfilled({ background, mode, size }: StepParameters): void {
  if (background?.kind !== "generated") return;
  const pads = mode === "pad_resize" || mode === "pad_extract";
  if (pads && size?.width !== undefined && size.height !== undefined) return;
  throw new MediaError("ETRANSFORMATION", "bg-genfill needs w, h and cm-pad_resize or cm-pad_extract");
}

/** Plans what one step does to its image and the layers that have been drawn on it. */
export function planAbove(step: StepParameters, { size, alpha }: Pick<StepInput, "size" | "alpha">): PlannedStep {
  const { background } = step;
  const fill = colourOf(background);
  const done = planEffects("above", step, { size, alpha, fill: drawnFirst(background) });
  if (!done.alpha || fill === undefined) return done;
  const under = done.operations.some(wantsOpaqueBackground) ? { ...fill, alpha: 1 } : fill;
  return { operations: [...done.operations, flatten(under)], size: done.size, alpha: under.alpha < 1 };
}

function focusOf({ focus, zoom = 1 }: StepParameters, { area, things }: StepInput): Focus {
  if (focus === undefined) return centre;
  if (focus.kind === "face") {
    const faces = around(things?.faces ?? []);
    return faces === undefined ? { kind: "saliency" } : { kind: "faces", area: faces, zoom };
  }
  if (focus.kind === "objects") {
    const asked = new Set(focus.objects);
    const objects = around((things?.objects ?? []).filter(({ name }) => asked.has(name)));
    return objects === undefined ? centre : { kind: "objects", area: objects, zoom };
  }
  if (focus.kind !== "custom") return focus;
  if (area !== undefined) return { kind: "area", area };
  return focus.otherwise === "saliency" ? { kind: "saliency" } : centre;
}

function colourOf(background: BackgroundParameter | undefined): Colour | undefined {
  return background?.kind === "colour" ? background.colour : undefined;
}

/**
 * The colour that fills padding and the corners of a rotated image before the background is laid under everything. A
 * background that is itself transparent must not be laid twice, because it would be less transparent in those places.
 */
function drawnFirst(background: BackgroundParameter | undefined): Colour | undefined {
  if (background?.kind === "generated") return transparent;
  const fill = colourOf(background);
  return fill === undefined || fill.alpha === 1 ? fill : { ...fill, alpha: 0 };
}

interface Padding {
  readonly background: BackgroundParameter | undefined;
  readonly colour: Colour;
  readonly resized: boolean;
}

/**
 * A blurred background applies to `cm-pad_resize` alone; in other modes the padding is black
 * (docs/protocol/transformations.md §6.1).
 */
function pad(margins: Margins, canvas: Size, { background, colour, resized }: Padding): Operation {
  if (background?.kind === "dominant") return { kind: "pad-dominant", colours: background.colours, ...margins };
  if (background?.kind === "blurred" && resized) {
    const { intensity, brightness } = background;
    const sigma = intensity === "auto" ? Math.max(canvas.width, canvas.height) / autoBlurDivisor : intensity / 2;
    return { kind: "pad-blurred", sigma, brightness, ...margins };
  }
  return { kind: "pad", background: colour, ...margins };
}

/** This divisor blurs so much that no shape is left, at any size. */
const autoBlurDivisor = 16;

function wantsOpaqueBackground(operation: Operation): boolean {
  return operation.kind === "effect" && operation.onOpaqueBackground === true;
}

function flatten(background: Colour): Operation {
  return { kind: "flatten", background };
}
