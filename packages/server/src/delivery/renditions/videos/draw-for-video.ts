import { Readable } from "node:stream";
import { type Layer, layerFilesIn, type Transformation } from "@sluice/grammar";
import { cornerRadii, roundedPath } from "../../../media/image/effects/radius.ts";
import type { Colour } from "../../../media/image/pixels/colour.ts";
import type { Size } from "../../../media/image/pixels/geometry.ts";
import { ownContext } from "../../../media/image/plan/own-context.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import type { Drawing } from "../../../media/video/filter-graph.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { recipeOf } from "../pictures/recipe.ts";
import { layerSources, type RenderDeps, renderPicture } from "../pictures/render-picture.ts";
import type { Asked } from "../rendition.ts";

export interface DrawDeps extends RenderDeps {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
}

/** A video on which layers lie, with their files. */
export interface FilmWithLayers extends Pick<Asked, "layers" | "party"> {
  readonly version: Pick<Asked["version"], "account_id" | "id" | "purges" | "custom_coordinates">;
}

/**
 * Draws a layer of a video as layers of pictures are drawn, or its corners: on nothing, as large as the video is there.
 * @returns a PNG picture
 * @throws MediaError; DeliveryRefusal; the store's errors; the signal's reason
 */
export async function drawForVideo(
  deps: DrawDeps,
  { version, layers: all, party }: FilmWithLayers,
  { what, size }: Drawing,
  signal: AbortSignal,
): Promise<Buffer> {
  const { width, height } = size;
  const transformation: Transformation = {
    steps: [
      { kind: "parameters", parameters: { f: "png" }, layers: what.kind === "layer" ? [untimed(what.layer)] : [] },
    ],
  };
  const read = readTransformation(transformation);
  const { pictures, fonts } = layerFilesIn(transformation);
  // Videos and subtitles lie beside what is drawn here.
  const layers = new Map([...all].filter(([path]) => pictures.has(path) || fonts.has(path)));
  const shape = what.kind === "corners" ? cornersPath(size, what) : "";
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shape}</svg>`;
  const base = Buffer.from(drawing);
  const recipe = recipeOf({
    version: { ...version, mime: "image/svg+xml" },
    rendition: { thumbnail: false, transformation },
    ...{ read, layers, requestHeaders: {}, settings: ownContext.settings },
  });
  const source = { size: base.length, open: async () => Readable.from([base]) };
  const picture = {
    picture: { source, content: drawing },
    layers: layerSources(deps.blobs, recipe.layers),
    transformation: recipe.transformation,
    context: ownContext,
    party,
  };
  const { data } = await renderPicture(deps, picture, signal);
  return data;
}

/** The times say when the layer is laid over the video, which its picture has nothing of. */
function untimed(layer: Layer): Layer {
  const { lso: _lso, leo: _leo, ldu: _ldu, ...placement } = layer.placement;
  return { ...layer, placement };
}

/** What lies outside of a rectangle with rounded corners. */
function cornersPath(
  size: Size,
  { radii, colour, inside: filled }: Extract<Drawing["what"], { readonly kind: "corners" }>,
): string {
  const [first] = radii;
  const inside = roundedPath(size, cornerRadii(size, radii.length === 1 ? [first, first, first, first] : radii));
  const rectangle = `M0 0H${size.width}V${size.height}H0Z`;
  const ground = filled === undefined ? "" : `<path fill="${fillOf(filled)}" d="${rectangle}"/>`;
  return `${ground}<path fill-rule="evenodd" fill="${fillOf(colour)}" d="${rectangle} ${inside}"/>`;
}

function fillOf({ r, g, b }: Colour): string {
  return `rgb(${r},${g},${b})`;
}
