import { MediaError, type MediaErrorCode } from "../media/media-error.ts";
import { defaultDelivery, type OutputFormat } from "../media/plan/choose-output.ts";
import type { ImageTransformation } from "../media/plan/plan.ts";
import { readTransformation } from "../media/plan/read-transformation.ts";
import type { contentTypes } from "../media/render/encoders.ts";
import type { Answer } from "./answer.ts";
import { contentDisposition } from "./attachment.ts";
import { byteRange } from "./byte-range.ts";
import { contentDpr } from "./client-hints.ts";
import { isFresh } from "./conditional.ts";
import type { Delivery, DeliveryServices } from "./deliver.ts";
import { derivedEtag, heldEtag } from "./derived/etag.ts";
import { type Recipe, recipeOf } from "./derived/recipe.ts";
import { type DerivedServices, renderDerived } from "./derived/render-derived.ts";
import { answerOriginal } from "./original.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";
import { refusing, type Transformed } from "./rendition.ts";

const vector = "image/svg+xml";

/**
 * An image made of the file's. Conditions are settled before anything is decoded.
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerRendered(
  services: Pick<DeliveryServices, "blobs" | "images" | "derived">,
  delivery: Delivery,
  rendition: Transformed,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, requestHeaders } = delivery;
  if (version.file_type !== "image") {
    // A thumbnail is there or isn't; what else a transformation says has no meaning for other files (spec/delivery.md §14).
    if (rendition.kind === "named") throw new DeliveryRefusal("NOT_FOUND");
    if (version.mime.startsWith("video/")) throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
    return answerOriginal(services, delivery, signal);
  }
  const transformation = refusing(() => readTransformation(rendition.transformation));
  if (staysDrawing(delivery, transformation)) {
    // It is its own thumbnail, so of a private one this would hand out the original.
    if (version.is_private_file === 1 && !delivery.signed) throw new DeliveryRefusal("PRIVATE");
    return answerOriginal(services, delivery, signal);
  }
  const settings = defaultDelivery;
  const recipe = recipeOf({ version, rendition, read: transformation, requestHeaders, settings });
  return answerDerived(services, delivery, recipe, signal);
}

/** The cache knows neither drafts nor private files: who may see what has been settled before. */
async function answerDerived(
  services: DerivedServices,
  { version, url, requestHeaders, headers: standing }: Delivery,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<Answer> {
  const { key, context, usesWidth } = recipe;
  const vary: Record<string, string> = recipe.vary.length === 0 ? {} : { vary: recipe.vary.join(", ") };
  const held = heldEtag(requestHeaders["if-none-match"], key);
  if (isFresh(requestHeaders, { etag: held ?? `"${key}"`, "last-modified": standing["last-modified"] })) {
    // Who asks by the time alone keeps the ETag that came with it: to tell it here, the bytes would have to be there.
    return { status: 304, headers: { ...standing, ...(held && { etag: held }), "accept-ranges": "bytes", ...vary } };
  }
  const { data, contentType, width, digest } = await renderDerived(services, version, recipe, signal)
    // One client's hints may lead beyond the limits where others' don't.
    .catch((error: unknown) => refuse(error, vary));
  const size = data.length;
  const etag = derivedEtag(key, digest);
  const range = byteRange(requestHeaders, size, etag);
  if (range === "unsatisfiable") {
    throw new DeliveryRefusal("RANGE_UNSATISFIABLE", { "content-range": `bytes */${size}`, ...vary });
  }
  const body = range === undefined ? data : data.subarray(range.start, range.end + 1);
  const density = usesWidth ? contentDpr(context.hints, width) : undefined;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...standing,
      etag,
      "accept-ranges": "bytes",
      ...vary,
      "content-type": contentType,
      "content-length": String(body.length),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
      ...(density !== undefined && { "content-dpr": density }),
      ...(url.attachment && {
        "content-disposition": contentDisposition(url.attachment, version.name, extensions[contentType] ?? ""),
      }),
    },
    body,
  };
}

/** A drawing stays one unless a raster format is asked for (spec/delivery.md §9.3, rule 6). */
function staysDrawing({ version }: Delivery, { output }: ImageTransformation): boolean {
  return version.mime === vector && (output.format === undefined || formatsOfDrawings.has(output.format));
}

const formatsOfDrawings: ReadonlySet<string> = new Set(["auto", "orig", "svg", "gif"]);

/** By the content type. */
const extensions = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
  "image/gif": ".gif",
} as const satisfies Record<(typeof contentTypes)[OutputFormat], string> as Readonly<Record<string, string>>;

const reasons = {
  EINVALID: "IMAGE_UNREADABLE",
  ELIMIT: "TRANSFORMATION_LIMIT",
  ETIME: "TRANSFORMATION_TIME",
  ETRANSFORMATION: "TRANSFORMATION_INVALID",
  EBUSY: "BUSY",
} as const satisfies Record<MediaErrorCode, RefusalReason>;

function refuse(error: unknown, headers: Readonly<Record<string, string>>): never {
  if (!(error instanceof MediaError)) throw error;
  const message = error.code === "ETRANSFORMATION" ? { message: error.message } : {};
  throw new DeliveryRefusal(reasons[error.code], headers, { ...message, cause: error });
}
