import { NoSlotError, type NoSlotReason } from "../../concurrency/wait-for-slot.ts";
import { MediaError } from "../media-error.ts";

const messages = {
  full: "Too many images are being rendered",
  late: "The image's turn hasn't come in time",
  closed: "The image engine is closed",
} as const satisfies Record<NoSlotReason, string>;

/**
 * Turns a queue's refusal into an error of the picture. Other errors are rethrown.
 * @throws MediaError EBUSY
 */
export function refuseBusy(error: unknown): never {
  if (!(error instanceof NoSlotError)) throw error;
  throw new MediaError("EBUSY", messages[error.reason], { cause: error });
}
