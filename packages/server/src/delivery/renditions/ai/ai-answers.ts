import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { AskedPicture } from "../../../media/image/asked-picture.ts";
import { type AiRequest, varyingEffect } from "../../../media/image/plan/ai-effects.ts";
import type { KeptRendition, MadeRendition } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";

type Version = Pick<DeliverableRow, "account_id" | "id" | "purges">;

/**
 * Time is cut into spans of this length. A failure is answered again in the span in which it happened and in the next
 * one, and so for one to two spans. Then the provider is asked again.
 */
export const failureMs = 150_000;
/** The time for which a picture isn't asked for twice. No failure is remembered for longer. */
export const askedMs = 2 * failureMs;

/**
 * The key of the picture that a model makes of this one. It goes by the pixels: URLs that differ in what follows, or in
 * the format that the client takes, share the model's work.
 * @param variation the part of the URL that asks for another variation
 */
export function aiKey(
  version: Version,
  { effect, prompt }: AiRequest,
  { width, height, channels, digest }: Omit<AskedPicture, "png">,
  variation: string | undefined,
): string {
  const pixels = [width, height, channels, digest];
  return renditionKey(version, [
    "ai",
    effect,
    prompt ?? null,
    pixels,
    effect === varyingEffect ? (variation ?? null) : null,
  ]);
}

/**
 * Finds the pictures that models have made, and the failures to make them, in the derived image cache. Nodes share
 * them as they share all derived images.
 */
export class AiAnswers {
  readonly #cache: Pick<RenditionCache, "find">;
  readonly #now: () => number;

  constructor(cache: Pick<RenditionCache, "find">, now: () => number) {
    this.#cache = cache;
    this.#now = now;
  }

  /** @returns undefined where there is neither a picture nor a failure */
  async find(version: Version, key: string, signal: AbortSignal): Promise<KeptRendition | "failed" | undefined> {
    const made = await this.#cache.find(key, signal);
    if (made !== undefined) return made;
    const span = spanOf(this.#now());
    for (const at of [span, span - 1]) {
      if ((await this.#cache.find(failureKey(version, key, at), signal)) !== undefined) return "failed";
    }
    return undefined;
  }
}

/** Keeps for all nodes that a model has failed to make the picture of this key. */
export async function keepFailure(
  cache: Pick<RenditionCache, "put">,
  version: Version,
  key: string,
  now: number,
): Promise<void> {
  await cache.put(failureKey(version, key, spanOf(now)), failure);
}

function spanOf(now: number): number {
  return Math.floor(now / failureMs);
}

const failure: MadeRendition = { data: Buffer.from("failed"), contentType: "text/plain", width: 1 };

/** A key stands for its bytes for good, so a failure has another key in each span of time. */
function failureKey(version: Version, key: string, span: number): string {
  return renditionKey(version, ["ai failure", key, span]);
}
