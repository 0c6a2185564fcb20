import sharp, { type OverlayOptions, type Sharp } from "sharp";
import { type Frames, frameImage, toFrames } from "../pixels/frames.ts";
import { type Size, scaled } from "../pixels/geometry.ts";
import {
  type Colour,
  type CornerRadius,
  type Margins,
  type Operation,
  type OperationKind,
  sizeAfter,
} from "../pixels/operations.ts";
import type { Work } from "../pixels/work.ts";
import { dominantBackdrop } from "./dominant-colours.ts";

/** Those that depend on what is to be seen are turned into others before they get here. */
export type PixelOperation = Exclude<Operation, { kind: "extract-salient" }>;

type OperationOf<Kind extends OperationKind> = Extract<Operation, { kind: Kind }>;

interface PixelOperator<Kind extends OperationKind> {
  /** Whether a pixel's result depends on that pixel, or on all of them, so that frames needn't be told apart. */
  readonly wholeAtOnce?: true;
  /** @param frame one frame, or all as one tall image */
  readonly apply: (image: Sharp, operation: OperationOf<Kind>, frame: Frames, work: Work) => Sharp | Promise<Sharp>;
}

/** What each operation is in sharp (docs/protocol/transformations.md §6.1). */
const operators: { readonly [Kind in PixelOperation["kind"]]: PixelOperator<Kind> } = {
  extract: { apply: (image, { left, top, width, height }) => image.extract({ left, top, width, height }) },
  scale: { apply: (image, { width, height }) => image.resize({ width, height, fit: "fill" }) },
  pad: { apply: (image, { background, ...margins }) => extend(withAlphaFor(image, background), margins, background) },
  "pad-blurred": {
    apply: async (_, operation, frame, work) => {
      const { sigma, brightness } = operation;
      const backdrop = await blurredBackdrop(frame, sizeAfter(frame, operation), sigma, brightness, work);
      return layOver(backdrop, frame, operation, work);
    },
  },
  "pad-dominant": {
    apply: async (_, operation, frame, work) => {
      const backdrop = await dominantBackdrop(frame, sizeAfter(frame, operation), operation.colours, work);
      return layOver(backdrop, frame, operation, work);
    },
  },
  contrast: { wholeAtOnce: true, apply: (image) => image.normalise({ lower: 1, upper: 99 }) },
  // The same greys as sharp's `grayscale`, which would drop the transparency on the way to memory.
  grayscale: { wholeAtOnce: true, apply: (image) => image.modulate({ saturation: 0 }) },
  blur: { apply: (image, { sigma }) => image.blur({ sigma }) },
  sharpen: { apply: (image, { sigma }) => image.sharpen({ sigma }) },
  // Sharpens lightness alone, so that edges get no coloured fringes. The parameter's radius is only where a mask of this
  // sigma is cut off.
  unsharp: {
    apply: (image, { sigma, amount, threshold }) =>
      image.sharpen({ sigma, m1: 0, m2: amount, x1: threshold * fullLightness, y2: fullLightness, y3: fullLightness }),
  },
  flip: {
    apply: (image, { horizontal, vertical }) => image.flop(horizontal).flip(vertical),
  },
  turn: {
    apply: (image, { degrees, background }) =>
      degrees % 90 === 0 ? image.rotate(degrees) : withAlphaFor(image, background).rotate(degrees, { background }),
  },
  round: {
    apply: (image, { corners }, frame) =>
      image.ensureAlpha().composite([{ input: cornerMask(frame, corners), blend: "dest-in" }]),
  },
  fade: {
    wholeAtOnce: true,
    apply: (image, { opacity }) => image.ensureAlpha().composite([{ ...veil(opacity), blend: "dest-in" }]),
  },
  flatten: {
    wholeAtOnce: true,
    apply: (image, { background }, { width, height, count }) =>
      background.alpha === 1
        ? image.flatten({ background })
        : image.ensureAlpha().composite([
            {
              input: { create: { width, height: height * count, channels: 4, background } },
              blend: "dest-over",
            },
          ]),
  },
};

/** On the scale of libvips. */
const fullLightness = 100;

export function isWholeAtOnce({ kind }: PixelOperation): boolean {
  return operators[kind].wholeAtOnce === true;
}

export async function applyOperation(frame: Frames, operation: PixelOperation, work: Work): Promise<Sharp> {
  const { apply } = operators[operation.kind] as PixelOperator<typeof operation.kind>;
  return apply(frameImage(frame), operation as never, frame, work);
}

function withAlphaFor(image: Sharp, { alpha }: Colour): Sharp {
  return alpha < 1 ? image.ensureAlpha() : image;
}

function extend(image: Sharp, { top, right, bottom, left }: Margins, background: Colour): Sharp {
  return image.extend({ top, right, bottom, left, background });
}

/** A strong blur is that of a smaller picture, enlarged: as smooth, and quickly made. */
async function blurredBackdrop(
  frame: Frames,
  canvas: Size,
  sigma: number,
  brightness: number,
  work: Work,
): Promise<Sharp> {
  const factor = Math.min(1, enoughSigma / sigma);
  const covered = frameImage(frame)
    .removeAlpha()
    .resize({ ...scaled(canvas, factor), fit: "cover" });
  const blurred = sigma < smallestSigma ? covered : covered.blur({ sigma: sigma * factor });
  const small = await toFrames(work.bound(blurred), 1);
  return frameImage(small)
    .resize({ ...canvas, fit: "fill" })
    .linear(1, brightness);
}

/** Of the smaller picture, so that enlarging it shows no grid. */
const enoughSigma = 8;
/** A smaller one changes nothing, and sharp takes none. */
const smallestSigma = 0.3;

/** Two pipelines, since sharp composites before it adds brightness whatever the order of calls. */
async function layOver(backdrop: Sharp, frame: Frames, { left, top }: Margins, work: Work): Promise<Sharp> {
  const { data, info } = await work.bound(backdrop).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const content = { raw: { width: frame.width, height: frame.height, channels: frame.channels } };
  return sharp(data, { raw: { width, height, channels } }).composite([{ input: frame.data, ...content, left, top }]);
}

/** One pixel, repeated. */
function veil(opacity: number): OverlayOptions {
  const input = Buffer.from([0, 0, 0, Math.round(opacity * 255)]);
  return { input, raw: { width: 1, height: 1, channels: 4 }, tile: true };
}

/** Opaque inside of the rounded corners. */
function cornerMask(
  { width, height }: Size,
  corners: readonly [CornerRadius, CornerRadius, CornerRadius, CornerRadius],
) {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  const path = [
    `M${topLeft.x},0`,
    `H${width - topRight.x}`,
    arc(topRight, width, topRight.y),
    `V${height - bottomRight.y}`,
    arc(bottomRight, width - bottomRight.x, height),
    `H${bottomLeft.x}`,
    arc(bottomLeft, 0, height - bottomLeft.y),
    `V${topLeft.y}`,
    arc(topLeft, topLeft.x, 0),
    "Z",
  ].join(" ");
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path d="${path}"/></svg>`,
  );
}

function arc(radius: CornerRadius, x: number, y: number): string {
  return `A${radius.x},${radius.y} 0 0 1 ${x},${y}`;
}
