import type { IncomingHttpHeaders } from "node:http";
import { canonicalText } from "@sluice/grammar";
import sharp from "sharp";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { RenderRequest } from "../../media/image/image-engine.ts";
import type { Region } from "../../media/image/pixels/geometry.ts";
import { type DeliverySettings, negotiates } from "../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";
import type { ClientHints } from "../../media/image/plan/target-size.ts";
import { sourceFormatOf } from "../../media/image/render/read-source.ts";
import { acceptedFormats } from "../headers/accepted-formats.ts";
import { readClientHints } from "../headers/client-hints.ts";
import type { Transformed } from "../url/rendition.ts";
import { derivedKey } from "./derived-key.ts";

/** What is to be made of a version, for whom, and what caches and clients have to know of how it came about. */
export interface Recipe extends Pick<RenderRequest, "transformation" | "context"> {
  /** The same for those who get the same, and never anybody else's: 32 hexadecimal digits. */
  readonly key: string;
  /** Whether its width follows the client's hint. */
  readonly usesWidth: boolean;
  /** The request headers on which it depends. */
  readonly vary: readonly string[];
}

export interface RecipeInput {
  readonly version: Pick<DeliverableRow, "account_id" | "id" | "purges" | "mime" | "custom_coordinates">;
  readonly rendition: Pick<Transformed, "thumbnail" | "transformation">;
  /** Of that transformation. */
  readonly read: ImageTransformation;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly settings: DeliverySettings;
}

/** To be raised when the engine makes something else of the same: what was made before isn't served any more. */
const engineRevision = 4;
const madeBy = `${engineRevision} ${sharp.versions.sharp} ${sharp.versions.vips}`;

export function recipeOf({ version, rendition, read, requestHeaders, settings }: RecipeInput): Recipe {
  const { steps, output } = read;
  const usesWidth = steps.some(({ size }) => size?.width === "auto");
  const usesDensity = steps.some(({ size }) => size?.dpr === "auto");
  const negotiated = negotiates(output, sourceFormatOf(version.mime), settings);
  const hints = usedHints(readClientHints(requestHeaders), usesWidth, usesDensity);
  const { webp, avif } = acceptedFormats(requestHeaders.accept);
  // Those who get the same share it: what the account doesn't deliver makes no difference.
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

/** `x,y,width,height`, as it was stored. */
function readArea(coordinates: string | null): Region | undefined {
  const [left, top, width, height] = coordinates?.split(",").map(Number) ?? [];
  const numbers = left !== undefined && top !== undefined && width !== undefined && height !== undefined;
  return numbers ? { left, top, width, height } : undefined;
}
