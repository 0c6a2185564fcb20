import { MediaError, type MediaErrorCode } from "../media/media-error.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";

const reasons = {
  EINVALID: "IMAGE_UNREADABLE",
  ELIMIT: "TRANSFORMATION_LIMIT",
  ETIME: "TRANSFORMATION_TIME",
  ETRANSFORMATION: "TRANSFORMATION_INVALID",
  EBUSY: "BUSY",
} as const satisfies Record<MediaErrorCode, RefusalReason>;

/** What the image engine says, as an answer with these headers. Other errors are passed on. */
export function refuseMedia(error: unknown, headers: Readonly<Record<string, string>> = {}): never {
  if (!(error instanceof MediaError)) throw error;
  const message = error.code === "ETRANSFORMATION" ? { message: error.message } : {};
  throw new DeliveryRefusal(reasons[error.code], headers, { ...message, cause: error });
}
