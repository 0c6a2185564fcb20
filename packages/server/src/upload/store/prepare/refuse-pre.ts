import { DeliveryRefusal } from "../../../delivery/refusals/refusal.ts";
import { MediaError } from "../../../media/media-error.ts";
import { refuseBusy } from "../../refuse-busy.ts";
import { invalidTransformation } from "../../resolve/parameters/transformation.ts";

/** Turns the image engine's error about `pre` into a refusal of the upload. */
export function refusePre(error: unknown): never {
  if (error instanceof DeliveryRefusal) throw invalidTransformation(`pre: ${error.message}.`, error);
  if (error instanceof MediaError && error.code !== "EBUSY") {
    throw invalidTransformation(`pre: ${error.message}.`, error);
  }
  refuseBusy(error);
}
