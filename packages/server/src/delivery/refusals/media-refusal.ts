import { MediaError, type MediaErrorCode } from "../../media/media-error.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";

const reasons = {
  EINVALID: "IMAGE_UNREADABLE",
  ELIMIT: "TRANSFORMATION_LIMIT",
  ETIME: "TRANSFORMATION_TIME",
  ETRANSFORMATION: "TRANSFORMATION_INVALID",
  ELAYER: "LAYER_NOT_FOUND",
  EMISSING: "PAGES_MISSING",
  EFFMPEG: "FFMPEG_MISSING",
  EDETECTOR: "DETECTOR_MISSING",
  EFONTS: "FONTS_MISSING",
  EBUSY: "BUSY",
} as const satisfies Record<MediaErrorCode, RefusalReason>;

/**
 * The errors whose messages anybody may read. They say which limit was exceeded, or what the image doesn't have, and
 * the limits are documented (docs/limits.md). How busy the server is, and what it lacks, is not disclosed.
 */
const toldCodes: ReadonlySet<MediaErrorCode> = new Set(["ELIMIT", "ETRANSFORMATION", "ELAYER"]);

/** Turns an error of the image engine into a refusal with these headers. Other errors are rethrown. */
export function refuseMedia(error: unknown, headers: Readonly<Record<string, string>> = {}): never {
  if (!(error instanceof MediaError)) throw error;
  const message = toldCodes.has(error.code) ? { message: error.message } : {};
  throw new DeliveryRefusal(reasons[error.code], headers, { ...message, cause: error });
}
