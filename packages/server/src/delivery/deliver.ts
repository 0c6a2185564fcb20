import type { Answer, Delivery, DeliveryRequest } from "./answers/delivery.ts";
import { answerDrawing } from "./answers/drawing.ts";
import { answerImage } from "./answers/image.ts";
import type { AnswerNeeds } from "./answers/needs.ts";
import { refuseUnavailable } from "./answers/refuse-unavailable.ts";
import { answerStored } from "./answers/stored.ts";
import { groundsOf } from "./grounds.ts";
import type { DeliveryNeeds } from "./needs.ts";
import { settle } from "./settle.ts";

/**
 * What a URL delivers.
 * @throws DeliveryRefusal, and the errors of database, store and image engine
 */
export async function deliver(needs: DeliveryNeeds, request: DeliveryRequest, signal: AbortSignal): Promise<Answer> {
  const { account, ownNames, delivery } = await settle(needs, request);
  const answer = await answerDelivery(needs, delivery, signal);
  // What an account's own names stand for may change.
  const grounds = ownNames ? undefined : groundsOf(account, delivery, answer);
  return grounds === undefined ? answer : { ...answer, grounds };
}

/** Each kind of answer is undefined for the deliveries of another kind. */
async function answerDelivery(needs: AnswerNeeds, delivery: Delivery, signal: AbortSignal): Promise<Answer> {
  refuseUnavailable(delivery.version, delivery.rendition);
  return (
    (await answerImage(needs, delivery, signal)) ??
    (await answerDrawing(needs, delivery, signal)) ??
    (await answerStored(needs, delivery, signal))
  );
}
