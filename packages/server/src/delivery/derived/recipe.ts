import type { IncomingHttpHeaders } from "node:http";
import { canonicalText } from "@sluice/grammar";
import sharp from "sharp";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { RenderRequest } from "../../media/image/image-engine.ts";
import type { Region } from "../../media/image/pixels/geometry.ts";
import { askedFormats, knownSteps } from "../../media/image/plan/asked-steps.ts";
import { type DeliverySettings, negotiates } from "../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";
import type { ClientHints } from "../../media/image/plan/target-size.ts";
import { sourceFormatOf } from "../../media/image/render/read-source.ts";
import { acceptedFormats } from "../headers/accepted-formats.ts";
import { readClientHints } from "../headers/client-hints.ts";
import type { Transformed } from "../url/rendition.ts";
import { derivedKey } from "./derived-key.ts";

/** A recipe says how to render a version for a request, and what caches and clients need to know about the result. */
export interface Recipe extends Pick<RenderRequest, "transformation" | "context"> {
  /** Requests that get the same image have the same key, and no others do. 32 hexadecimal digits. */
  readonly key: string;
  /** Whether the image's width follows the client's hint. */
  readonly usesWidth: boolean;
  /** The request headers on which the image depends. */
  readonly vary: readonly string[];
}

export interface RecipeInput {
  readonly version: Pick<DeliverableRow, "account_id" | "id" | "purges" | "mime" | "custom_coordinates">;
  readonly rendition: Pick<Transformed, "thumbnail" | "transformation">;
  /** The values that were read from the rendition's transformation. */
  readonly read: ImageTransformation;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly settings: DeliverySettings;
}

/** Raise this number when the engine's output for the same input changes. Images made before are then not served. */
const engineRevision = 4;
const madeBy = `${engineRevision} ${sharp.versions.sharp} ${sharp.versions.vips}`;

export function recipeOf({ version, rendition, read, requestHeaders, settings }: RecipeInput): Recipe {
  const steps = knownSteps(read.steps);
  const usesWidth = steps.some(({ size }) => size?.width === "auto");
  const usesDensity = steps.some(({ size }) => size?.dpr === "auto");
  const negotiated = askedFormats(read.steps, read.output).some((format) =>
    negotiates(format, sourceFormatOf(version.mime), settings),
  );
  const hints = usedHints(readClientHints(requestHeaders), usesWidth, usesDensity);
  const { webp, avif } = acceptedFormats(requestHeaders.accept);
  // Clients that get the same image share a key, so a format that the account doesn't deliver makes no difference.
  const accepted = { webp: negotiated && webp, avif: negotiated && avif && settings.avif };
  const area = steps.some(({ focus }) => focus?.kind === "custom") ? readArea(version.custom_coordinates) : undefined;
  // A thumbnail of an animation is its first frame, as if `ik-thumbnail.jpg` stood behind it
  // (docs/protocol/delivery.md §8.1).
  const still = rendition.thumbnail;
  const what = [canonicalText(rendition.transformation), still, accepted, hints, area ?? null, settings];
  return {
    transformation: { ...read, still },
    context: { accepted, settings, hints, area },
    key: derivedKey(version, [madeBy, ...what]),
    usesWidth,
    vary: [
      ...(negotiated ? ["Accept"] : []),
      ...(usesDensity || usesWidth ? ["Sec-CH-DPR"] : []),
      ...(usesWidth ? ["Sec-CH-Width"] : []),
    ],
  };
}

function usedHints({ width, dpr }: ClientHints, usesWidth: boolean, usesDensity: boolean): ClientHints {
  return { ...(usesWidth && { width }), ...((usesWidth || usesDensity) && { dpr }) };
}

/** Reads an area from its stored form, `x,y,width,height`. */
function readArea(coordinates: string | null): Region | undefined {
  const [left, top, width, height] = coordinates?.split(",").map(Number) ?? [];
  const numbers = left !== undefined && top !== undefined && width !== undefined && height !== undefined;
  return numbers ? { left, top, width, height } : undefined;
}
