import type { IncomingHttpHeaders } from "node:http";
import { canonicalText } from "@sluice/grammar";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { detectionRevision } from "../../../media/detection/searches.ts";
import type { RenderRequest } from "../../../media/image/image-engine.ts";
import { imageLibraryVersions } from "../../../media/image/library-versions.ts";
import type { Region } from "../../../media/image/pixels/geometry.ts";
import { varyingEffect } from "../../../media/image/plan/ai-effects.ts";
import { askedFormats, knownSteps } from "../../../media/image/plan/asked-steps.ts";
import { type DeliverySettings, negotiates } from "../../../media/image/plan/choose-output.ts";
import { layersIn, withLayerSteps } from "../../../media/image/plan/layer-steps.ts";
import { neededDetections } from "../../../media/image/plan/needed-detections.ts";
import type { WrittenTransformation } from "../../../media/image/plan/read-transformation.ts";
import { sourceFormatOf } from "../../../media/image/plan/source-facts.ts";
import type { StepParameters } from "../../../media/image/plan/step-parameters.ts";
import type { ClientHints } from "../../../media/image/plan/target-size.ts";
import type { LayerVersions } from "../../find/find-layers.ts";
import { acceptedFormats } from "../../headers/accepted-formats.ts";
import { readClientHints } from "../../headers/client-hints.ts";
import type { Transformed } from "../../url/requested-rendition.ts";
import { renditionKey } from "../kept/rendition-key.ts";

/** A recipe says how to render a version for a request, and what caches and clients need to know about the result. */
export interface Recipe extends Pick<RenderRequest, "transformation" | "context"> {
  /** The files that layers draw. */
  readonly layers: readonly DrawnLayer[];
  /** Requests that get the same image have the same key, and no others do. 32 hexadecimal digits. */
  readonly key: string;
  /** Whether the image's width follows the client's hint. */
  readonly usesWidth: boolean;
  /** The request headers on which the image depends. */
  readonly vary: readonly string[];
}

/** A file that layers draw, with what rendering it takes. */
export interface DrawnLayer {
  readonly path: string;
  readonly version: Pick<DeliverableRow, "blob_id" | "storage_key" | "size" | "pages">;
  /** The area of interest in the file, where a layer goes by it. */
  readonly area: Region | undefined;
}

export interface RecipeInput {
  readonly version: Pick<DeliverableRow, "account_id" | "id" | "purges" | "mime" | "custom_coordinates">;
  readonly rendition: Pick<Transformed, "thumbnail" | "transformation">;
  /** The values that were read from the rendition's transformation. */
  readonly read: WrittenTransformation;
  readonly layers: LayerVersions;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly settings: DeliverySettings;
  /** The part of the URL that asks for another variation. It counts where a model makes variations. */
  readonly variation?: string | undefined;
}

/** Raise this number when the engine's output for the same input changes. Images made before are then not served. */
const engineRevision = 5;
const madeBy = `${engineRevision} ${imageLibraryVersions()}`;

export function recipeOf(input: RecipeInput): Recipe {
  const { version, rendition, read, layers, requestHeaders, settings, variation } = input;
  const steps = knownSteps(read.steps);
  const all = withLayerSteps(read.steps);
  const blocks = layersIn(read.steps).flatMap(({ content }) => (content.kind === "block" ? [content] : []));
  const usesWidth = all.some(({ size }) => size?.width === "auto") || blocks.some((block) => block.usesWidth === true);
  const usesDensity = all.some(({ size }) => size?.dpr === "auto");
  const negotiated = askedFormats(read.steps, read.output).some((format) =>
    negotiates(format, sourceFormatOf(version.mime), settings),
  );
  const hints = usedHints(readClientHints(requestHeaders), usesWidth, usesDensity);
  const { webp, avif } = acceptedFormats(requestHeaders.accept);
  // Clients that get the same image share a key, so a format that the account doesn't deliver makes no difference.
  const accepted = { webp: negotiated && webp, avif: negotiated && avif && settings.avif };
  const area = steps.some(goesByArea) ? areaOf(version) : undefined;
  // A thumbnail of an animation is its first frame, as if `ik-thumbnail.jpg` stood behind it
  // (docs/protocol/delivery.md §8.1).
  const still = rendition.thumbnail;
  const usesAreas = layersIn(read.steps).some((layer) => knownSteps(layer.steps).some(goesByArea));
  const drawn = [...layers].map(([path, row]) => ({ path, row, area: usesAreas ? areaOf(row) : undefined }));
  const layerKeys = drawn.map(({ path, row: { id, purges }, area: marked }) => [path, id, purges, marked ?? null]);
  // What is found follows from the bytes and the models.
  const searched = neededDetections(read).length > 0 ? [`searched ${detectionRevision}`] : [];
  const what = [canonicalText(rendition.transformation), still, accepted, hints, area ?? null, settings];
  const varies = variation !== undefined && all.some(({ ai }) => ai?.effect === varyingEffect);
  const varying = varies ? [{ variation }] : [];
  return {
    transformation: { ...read, still },
    context: { accepted, settings, hints, area },
    key: renditionKey(version, [
      madeBy,
      ...what,
      ...(layerKeys.length > 0 ? [layerKeys] : []),
      ...searched,
      ...varying,
    ]),
    layers: drawn.map(({ path, row, area: marked }) => ({ path, version: row, area: marked })),
    usesWidth,
    vary: [
      ...(negotiated ? ["Accept"] : []),
      ...(usesDensity || usesWidth ? ["Sec-CH-DPR"] : []),
      ...(usesWidth ? ["Sec-CH-Width"] : []),
    ],
  };
}

function goesByArea({ focus }: StepParameters): boolean {
  return focus?.kind === "custom";
}

function usedHints({ width, dpr }: ClientHints, usesWidth: boolean, usesDensity: boolean): ClientHints {
  return { ...(usesWidth && { width }), ...((usesWidth || usesDensity) && { dpr }) };
}

/** The area that a file's owner has marked in it. It is stored as `x,y,width,height`. */
export function areaOf({
  custom_coordinates: coordinates,
}: Pick<DeliverableRow, "custom_coordinates">): Region | undefined {
  const [left, top, width, height] = coordinates?.split(",").map(Number) ?? [];
  const numbers = left !== undefined && top !== undefined && width !== undefined && height !== undefined;
  return numbers ? { left, top, width, height } : undefined;
}
