import { createHash } from "node:crypto";
import type { contentTypes } from "../../media/image/content-types.ts";
import type { OutputFormat } from "../../media/image/plan/choose-output.ts";
import { asksModels } from "../../media/image/plan/layer-steps.ts";
import { readTransformation } from "../../media/image/plan/read-transformation.ts";
import { isDocument, sourceFormatOf } from "../../media/image/plan/source-formats.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { contentDpr } from "../headers/client-hints.ts";
import { refuseMedia } from "../refusals/media-refusal.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { AiAnswers } from "../renditions/ai/ai-answers.ts";
import { maxWaitingJobs, maxWaitingUnsigned } from "../renditions/ai/ask-for-ai-picture.ts";
import { aiPictureJobOf } from "../renditions/ai/job-kinds.ts";
import { AiMissing, lookUpAi } from "../renditions/ai/look-up-ai.ts";
import { refuseUnsignedAi } from "../renditions/ai/refuse-unsigned-ai.ts";
import { type Recipe, recipeOf } from "../renditions/pictures/recipe.ts";
import { type RenderNeeds, renderPicture } from "../renditions/pictures/render-picture.ts";
import { settingsFor } from "../renditions/pictures/settings-for.ts";
import { refusing } from "../url/rendition.ts";
import type { Answer, Delivery } from "./delivery.ts";
import { makesPicture } from "./makes-picture.ts";
import type { AnswerNeeds } from "./needs.ts";
import { pendingAnswer } from "./pending.ts";
import { renditionAnswer, unchangedRendition } from "./rendition-answer.ts";
import { staysDrawing } from "./stays-drawing.ts";

/**
 * Answers with an image that is rendered from the file. The request's conditions are evaluated before anything is
 * decoded.
 * @returns undefined where no image is rendered: for files that aren't images, for drawings that stay drawings, and
 * where the URL or the account's rule for plain URLs asks for the file itself
 * @throws DeliveryRefusal; the store's errors
 */
export async function answerImage(
  needs: RenderNeeds & Pick<AnswerNeeds, "ai" | "derived" | "now">,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { version, rendition, layers } = delivery;
  if (!makesPicture(version, rendition)) return undefined;
  if (rendition.kind === "plain" && !makesPlain(delivery)) return undefined;
  const read = refusing(() => readTransformation(rendition.transformation, needs.ai.effects));
  if (staysDrawing(version, read)) return undefined;
  const requestHeaders = asksModels(read.steps) ? refuseUnsignedAi(needs.ai, delivery) : delivery.requestHeaders;
  const { settings, vary } = settingsFor(delivery, read.output);
  const variation = variationOf(needs.ai, delivery);
  const recipe = recipeOf({ version, rendition, read, layers, requestHeaders, settings, variation });
  const varying = { ...recipe, vary: [...recipe.vary, ...vary] };
  try {
    return await answerDerived(needs, delivery, varying, variation, signal);
  } catch (error) {
    // The plain URL of an image that can't be read delivers the file itself (docs/protocol/transformations.md §9).
    const unreadable = error instanceof DeliveryRefusal && error.reason === "IMAGE_UNREADABLE";
    if (rendition.kind === "plain" && unreadable) return undefined;
    if (!(error instanceof AiMissing)) throw error;
    const job = aiPictureJobOf(version, rendition, recipe, variation, delivery.signed);
    const maxWaiting = delivery.signed ? maxWaitingJobs : maxWaitingUnsigned;
    const isAsked = await needs.ai.ask({ key: error.key, job, maxWaiting });
    if (!isAsked) throw new DeliveryRefusal("BUSY", varyHeader(varying));
    return pendingAnswer(varyHeader(varying));
  }
}

/** Only whoever may write any URL may have any number of variations. */
function variationOf(
  { unsigned }: Pick<AnswerNeeds["ai"], "unsigned">,
  { signed, url: { others } }: Pick<Delivery, "signed" | "url">,
): string | undefined {
  if (others === "" || !(signed || unsigned)) return undefined;
  return createHash("sha256").update(others).digest("hex");
}

function varyHeader({ vary }: Pick<Recipe, "vary">): Record<string, string> {
  return vary.length === 0 ? {} : { vary: vary.join(", ") };
}

/**
 * Whether a plain URL delivers a rendered image. Only images that can be read are rendered; all other files are
 * delivered as they are (docs/protocol/delivery.md §15.19, §15.20). So are documents, which people open in the program
 * that made them.
 */
function makesPlain({ version, switches }: Pick<Delivery, "version" | "switches">): boolean {
  const format = sourceFormatOf(version.mime);
  return switches.plainImages === "optimised" && format !== undefined && !isDocument(format);
}

/** The cache doesn't know which files are drafts or private: access has been checked before. */
async function answerDerived(
  needs: RenderNeeds & Pick<AnswerNeeds, "ai" | "derived" | "now">,
  delivery: Delivery,
  recipe: Recipe,
  variation: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { version, url } = delivery;
  const { key, context, usesWidth } = recipe;
  const vary = varyHeader(recipe);
  const unchanged = unchangedRendition(delivery, key, vary);
  if (unchanged !== undefined) return unchanged;
  const answers = new AiAnswers(needs.derived, needs.now);
  const askAi = lookUpAi(answers, version, variation, { settled: (key) => needs.ai.forget(key) });
  const derived = await renderPicture(needs, version, recipe, signal, delivery.party, askAi)
    // The refusal carries `vary` too, because one client's hints may exceed the limits where another client's don't.
    .catch((error: unknown) => refuseMedia(error, vary));
  const density = usesWidth ? contentDpr(context.hints, derived.width) : undefined;
  return renditionAnswer(delivery, key, derived, {
    ...vary,
    ...(density !== undefined && { "content-dpr": density }),
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extensions[derived.contentType] ?? ""),
    }),
  });
}

/** File extensions by content type. */
const extensions = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
  "image/gif": ".gif",
} as const satisfies Record<(typeof contentTypes)[OutputFormat], string> as Readonly<Record<string, string>>;
