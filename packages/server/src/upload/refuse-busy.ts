import { SluiceError } from "@sluice/protocol";
import { MediaError } from "../media/media-error.ts";

/** Tells the client to come back where the image engine has no room for its upload. Other errors stay what they are. */
export function refuseBusy(error: unknown): never {
  const isBusy = error instanceof MediaError && error.code === "EBUSY";
  throw isBusy ? new SluiceError("SERVER_BUSY", {}, { cause: error }) : error;
}
