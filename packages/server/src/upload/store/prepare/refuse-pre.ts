import { SluiceError } from "@sluice/protocol";
import { DeliveryRefusal } from "../../../delivery/refusals/refusal.ts";
import { MediaError } from "../../../media/media-error.ts";
import { invalidTransformation } from "../../resolve/parameters/transformation.ts";

/** Turns the image engine's error about `pre` into a refusal of the upload. */
export function refusePre(error: unknown): never {
  if (error instanceof DeliveryRefusal) throw invalidTransformation(`pre: ${error.message}.`, error);
  if (!(error instanceof MediaError)) throw error;
  if (error.code === "EBUSY") throw new SluiceError("SERVER_BUSY", {}, { cause: error });
  throw invalidTransformation(`pre: ${error.message}.`, error);
}
