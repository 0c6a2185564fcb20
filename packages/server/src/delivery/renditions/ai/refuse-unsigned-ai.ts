import type { IncomingHttpHeaders } from "node:http";
import { onlyNames } from "@sluice/grammar";
import type { Delivery } from "../../answers/delivery.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import { readWritten } from "../../url/rendition.ts";
import type { AiPictures } from "./ai-pictures.ts";

/**
 * Refuses work that may cost the operator money to visitors who could write any URL. A signature shows that the account
 * wants the picture, and so does one name that the account has defined (docs/ai-effects.md). Of names in a row, visitors
 * could make any number of pictures.
 * @returns the request's headers, without the hints by which whoever didn't sign could get any number of pictures, too
 * @throws DeliveryRefusal AI_UNSIGNED
 */
export function refuseUnsignedAi(
  ai: Pick<AiPictures, "unsigned">,
  { signed, rendition: { kind }, url, switches, requestHeaders }: UnsignedDelivery,
): IncomingHttpHeaders {
  if (signed || ai.unsigned) return requestHeaders;
  const isOneName = kind === "named" && onlyNames(readWritten(url.transformations, switches))?.length === 1;
  if (!isOneName) throw new DeliveryRefusal("AI_UNSIGNED");
  const { "sec-ch-width": _width, "sec-ch-dpr": _dpr, ...others } = requestHeaders;
  return others;
}

type UnsignedDelivery = Pick<Delivery, "signed" | "rendition" | "switches" | "requestHeaders"> & {
  readonly url: Pick<Delivery["url"], "transformations">;
};
