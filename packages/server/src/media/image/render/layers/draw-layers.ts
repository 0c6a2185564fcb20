import sharp, { type OverlayOptions } from "sharp";
import { runLoop } from "../../loops/run-loop.ts";
import { type Frames, frameBytesPerPixel, frameImage, joinFrames, splitFrames, toFrames } from "../../pixels/frames.ts";
import type { Region, Size } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";
import { type LayerPosition, visiblePart } from "../../plan/place-layer.ts";
import type { PlannedLayer } from "../../plan/stage.ts";
import type { LayerMode } from "../../plan/step-parameters.ts";

/** The modes that blend a layer with its parent. The other mode moves the parent's pixels. */
type BlendMode = Exclude<LayerMode, "displace">;

/** A layer's pixels, cut to the part that lies on the parent. */
interface DrawnLayer {
  readonly mode: BlendMode;
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
} as const satisfies Record<BlendMode, OverlayOptions["blend"]>;

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
    const { mode } = layer;
    const pixels = await render(layer);
    if (mode === "displace") {
      picture = await displace(await compose(picture, waiting, work), layer, pixels, work);
      waiting = [];
      continue;
    }
    waiting.push({ ...(await drawLayer(picture, layer, pixels, work)), mode });
    const held = waiting.reduce((bytes, drawn) => bytes + drawn.pixels.data.length, 0);
    if (mode !== "cutter" && held <= batchBytes) continue;
    picture = await compose(picture, waiting, work);
    waiting = [];
  }
  return compose(picture, waiting, work);
}

/** Moves the pixels of each frame by the layer's colours. */
async function displace(parent: Frames, layer: PlannedLayer, pixels: Frames, work: Work): Promise<Frames> {
  const { pixels: shown, at } = await drawLayer(parent, layer, pixels, work);
  const { width, height, channels } = shown;
  const map = { data: new Uint8Array(shown.data), width, height, channels };
  return runLoop(parent, { kind: "displace", map, ...at, ...layer.shift(pixels) }, work);
}

async function drawLayer(
  parent: Size,
  layer: PlannedLayer,
  pixels: Frames,
  work: Work,
): Promise<Omit<DrawnLayer, "mode">> {
  const position = layer.place(pixels);
  const part = visiblePart(position, { parent, layer: pixels });
  const at = { left: Math.max(position.left, 0), top: Math.max(position.top, 0) };
  return { pixels: await cut(pixels, part, work), at };
}

/** The image library refuses layers that are larger than their parent. */
async function cut(pixels: Frames, part: Region, work: Work): Promise<Frames> {
  if (part.width === pixels.width && part.height === pixels.height) return pixels;
  return toFrames(work.bound(frameImage(pixels).extract(part)), 1);
}

async function compose(parent: Frames, layers: readonly DrawnLayer[], work: Work): Promise<Frames> {
  if (layers.length === 0) return parent;
  if (parent.count === 1) return composeFrame(parent, layers, work);
  const [first, ...others] = splitFrames(parent);
  const done: [Frames, ...Frames[]] = [await composeFrame(first, layers, work)];
  for (const frame of others) done.push(await composeFrame(frame, layers, work));
  return joinFrames(done);
}

/** Draws layers on a frame, whose pixels may be changed in place. */
async function composeFrame(frame: Frames, layers: readonly DrawnLayer[], work: Work): Promise<Frames> {
  const region = smallRegion(frame, layers);
  if (region === undefined) return blend(frame, layers, work);
  const within = layers.map(({ at: { left, top }, ...layer }) => {
    return { ...layer, at: { left: left - region.left, top: top - region.top } };
  });
  const drawn = await blend(await cut(frame, region, work), within, work);
  return putBack(frame, drawn, region);
}

/**
 * A part of a frame beyond which its layers change nothing, if the part is small. The image library would blend all
 * pixels of the frame, which takes a tenth of the time of a picture with a small logo.
 */
function smallRegion(frame: Frames, layers: readonly DrawnLayer[]): Region | undefined {
  if (layers.some(({ mode }) => mode !== "over" && mode !== "multiply")) return undefined;
  const left = Math.min(...layers.map(({ at }) => at.left));
  const top = Math.min(...layers.map(({ at }) => at.top));
  const width = Math.max(...layers.map(({ at, pixels }) => at.left + pixels.width)) - left;
  const height = Math.max(...layers.map(({ at, pixels }) => at.top + pixels.height)) - top;
  const isSmall = width * height <= Math.min(maxPutBack, (frame.width * frame.height) / 2);
  return isSmall ? { left, top, width, height } : undefined;
}

/** The most pixels that are copied on the main thread, which takes a millisecond. */
const maxPutBack = 1024 * 1024;

/** Copies the pixels of a part back into its frame. Both have the same channels. */
function putBack(frame: Frames, part: Frames, { left, top }: Region): Frames {
  const { channels } = frame;
  const row = part.width * channels;
  for (let y = 0; y < part.height; y++) {
    part.data.copy(frame.data, ((top + y) * frame.width + left) * channels, y * row, (y + 1) * row);
  }
  return frame;
}

/** Blends layers with a frame by one pipeline, which multiplies colours by their opacity once. */
async function blend(frame: Frames, layers: readonly DrawnLayer[], work: Work): Promise<Frames> {
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
