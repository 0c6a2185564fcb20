import type { DeliverableRow } from "../../../../database/repositories/deliverables.ts";
import type { AskedPicture, FindAiPicture } from "../../../../media/image/asked-picture.ts";
import { type AiRequest, varyingEffect } from "../../../../media/image/plan/ai-effects.ts";
import { DeliveryRefusal } from "../../../refusals/refusal.ts";
import { bytesOf } from "../../kept/kept-rendition.ts";
import type { RenditionCache } from "../../kept/rendition-cache.ts";
import { renditionKey } from "../../kept/rendition-key.ts";
import { MadeLater } from "../../later/later-job.ts";
import { hasFailed } from "../../later/remembered-failures.ts";

/**
 * The key of the picture that a model makes of this one. It goes by the pixels: URLs that differ in what follows, or in
 * the format that the client takes, share the model's work.
 * @param variation the part of the URL that asks for another variation
 */
function aiKey(
  version: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  { effect, prompt }: AiRequest,
  { width, height, channels, digest }: Omit<AskedPicture, "png">,
  variation: string | undefined,
): string {
  const pixels = [width, height, channels, digest];
  const varies = effect === varyingEffect ? (variation ?? null) : null;
  return renditionKey(version, ["ai", effect, prompt ?? null, pixels, varies]);
}

interface MissingPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface LookUpDeps {
  /** Finds renditions. Nodes share what models have made as they share all renditions. */
  readonly find: RenditionCache["find"];
  readonly now: () => number;
  /** Called with the key of what was made, or has failed. */
  readonly resolved?: (key: string) => void;
  /** Whether the picture is wanted of which a model hasn't made anything yet. */
  readonly wantsPicture?: boolean;
}

/** A rendering needs a picture that no model has made yet. */
export class AiMissing extends MadeLater {
  override readonly name = "AiMissing";
  readonly request: AiRequest;
  /** The picture as PNG, where it was asked for. */
  readonly picture: MissingPicture | undefined;

  constructor(key: string, request: AiRequest, picture: MissingPicture | undefined) {
    super(key, `${request.effect} has not been done yet`);
    this.request = request;
    this.picture = picture;
  }
}

/**
 * Looks up for a rendering what models have made. It asks no provider.
 * @returns a function that throws AiMissing, and DeliveryRefusal AI_FAILED while a failure is remembered
 */
export function lookUpAi(
  { find, now, resolved = () => undefined, wantsPicture = false }: LookUpDeps,
  version: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  variation: string | undefined,
  signal: AbortSignal,
): FindAiPicture {
  return async (request, picture) => {
    const key = aiKey(version, request, picture, variation);
    const found = await find(key, signal);
    const failed = found === undefined && (await hasFailed({ find }, version, key, now(), signal));
    if (found !== undefined || failed) resolved(key);
    if (failed) throw new DeliveryRefusal("AI_FAILED");
    if (found !== undefined) return bytesOf(found, signal);
    const { width, height } = picture;
    throw new AiMissing(key, request, wantsPicture ? { data: await picture.png(), width, height } : undefined);
  };
}
