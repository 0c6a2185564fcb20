import type { Sharp } from "sharp";
import sharp from "sharp";
import type { Colour } from "../pixels/colour.ts";
import { type Frames, frameImage, toFrames } from "../pixels/frames.ts";
import { keptAround, type Region, type Size, scaled } from "../pixels/geometry.ts";
import { type Margins, type Operation, type OperationKind, type PixelTools, sizeAfter } from "../pixels/operations.ts";
import { withAlphaFor } from "../pixels/with-alpha.ts";
import type { Work } from "../pixels/work.ts";

/**
 * A canvas in the most frequent colours of a picture's edges. One colour is that of all edges together. Two colours
 * make a gradient between the two edges that face each other across the padding, and four one between the four
 * corners.
 */
async function dominantBackdrop(frame: Frames, canvas: Size, colours: 1 | 2 | 4, work: Work): Promise<Sharp> {
  const { width, height, strips } = layouts[colours](frame, canvas);
  const pixels: number[] = [];
  for (const strip of strips) pixels.push(...(await dominantColour(frame, strip, work)));
  return sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } }).resize({
    ...canvas,
    fit: "fill",
    kernel: "linear",
  });
}

/**
 * The smallest image that makes the gradient when it is enlarged. For each of its pixels, `strips` has the regions in
 * which the pixel's colour is found.
 */
interface Layout extends Size {
  readonly strips: readonly (readonly Region[])[];
}

const layouts = {
  1: (frame) => ({ width: 1, height: 1, strips: [Object.values(edges(frame))] }),
  2: (frame, canvas) => {
    const { top, right, bottom, left } = edges(frame);
    return canvas.width - frame.width > canvas.height - frame.height
      ? { width: 2, height: 1, strips: [[left], [right]] }
      : { width: 1, height: 2, strips: [[top], [bottom]] };
  },
  4: (frame) => ({ width: 2, height: 2, strips: corners(frame).map((corner) => [corner]) }),
} as const satisfies Record<1 | 2 | 4, (frame: Size, canvas: Size) => Layout>;

/** A strip takes this fraction of a side: one fiftieth along an edge, one eighth in a corner. */
const edgeShare = 50;
const cornerShare = 8;

function edges({ width, height }: Size) {
  const across = Math.ceil(width / edgeShare);
  const down = Math.ceil(height / edgeShare);
  return {
    top: { left: 0, top: 0, width, height: down },
    right: { left: width - across, top: 0, width: across, height },
    bottom: { left: 0, top: height - down, width, height: down },
    left: { left: 0, top: 0, width: across, height },
  };
}

/** The four corners, row by row. */
function corners(size: Size): Region[] {
  const width = Math.ceil(size.width / cornerShare);
  const height = Math.ceil(size.height / cornerShare);
  const [right, bottom] = [size.width - width, size.height - height];
  return [
    { left: 0, top: 0, width, height },
    { left: right, top: 0, width, height },
    { left: 0, top: bottom, width, height },
    { left: right, top: bottom, width, height },
  ];
}

/** The middle of the most frequent of 4096 colour ranges is near enough for one strip. Several strips count as one. */
async function dominantColour(frame: Frames, strips: readonly Region[], work: Work): Promise<[number, number, number]> {
  const cut = await Promise.all(
    strips.map((strip) => work.bound(frameImage(frame)).removeAlpha().extract(strip).raw().toBuffer()),
  );
  const data = Buffer.concat(cut);
  const { dominant } = await sharp(data, { raw: { width: data.length / 3, height: 1, channels: 3 } }).stats();
  return [dominant.r, dominant.g, dominant.b];
}

/**
 * Finds the part of a picture around the spot that draws the eye (`fo-auto`). libvips finds the spot by weighing
 * edges, saturation and skin tones. In an animation the first frame decides for all frames, or the picture would
 * jump.
 */
export async function findSalient(frames: Frames, part: Size, work: Work): Promise<Region> {
  // libvips looks for the spot while it cuts. Unless the cut is along one side alone, sharp scales the picture.
  const { width, height } = frames;
  const strip = part.width < width ? { width: part.width, height } : { width, height: part.height };
  const image = work.bound(frameImage(frames, 0));
  const { info } = await image
    .resize({ ...strip, fit: "cover", position: sharp.strategy.attention })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return keptAround(frames, part, { x: info.attentionX ?? width / 2, y: info.attentionY ?? height / 2 });
}

/**
 * Finds the region that is left when edges that look like the top left pixel are cut off. A picture of one colour
 * stays whole. In an animation the first frame decides for all frames.
 * @param threshold how far a colour may be from that pixel's, 0 to 255
 */
export async function findTrim(frames: Frames, threshold: number, work: Work): Promise<Region> {
  if (Math.min(frames.width, frames.height) < minSide)
    return { left: 0, top: 0, width: frames.width, height: frames.height };
  const { info } = await work
    .bound(frameImage(frames, 0))
    .trim({ threshold })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, trimOffsetLeft = 0, trimOffsetTop = 0 } = info;
  return { left: -trimOffsetLeft, top: -trimOffsetTop, width, height };
}

/** The trim ignores noise by looking at windows of three by three pixels. */
const minSide = 3;

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
