import type { Delivery } from "../answers/delivery.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { AiPictures } from "./ai-pictures.ts";

/**
 * Refuses work that may cost the operator money to visitors who could write any URL. A signature shows that the account
 * wants the picture, and its names have been defined by the account (docs/ai-effects.md).
 * @throws DeliveryRefusal AI_UNSIGNED
 */
export function refuseUnsignedAi(
  ai: Pick<AiPictures, "unsigned">,
  { signed, rendition: { kind } }: Pick<Delivery, "signed" | "rendition">,
): void {
  if (!signed && kind !== "named" && !ai.unsigned) throw new DeliveryRefusal("AI_UNSIGNED");
}
