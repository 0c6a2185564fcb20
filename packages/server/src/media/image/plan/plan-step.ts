import type { Region, Size } from "../pixels/geometry.ts";
import { black, type Colour, type Margins, type Operation, transparent } from "../pixels/operations.ts";
import { centre, type Focus, frame } from "./framing.ts";
import type { BackgroundParameter, Radius, StepParameters } from "./step-parameters.ts";
import { type ClientHints, targetSize } from "./target-size.ts";

export interface StepInput {
  readonly size: Size;
  /** Whether pixels may be transparent. */
  readonly alpha: boolean;
  /** The file's own area of interest, as long as the image is the file's. */
  readonly area: Region | undefined;
}

export interface PlannedStep {
  readonly operations: readonly Operation[];
  readonly size: Size;
  readonly alpha: boolean;
}

/**
 * What one step does to an image whose size is known, in the order of docs/protocol/transformations.md §2.2, which
 * isn't that of the URL. Trimming has been done.
 * @throws MediaError ETRANSFORMATION
 */
export function planStep(step: StepParameters, input: StepInput, hints: ClientHints): PlannedStep {
  const { size = {}, mode = "maintain_ratio", background } = step;
  const fill = colourOf(background);
  const drawn = fill && drawnFirst(fill);
  const framed = frame(input.size, targetSize(input.size, size, hints), {
    mode,
    focus: focusOf(step, input.area),
    x: step.x,
    y: step.y,
    xc: step.xc,
    yc: step.yc,
    pad: (margins, canvas) =>
      pad(margins, canvas, { background, colour: drawn ?? black, resized: mode === "pad_resize" }),
  });
  const turned = turn(framed.size, step.rotation, drawn ?? transparent);
  const bordered = border(turned.size, step.border);
  const operations = [...framed.operations, ...effects(step), ...turned.operations, ...bordered.operations];
  const rounded = round(bordered.size, step.radius);
  const faded = fade(step.opacity);
  const beforeFill = [...operations, ...rounded, ...faded];
  const alpha = input.alpha || beforeFill.some(bringsAlpha);
  const filled = alpha && fill !== undefined ? flatten(faded.length > 0 ? { ...fill, alpha: 1 } : fill) : [];
  return {
    operations: [...beforeFill, ...filled],
    size: bordered.size,
    alpha: alpha && !(filled.length > 0 && (fill?.alpha === 1 || faded.length > 0)),
  };
}

function focusOf({ focus }: StepParameters, area: Region | undefined): Focus {
  if (focus === undefined) return centre;
  if (focus.kind !== "custom") return focus;
  if (area !== undefined) return { kind: "area", area };
  return focus.otherwise === "saliency" ? { kind: "saliency" } : centre;
}

function colourOf(background: BackgroundParameter | undefined): Colour | undefined {
  return background?.kind === "colour" ? background.colour : undefined;
}

/**
 * What padding and the corners of a turned image are filled with before the background is laid under everything. A
 * background that is transparent itself must not be laid twice: it would be less transparent there.
 */
function drawnFirst(fill: Colour): Colour {
  return fill.alpha === 1 ? fill : { ...fill, alpha: 0 };
}

interface Padding {
  readonly background: BackgroundParameter | undefined;
  readonly colour: Colour;
  readonly resized: boolean;
}

/**
 * A blurred background is for `cm-pad_resize` alone; elsewhere padding is black
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

/** Blurs so much that no shape is left, at any size. */
const autoBlurDivisor = 16;

function effects({ contrast, grayscale, blur, sharpen, unsharp, flip }: StepParameters): Operation[] {
  return [
    ...(contrast ? [{ kind: "contrast" } as const] : []),
    ...(grayscale ? [{ kind: "grayscale" } as const] : []),
    ...(blur === undefined ? [] : [{ kind: "blur", sigma: Math.max(0.3, blur / 2) } as const]),
    ...(sharpen === undefined ? [] : [{ kind: "sharpen", sigma: 0.5 + sharpen / 50 } as const]),
    ...(unsharp === undefined ? [] : [{ kind: "unsharp", ...usable(unsharp) } as const]),
    ...(flip === undefined ? [] : [{ kind: "flip", ...flip } as const]),
  ];
}

function usable({ sigma, amount, threshold }: NonNullable<StepParameters["unsharp"]>) {
  return {
    sigma: within(sigma, maskRanges.sigma),
    amount: within(amount, maskRanges.amount),
    threshold: within(threshold, maskRanges.threshold),
  };
}

/** What sharp takes, and beyond what nothing changes. */
const maskRanges = {
  sigma: { least: 0.01, most: 10 },
  amount: { least: 0, most: 1_000_000 },
  threshold: { least: 0, most: 1 },
};

function within(value: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(Math.max(value, least), most);
}

interface Sized {
  readonly operations: readonly Operation[];
  readonly size: Size;
}

/** The canvas as libvips sizes it: the box around the turned corners. */
function turn(input: Size, rotation: number | undefined, background: Colour): Sized {
  const degrees = (((rotation ?? 0) % 360) + 360) % 360;
  if (degrees === 0) return { operations: [], size: input };
  const size = turnedSize(input, degrees);
  return { operations: [{ kind: "turn", degrees, background, ...size }], size };
}

export function turnedSize({ width, height }: Size, degrees: number): Size {
  const angle = (degrees / 180) * Math.PI;
  const [sine, cosine] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  return {
    width: Math.round(width * cosine + height * sine),
    height: Math.round(height * cosine + width * sine),
  };
}

/** Outside of the image, which grows (docs/protocol/transformations.md §6.1). */
function border(input: Size, wanted: StepParameters["border"]): Sized {
  if (wanted === undefined || wanted.width === 0) return { operations: [], size: input };
  const { width, colour } = wanted;
  return {
    operations: [{ kind: "pad", background: colour, top: width, right: width, bottom: width, left: width }],
    size: { width: input.width + 2 * width, height: input.height + 2 * width },
  };
}

/** `max` makes an ellipse; a number, at most half of the short side. */
function round({ width, height }: Size, radius: StepParameters["radius"]): Operation[] {
  if (radius === undefined || radius.every((corner) => corner === 0)) return [];
  const most = Math.min(width, height) / 2;
  const corner = (wanted: Radius) => {
    const limited = wanted === "max" ? undefined : Math.min(wanted, most);
    return { x: limited ?? width / 2, y: limited ?? height / 2 };
  };
  const [topLeft, topRight, bottomRight, bottomLeft] = radius;
  return [{ kind: "round", corners: [corner(topLeft), corner(topRight), corner(bottomRight), corner(bottomLeft)] }];
}

function fade(opacity: number | undefined): Operation[] {
  return opacity === undefined || opacity === 100 ? [] : [{ kind: "fade", opacity: opacity / 100 }];
}

function flatten(background: Colour): Operation[] {
  return [{ kind: "flatten", background }];
}

function bringsAlpha(operation: Operation): boolean {
  switch (operation.kind) {
    case "round":
    case "fade":
      return true;
    case "pad":
      return operation.background.alpha < 1;
    case "turn":
      return operation.degrees % 90 !== 0 && operation.background.alpha < 1;
    default:
      return false;
  }
}
