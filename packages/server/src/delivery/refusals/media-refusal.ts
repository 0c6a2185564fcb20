import { MediaError, type MediaErrorCode } from "../../media/media-error.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";

const reasons = {
  EINVALID: "IMAGE_UNREADABLE",
  ELIMIT: "TRANSFORMATION_LIMIT",
  ETIME: "TRANSFORMATION_TIME",
  ETRANSFORMATION: "TRANSFORMATION_INVALID",
  EBUSY: "BUSY",
} as const satisfies Record<MediaErrorCode, RefusalReason>;

/**
 * Their messages say which bound was exceeded, or what the image doesn't have, and may be told to anybody: the bounds are
 * documented (docs/limits.md). How busy the server is, and what it lacks, is not told.
 */
const toldCodes: ReadonlySet<MediaErrorCode> = new Set(["ELIMIT", "ETRANSFORMATION"]);

/** What the image engine says, as an answer with these headers. Other errors are passed on. */
export function refuseMedia(error: unknown, headers: Readonly<Record<string, string>> = {}): never {
  if (!(error instanceof MediaError)) throw error;
  const message = toldCodes.has(error.code) ? { message: error.message } : {};
  throw new DeliveryRefusal(reasons[error.code], headers, { ...message, cause: error });
}
