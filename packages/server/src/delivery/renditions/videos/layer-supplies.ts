import { buffer } from "node:stream/consumers";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { undecodableLayer } from "../../../media/image/plan/layer-steps.ts";
import { MediaError } from "../../../media/media-error.ts";
import type { LayerSupplies } from "../../../media/video/further-files.ts";
import { readSubtitles, SubtitlesError, subtitleBounds } from "../../../media/video/subtitles/read-subtitles.ts";
import type { Cue } from "../../../media/video/subtitles/write-ass.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import type { LayerVersions } from "../../find/find-layers.ts";
import { storedSource } from "../pictures/render-picture.ts";
import { type DrawDeps, drawForVideo, type FilmWithLayers } from "./draw-for-video.ts";

/** Supplies what lies on a video: files of the library that the request may see, and pictures drawn with them. */
export function layerSupplies(deps: DrawDeps, film: FilmWithLayers): LayerSupplies {
  const { blobs } = deps;
  const { layers } = film;
  return {
    draw: (drawing, signal) => drawForVideo(deps, film, drawing, signal),
    video: (path) => {
      const version = layerOf(layers, path);
      return {
        source: storedSource(blobs, version),
        frames: version.kind === "picture" ? (version.pages ?? 1) : undefined,
      };
    },
    subtitles: (path, signal) => storedSubtitles(blobs, layers, path, signal),
    async font(path, signal) {
      const version = layers.get(path);
      return version && buffer(await blobs.read(version.storage_key, undefined, signal));
    },
  };
}

/**
 * Reads subtitles of the library.
 * @throws MediaError ELAYER that says what is wrong with them; the store's errors; the signal's reason
 */
export async function storedSubtitles(
  blobs: Pick<BlobStore, "read">,
  layers: LayerVersions,
  path: string,
  signal: AbortSignal,
): Promise<readonly Cue[]> {
  const { storage_key: key, size } = layerOf(layers, path);
  try {
    if (size > subtitleBounds.bytes) throw new SubtitlesError(`They have more than ${subtitleBounds.bytes} bytes.`);
    return readSubtitles(await buffer(await blobs.read(key, undefined, signal)));
  } catch (error) {
    if (!(error instanceof SubtitlesError)) throw error;
    throw new MediaError("ELAYER", `${undecodableLayer(path)}: ${error.message}`, { cause: error });
  }
}

function layerOf(layers: LayerVersions, path: string): DeliverableRow {
  const version = layers.get(path);
  // The layers were found before anything is made of them.
  if (version === undefined) throw new Error("A layer's file was not looked up");
  return version;
}
