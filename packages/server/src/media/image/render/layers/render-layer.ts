import sharp from "sharp";
import { type Frames, frameBytesPerPixel, toFrames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import { layerFileKey, sayWhichLayer } from "../../plan/layer-steps.ts";
import type { PlannedContent, PlannedLayer } from "../../plan/stage.ts";
import type { AskAi } from "../ask-ai.ts";
import { openPicture } from "../open-picture.ts";
import type { SourceLimits } from "../read-source.ts";
import { layerPictureBytes } from "../rendering-memory.ts";
import { decoded, inMemory, type Picture, runStage } from "../run-stage.ts";
import { drawText } from "../text/draw-text.ts";
import type { RenderLayer } from "./draw-layers.ts";
import type { LayerBytes, LayerSource } from "./layer-source.ts";

/**
 * Makes the function that renders layers, and the layers in them.
 * @param sources the files that the layers show, by `layerFileKey`
 * @param files the files that the layers show, and the fonts of their texts, by their paths
 */
export function layerRenderer(
  sources: ReadonlyMap<string, LayerSource>,
  files: ReadonlyMap<string, LayerBytes>,
  limits: SourceLimits,
  work: Work,
  askAi: AskAi,
): RenderLayer {
  const render = async (layer: PlannedLayer): Promise<Frames> => {
    // The memory was estimated as if no edges were trimmed. A trim that leaves a thin strip, which is then enlarged,
    // must not take more.
    const own = work.within(layerPictureBytes(layer, limits));
    // What opening a file takes beyond its picture was estimated apart from this.
    const picture = await open(layer, own);
    const ran = await runStage(picture, layer.stage, own, { renderLayer: render, askAi });
    return decoded(ran.picture, own);
  };

  async function open({ content, stage }: PlannedLayer, own: Work): Promise<Picture> {
    if (content.kind === "block") return inMemory(await drawBlock(content, work));
    if (content.kind === "text") return inMemory(await drawText(content, (path) => files.get(path)?.bytes, own));
    const { file, orient } = content;
    const opened = sources.get(layerFileKey(file));
    if (opened === undefined) throw new Error("A layer's file was not opened");
    const page = file.page === undefined ? undefined : file.page - 1;
    return openPicture({ ...opened, page, orient, keepsColours: false, stage }, limits, work);
  }

  return async (layer) =>
    render(layer).catch((error: unknown) => {
      if (layer.content.kind !== "file") throw error;
      return sayWhichLayer(error, layer.content.file.path);
    });
}

/** Draws a block in the image library's threads, since filling a large one takes a tenth of a second. */
async function drawBlock(
  { width, height, colour }: Extract<PlannedContent, { kind: "block" }>,
  work: Work,
): Promise<Frames> {
  work.reserve({ width, height }, frameBytesPerPixel);
  const { r, g, b, alpha } = colour;
  const pixel = Buffer.from(alpha === 1 ? [r, g, b] : [r, g, b, Math.round(alpha * 255)]);
  const image = sharp(pixel, { raw: { width: 1, height: 1, channels: alpha === 1 ? 3 : 4 } });
  return toFrames(work.bound(image.extend({ right: width - 1, bottom: height - 1, extendWith: "copy" })), 1);
}
