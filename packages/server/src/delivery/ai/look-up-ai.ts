import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { Frames } from "../../media/image/pixels/frames.ts";
import type { AiRequest } from "../../media/image/plan/ai-effects.ts";
import type { AskAi } from "../../media/image/render/ask-ai.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type AiAnswers, aiKey } from "./ai-answers.ts";

/** A rendering needs a picture that no model has made yet. */
export class AiMissing extends Error {
  override readonly name = "AiMissing";
  readonly key: string;
  readonly request: AiRequest;
  readonly picture: Frames;

  constructor(key: string, request: AiRequest, picture: Frames) {
    super(`${request.effect} has not been done yet`);
    this.key = key;
    this.request = request;
    this.picture = picture;
  }
}

/**
 * Looks up for a rendering what models have made. It asks no provider.
 * @param settled is told the key of what was made, or has failed
 * @returns gives a function, for a rendering with this signal, that throws AiMissing, and DeliveryRefusal AI_FAILED while a failure is remembered
 */
export function lookUpAi(
  answers: Pick<AiAnswers, "find">,
  version: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  variation: string | undefined,
  settled: (key: string) => void = () => undefined,
): (signal: AbortSignal) => AskAi {
  return (signal) => async (request, picture) => {
    const key = await aiKey(version, request, picture, variation);
    const found = await answers.find(version, key, signal);
    if (found !== undefined) settled(key);
    if (found === "failed") throw new DeliveryRefusal("AI_FAILED");
    if (found === undefined) throw new AiMissing(key, request, picture);
    return found.data;
  };
}
