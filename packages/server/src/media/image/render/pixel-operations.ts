import sharp, { type Sharp } from "sharp";
import type { Colour } from "../pixels/colour.ts";
import { type Frames, frameImage, toFrames } from "../pixels/frames.ts";
import { type Size, scaled } from "../pixels/geometry.ts";
import { type Margins, type Operation, type OperationKind, type PixelTools, sizeAfter } from "../pixels/operations.ts";
import { withAlphaFor } from "../pixels/with-alpha.ts";
import type { Work } from "../pixels/work.ts";
import { dominantBackdrop } from "./dominant-colours.ts";

/** Operations that depend on the picture's content are replaced by others before they get here. */
export type PixelOperation = Exclude<Operation, { kind: "extract-salient" }>;

type OperationOf<Kind extends OperationKind> = Extract<Operation, { kind: Kind }>;

interface PixelOperator<Kind extends OperationKind> {
  /**
   * The member is set when a pixel's result depends on that pixel alone, or on all pixels. Frames then needn't be told
   * apart.
   */
  readonly wholeAtOnce?: true;
  /** @param frame one frame, or all as one tall image */
  readonly apply: (image: Sharp, operation: OperationOf<Kind>, frame: Frames, work: Work) => Sharp | Promise<Sharp>;
}

/** The operators say how sharp does each operation. An effect brings its own implementation. */
const operators: { readonly [Kind in Exclude<PixelOperation["kind"], "effect">]: PixelOperator<Kind> } = {
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

export function isWholeAtOnce(operation: PixelOperation): boolean {
  return (operation.kind === "effect" ? operation : operators[operation.kind]).wholeAtOnce === true;
}

const tools: PixelTools = { sharp, frameImage, toFrames };

export async function applyOperation(frame: Frames, operation: PixelOperation, work: Work): Promise<Sharp> {
  if (operation.kind === "effect") return operation.apply(frameImage(frame), frame, work, tools);
  const { apply } = operators[operation.kind] as PixelOperator<typeof operation.kind>;
  return apply(frameImage(frame), operation as never, frame, work);
}

function extend(image: Sharp, { top, right, bottom, left }: Margins, background: Colour): Sharp {
  return image.extend({ top, right, bottom, left, background });
}

/** For a strong blur, a smaller picture is blurred and then enlarged. The result is as smooth, and quickly made. */
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
  const blurred = sigma < minSigma ? covered : covered.blur({ sigma: sigma * factor });
  const small = await toFrames(work.bound(blurred), 1);
  return frameImage(small)
    .resize({ ...canvas, fit: "fill" })
    .linear(1, brightness);
}

/** The sigma for the smaller picture. It is large enough that enlarging the picture shows no grid. */
const enoughSigma = 8;
/** A smaller sigma changes nothing, and sharp doesn't accept it. */
const minSigma = 0.3;

/** Takes two pipelines, since sharp composites before it adds brightness, in whatever order they are called. */
async function layOver(backdrop: Sharp, frame: Frames, { left, top }: Margins, work: Work): Promise<Sharp> {
  const { data, info } = await work.bound(backdrop).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const content = { raw: { width: frame.width, height: frame.height, channels: frame.channels } };
  return sharp(data, { raw: { width, height, channels } }).composite([{ input: frame.data, ...content, left, top }]);
}
