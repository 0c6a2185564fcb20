import { Readable } from "node:stream";
import type { Layer, Transformation } from "@sluice/grammar";
import { ownContext } from "../../../media/image/plan/own-context.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import type { Overlay } from "../../../media/video/video-filters.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { recipeOf } from "../pictures/recipe.ts";
import { layerSources, type RenderNeeds, renderPicture } from "../pictures/render-picture.ts";
import type { Asked } from "../rendition.ts";

export interface DrawNeeds extends RenderNeeds {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
}

/**
 * Draws a layer of a video as layers of pictures are drawn: on nothing, as large as the video is there.
 * @returns a PNG picture
 * @throws MediaError; DeliveryRefusal; the store's errors; the signal's reason
 */
export async function drawLayer(
  needs: DrawNeeds,
  asked: Asked,
  { layer, size: { width, height } }: Overlay,
  signal: AbortSignal,
): Promise<Buffer> {
  const { lso: _lso, leo: _leo, ldu: _ldu, ...placement } = layer.placement;
  const seen: Layer = { ...layer, placement };
  const transformation: Transformation = {
    steps: [{ kind: "parameters", parameters: { f: "png" }, layers: [seen] }],
  };
  const read = readTransformation(transformation);
  const { version, layers, party } = asked;
  const nothing = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`);
  const recipe = recipeOf({
    version: { ...version, mime: "image/svg+xml" },
    rendition: { thumbnail: false, transformation },
    ...{ read, layers, requestHeaders: {}, settings: ownContext.settings },
  });
  const source = { size: nothing.length, open: async () => Readable.from([nothing]) };
  const picture = {
    picture: { source, content: `nothing ${width} ${height}` },
    layers: layerSources(needs.blobs, recipe.layers),
    transformation: recipe.transformation,
    context: ownContext,
    party,
  };
  const { data } = await renderPicture(needs, picture, signal);
  return data;
}
