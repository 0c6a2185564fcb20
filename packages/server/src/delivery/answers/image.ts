import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { OutputFormat } from "../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";
import { readTransformation } from "../../media/image/plan/read-transformation.ts";
import type { contentTypes } from "../../media/image/render/encoders.ts";
import type { Delivery, DeliveryServices } from "../deliver.ts";
import { type Recipe, recipeOf } from "../derived/recipe.ts";
import { type DerivedServices, renderDerived } from "../derived/render-derived.ts";
import { settingsFor } from "../derived/settings-for.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { contentDpr } from "../headers/client-hints.ts";
import { refuseMedia } from "../refusals/media-refusal.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { refusing, type Transformed } from "../url/rendition.ts";
import type { Answer } from "./answer.ts";
import { derivedAnswer, unchangedDerived } from "./derived-answer.ts";
import { answerFile, vector } from "./drawing.ts";

/**
 * An image made of the file's. Conditions are settled before anything is decoded.
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerRendered(
  services: Pick<DeliveryServices, "blobs" | "images" | "derived" | "compressor">,
  delivery: Delivery,
  rendition: Transformed,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, requestHeaders } = delivery;
  if (version.file_type !== "image") {
    return answerOther(services, delivery, rendition, signal);
  }
  if (rendition.asVideo) throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
  const transformation = refusing(() => readTransformation(rendition.transformation));
  if (staysDrawing(version, transformation)) {
    // It is its own thumbnail, so of a private one this would hand out the original.
    if (version.is_private_file === 1 && !delivery.signed) throw new DeliveryRefusal("PRIVATE");
    return answerFile(services, delivery, signal);
  }
  const { settings, vary } = settingsFor(delivery, transformation.output);
  const recipe = recipeOf({ version, rendition, read: transformation, requestHeaders, settings });
  try {
    return await answerDerived(services, delivery, { ...recipe, vary: [...recipe.vary, ...vary] }, signal);
  } catch (error) {
    // Of whoever asked for nothing else, what can't be read gets the file (docs/protocol/transformations.md §9).
    const unreadable = error instanceof DeliveryRefusal && error.reason === "IMAGE_UNREADABLE";
    if (rendition.kind === "plain" && unreadable) return answerFile(services, delivery, signal);
    throw error;
  }
}

/**
 * Of files that aren't images. What a transformation says has no meaning for most of them
 * (docs/protocol/delivery.md §14).
 */
async function answerOther(
  services: Pick<DeliveryServices, "blobs" | "images" | "derived" | "compressor">,
  delivery: Delivery,
  { kind, thumbnail, asVideo }: Transformed,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, signed } = delivery;
  const video = version.mime.startsWith("video/");
  if (thumbnail && (kind === "named" || !video)) throw new DeliveryRefusal("NOT_FOUND");
  if (video || asVideo) throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
  // It would be shown as it is, and names are all that let it be seen.
  if (version.is_private_file === 1 && !signed) throw new DeliveryRefusal("PRIVATE");
  return answerFile(services, delivery, signal);
}

/** The cache knows neither drafts nor private files: who may see what has been settled before. */
async function answerDerived(
  services: DerivedServices,
  delivery: Delivery,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, url } = delivery;
  const { key, context, usesWidth } = recipe;
  const vary: Record<string, string> = recipe.vary.length === 0 ? {} : { vary: recipe.vary.join(", ") };
  const unchanged = unchangedDerived(delivery, key, vary);
  if (unchanged !== undefined) return unchanged;
  const derived = await renderDerived(services, version, recipe, signal, delivery.party)
    // One client's hints may lead beyond the limits where others' don't.
    .catch((error: unknown) => refuseMedia(error, vary));
  const density = usesWidth ? contentDpr(context.hints, derived.width) : undefined;
  return derivedAnswer(delivery, key, derived, {
    ...vary,
    ...(density !== undefined && { "content-dpr": density }),
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extensions[derived.contentType] ?? ""),
    }),
  });
}

/** A drawing stays one unless a raster format is asked for (docs/protocol/delivery.md §9.3, rule 6). */
export function staysDrawing(version: Pick<DeliverableRow, "mime">, { output }: ImageTransformation): boolean {
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
