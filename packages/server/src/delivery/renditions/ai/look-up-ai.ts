import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { FindAiPicture } from "../../../media/image/asked-picture.ts";
import type { AiRequest } from "../../../media/image/plan/ai-effects.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import { type AiAnswers, aiKey } from "./ai-answers.ts";

interface MissingPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface LookUp {
  /** Called with the key of what was made, or has failed. */
  readonly settled?: (key: string) => void;
  /** Whether the picture is wanted of which a model hasn't made anything yet. */
  readonly wantsPicture?: boolean;
}

/** A rendering needs a picture that no model has made yet. */
export class AiMissing extends Error {
  override readonly name = "AiMissing";
  readonly key: string;
  readonly request: AiRequest;
  /** The picture as PNG, where it was asked for. */
  readonly picture: MissingPicture | undefined;

  constructor(key: string, request: AiRequest, picture: MissingPicture | undefined) {
    super(`${request.effect} has not been done yet`);
    this.key = key;
    this.request = request;
    this.picture = picture;
  }
}

/**
 * Looks up for a rendering what models have made. It asks no provider.
 * @returns gives a function, for a rendering with this signal, that throws AiMissing, and DeliveryRefusal AI_FAILED while a failure is remembered
 */
export function lookUpAi(
  answers: Pick<AiAnswers, "find">,
  version: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  variation: string | undefined,
  { settled = () => undefined, wantsPicture = false }: LookUp = {},
): (signal: AbortSignal) => FindAiPicture {
  return (signal) => async (request, picture) => {
    const key = aiKey(version, request, picture, variation);
    const found = await answers.find(version, key, signal);
    if (found !== undefined) settled(key);
    if (found === "failed") throw new DeliveryRefusal("AI_FAILED");
    if (found !== undefined) return found.data;
    const { width, height } = picture;
    throw new AiMissing(key, request, wantsPicture ? { data: await picture.png(), width, height } : undefined);
  };
}
