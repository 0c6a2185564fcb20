import { formatClassOf } from "../media/format-class.ts";
import { MediaError, type MediaErrorCode } from "../media/media-error.ts";
import { namedThumbnails, type ThumbnailName } from "../media/named-thumbnails.ts";
import type { RenderedImage } from "../media/render-thumbnail.ts";
import type { Answer } from "./answer.ts";
import { contentDisposition } from "./attachment.ts";
import { isFresh } from "./conditional.ts";
import type { Delivery, DeliveryServices } from "./deliver.ts";
import { answerOriginal } from "./original.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";

const vector = "image/svg+xml";

/**
 * A named thumbnail in the best format that the client takes. Conditions are settled before anything is decoded.
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerThumbnail(
  services: Pick<DeliveryServices, "blobs" | "images">,
  delivery: Delivery,
  name: ThumbnailName,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, url, signed, requestHeaders } = delivery;
  if (version.file_type !== "image") throw new DeliveryRefusal("NOT_FOUND");
  if (version.mime === vector) {
    // A drawing is its own thumbnail, so of a private one this would hand out the original.
    if (version.is_private_file === 1 && !signed) throw new DeliveryRefusal("PRIVATE");
    return answerOriginal(services, delivery, signal);
  }
  const format = formatClassOf(requestHeaders.accept);
  const etag = thumbnailTag(version.sha256, name, format);
  const headers = { ...delivery.headers, etag, vary: "Accept" };
  if (isFresh(requestHeaders, { etag, "last-modified": headers["last-modified"] })) return { status: 304, headers };
  const { storage_key: key, size } = version;
  const source = { size, open: (opened: AbortSignal) => services.blobs.read(key, undefined, opened) };
  const { data, contentType } = await services.images.thumbnail({ source, name, format, signal }).catch(refuse);
  return {
    status: 200,
    headers: {
      ...headers,
      "content-type": contentType,
      "content-length": String(data.length),
      ...(url.attachment && {
        "content-disposition": contentDisposition(url.attachment, version.name, extensions[contentType]),
      }),
    },
    body: data,
  };
}

/**
 * Made of what goes into the picture, so that a 304 costs no rendering. Weak, since two encoders or processors may give
 * bytes that differ a little; nobody asks for ranges of a thumbnail, so nobody needs more.
 */
function thumbnailTag(sha256: Uint8Array, name: ThumbnailName, format: string): string {
  const { width, height, quality } = namedThumbnails[name];
  return `W/"${Buffer.from(sha256).toString("base64url")}-${width}x${height}-q${quality}-${format}"`;
}

const extensions = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
} as const satisfies Record<RenderedImage["contentType"], string>;

const reasons = {
  EINVALID: "IMAGE_UNREADABLE",
  ELIMIT: "TRANSFORMATION_LIMIT",
  ETRANSFORMATION: "TRANSFORMATION_INVALID",
  EBUSY: "BUSY",
} as const satisfies Record<MediaErrorCode, RefusalReason>;

function refuse(error: unknown): never {
  throw error instanceof MediaError ? new DeliveryRefusal(reasons[error.code], {}, { cause: error }) : error;
}
