import sharp, { type OverlayOptions } from "sharp";
import { type Frames, frameBytesPerPixel, frameImage, joinFrames, splitFrames, toFrames } from "../../pixels/frames.ts";
import type { Region, Size } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";
import { type LayerPosition, visiblePart } from "../../plan/place-layer.ts";
import type { PlannedLayer } from "../../plan/stage.ts";
import type { LayerMode } from "../../plan/step-parameters.ts";

/** A layer's pixels, cut to the part that lies on the parent. */
interface DrawnLayer {
  readonly mode: LayerMode;
  readonly pixels: Frames;
  readonly at: LayerPosition;
}

/** Renders a layer, apart from drawing it on its parent. */
export type RenderLayer = (layer: PlannedLayer) => Promise<Frames>;

/** The pixels of layers that are held until one pipeline draws them together. */
export const batchBytes = 16 * 1024 * 1024;

/** The image library's name of each mode. */
const blends = {
  over: "over",
  multiply: "multiply",
  cutout: "dest-out",
  cutter: "dest-in",
} as const satisfies Record<LayerMode, OverlayOptions["blend"]>;

/** Draws layers over each frame of a picture, in their order (docs/protocol/transformations.md §6.2). */
export async function drawLayers(
  parent: Frames,
  layers: readonly PlannedLayer[],
  render: RenderLayer,
  work: Work,
): Promise<Frames> {
  let picture = parent;
  let waiting: DrawnLayer[] = [];
  for (const layer of layers) {
    const drawn = await drawLayer(picture, layer, await render(layer), work);
    waiting.push(drawn);
    const held = waiting.reduce((bytes, { pixels }) => bytes + pixels.data.length, 0);
    if (layer.mode !== "cutter" && held <= batchBytes) continue;
    picture = await compose(picture, waiting, work);
    waiting = [];
  }
  return waiting.length === 0 ? picture : compose(picture, waiting, work);
}

async function drawLayer(parent: Size, layer: PlannedLayer, pixels: Frames, work: Work): Promise<DrawnLayer> {
  const position = layer.place(pixels);
  const part = visiblePart(position, { parent, layer: pixels });
  const at = { left: Math.max(position.left, 0), top: Math.max(position.top, 0) };
  return { mode: layer.mode, pixels: await cut(pixels, part, work), at };
}

/** The image library refuses layers that are larger than their parent. */
async function cut(pixels: Frames, part: Region, work: Work): Promise<Frames> {
  if (part.width === pixels.width && part.height === pixels.height) return pixels;
  return toFrames(work.bound(frameImage(pixels).extract(part)), 1);
}

async function compose(parent: Frames, layers: readonly DrawnLayer[], work: Work): Promise<Frames> {
  if (parent.count === 1) return composeFrame(parent, layers, work);
  const [first, ...others] = splitFrames(parent);
  const done: [Frames, ...Frames[]] = [await composeFrame(first, layers, work)];
  for (const frame of others) done.push(await composeFrame(frame, layers, work));
  return joinFrames(done);
}

/** Draws layers by one pipeline, which multiplies colours by their opacity once. */
async function composeFrame(frame: Frames, layers: readonly DrawnLayer[], work: Work): Promise<Frames> {
  work.reserve(frame, frameBytesPerPixel);
  const inputs = layers.map(({ mode, pixels, at }) => {
    const { data, width, height, channels } = pixels;
    return { input: data, raw: { width, height, channels }, ...at, blend: blends[mode] };
  });
  const { data, width, height, channels } = frame;
  const image = sharp(data, { raw: { width, height, channels } }).composite(inputs);
  // Layers that are drawn over an opaque picture leave it opaque.
  const opaque = channels === 3 && layers.every(({ mode }) => mode === "over" || mode === "multiply");
  const drawn = await toFrames(work.bound(opaque ? image.removeAlpha() : image), 1);
  const cutter = layers.find(({ mode }) => mode === "cutter");
  if (cutter === undefined) return drawn;
  return cut(drawn, { ...cutter.at, width: cutter.pixels.width, height: cutter.pixels.height }, work);
}
