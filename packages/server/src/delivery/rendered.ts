import { createHash } from "node:crypto";
import { canonicalText } from "@sluice/grammar";
import { MediaError, type MediaErrorCode } from "../media/media-error.ts";
import { defaultDelivery, negotiates, type OutputFormat } from "../media/plan/choose-output.ts";
import type { Region } from "../media/plan/geometry.ts";
import type { ImageTransformation } from "../media/plan/plan.ts";
import { readTransformation } from "../media/plan/read-transformation.ts";
import type { ClientHints } from "../media/plan/target-size.ts";
import type { contentTypes } from "../media/render/encoders.ts";
import { sourceFormatOf } from "../media/render/read-source.ts";
import { acceptedFormats } from "./accepted-formats.ts";
import type { Answer } from "./answer.ts";
import { contentDisposition } from "./attachment.ts";
import { contentDpr, readClientHints } from "./client-hints.ts";
import { isFresh } from "./conditional.ts";
import type { Delivery, DeliveryServices } from "./deliver.ts";
import { answerOriginal } from "./original.ts";
import { DeliveryRefusal, type RefusalReason } from "./refusal.ts";
import { refusing, type Transformed } from "./rendition.ts";

const vector = "image/svg+xml";

/**
 * An image made of the file's. Conditions are settled before anything is decoded.
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerRendered(
  services: Pick<DeliveryServices, "blobs" | "images">,
  delivery: Delivery,
  rendition: Transformed,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, url, requestHeaders } = delivery;
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
  const asked = ask(delivery, rendition, transformation);
  const vary: Record<string, string> = asked.vary === "" ? {} : { vary: asked.vary };
  const headers = { ...delivery.headers, etag: asked.etag, ...vary };
  const validators = { etag: asked.etag, "last-modified": headers["last-modified"] };
  if (isFresh(requestHeaders, validators)) return { status: 304, headers };
  const { storage_key: key, size } = version;
  const source = { size, open: (opened: AbortSignal) => services.blobs.read(key, undefined, opened) };
  const { data, contentType, width } = await services.images
    .render({ source, ...asked.request, key: `${key} ${asked.etag}`, signal })
    // One client's hints may lead beyond the limits where others' don't.
    .catch((error: unknown) => refuse(error, vary));
  const density = asked.usesWidth ? contentDpr(asked.request.context.hints, width) : undefined;
  return {
    status: 200,
    headers: {
      ...headers,
      "content-type": contentType,
      "content-length": String(data.length),
      ...(density !== undefined && { "content-dpr": density }),
      ...(url.attachment && {
        "content-disposition": contentDisposition(url.attachment, version.name, extensions[contentType]),
      }),
    },
    body: data,
  };
}

/** A drawing stays one unless a raster format is asked for (spec/delivery.md §9.3, rule 6). */
function staysDrawing({ version }: Delivery, { output }: ImageTransformation): boolean {
  return version.mime === vector && (output.format === undefined || formatsOfDrawings.has(output.format));
}

const formatsOfDrawings: ReadonlySet<string> = new Set(["auto", "orig", "svg", "gif"]);

/** What is asked of the image engine, and what caches and clients have to know of how the answer came about. */
function ask({ version, requestHeaders }: Delivery, { kind, transformation }: Transformed, read: ImageTransformation) {
  const settings = defaultDelivery;
  const { steps, output } = read;
  const usesWidth = steps.some(({ size }) => size?.width === "auto");
  const usesDensity = steps.some(({ size }) => size?.dpr === "auto");
  const negotiated = negotiates(output, sourceFormatOf(version.mime), settings);
  const hints = usedHints(readClientHints(requestHeaders), usesWidth, usesDensity);
  const accepted = negotiated ? acceptedFormats(requestHeaders.accept) : { webp: false, avif: false };
  const area = steps.some(({ focus }) => focus?.kind === "custom") ? readArea(version.custom_coordinates) : undefined;
  // A thumbnail of an animation is its first frame, as if `ik-thumbnail.jpg` stood behind it (spec/delivery.md §8.1).
  const still = kind === "named";
  const what = [canonicalText(transformation), still, accepted, hints, area ?? null, settings];
  return {
    request: { transformation: { ...read, still }, context: { accepted, settings, hints, area } },
    usesWidth,
    vary: [
      ...(negotiated ? ["Accept"] : []),
      ...(usesDensity || usesWidth ? ["Sec-CH-DPR"] : []),
      ...(usesWidth ? ["Sec-CH-Width"] : []),
    ].join(", "),
    etag: renditionTag(version.sha256, what),
  };
}

function usedHints({ width, dpr }: ClientHints, usesWidth: boolean, usesDensity: boolean): ClientHints {
  return { ...(usesWidth && { width }), ...((usesWidth || usesDensity) && { dpr }) };
}

/** `x,y,width,height`, as it was stored. */
function readArea(coordinates: string | null): Region | undefined {
  const [left, top, width, height] = coordinates?.split(",").map(Number) ?? [];
  const numbers = left !== undefined && top !== undefined && width !== undefined && height !== undefined;
  return numbers ? { left, top, width, height } : undefined;
}

/**
 * Made of what goes into the picture, so that a 304 costs no rendering. Weak, since two encoders or processors may give
 * bytes that differ a little; nobody asks for ranges of an image that is made, so nobody needs more.
 */
function renditionTag(sha256: Uint8Array, what: readonly unknown[]): string {
  return `W/"${createHash("sha256").update(sha256).update(JSON.stringify(what)).digest("base64url")}"`;
}

const extensions = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
  "image/gif": ".gif",
} as const satisfies Record<(typeof contentTypes)[OutputFormat], string>;

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
