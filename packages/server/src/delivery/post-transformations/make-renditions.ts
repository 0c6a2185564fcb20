import { layerFilesIn, namesIn, type WrittenTransformation } from "@sluice/grammar";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import { serverParty } from "../../concurrency/fair-line.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { readTransformation } from "../../media/image/plan/read-transformation.ts";
import { makesPicture } from "../answers/makes-picture.ts";
import { staysDrawing } from "../answers/stays-drawing.ts";
import { refuseUnnamed } from "../find/access.ts";
import { findLayers } from "../find/find-layers.ts";
import { AiAnswers } from "../renditions/ai/ai-answers.ts";
import { maxWaitingJobs } from "../renditions/ai/ask-for-ai-picture.ts";
import { aiPictureJobOf } from "../renditions/ai/job-kinds.ts";
import { AiMissing, lookUpAi } from "../renditions/ai/look-up-ai.ts";
import { recipeOf } from "../renditions/pictures/recipe.ts";
import { type RenderNeeds, renderPicture } from "../renditions/pictures/render-picture.ts";
import { settingsFor } from "../renditions/pictures/settings-for.ts";
import { chooseRendition, readWritten, refusing } from "../url/rendition.ts";
import type { PostTransformationNeeds } from "./needs.ts";

type RenditionNeeds = RenderNeeds &
  Pick<PostTransformationNeeds, "ai" | "namedTransformations" | "database" | "derived" | "now">;

/** The `Accept` headers that matter: none in particular, WebP, and WebP with AVIF. */
const accepts = [undefined, "image/webp", "image/avif,image/webp"] as const;

/**
 * Renders everything that a version's URL with this transformation may have to deliver, so that it is there when
 * somebody asks. A client that sends more hints, such as its width, may still cause another image to be rendered.
 * @throws DeliveryRefusal for a transformation that is refused whatever the image, MediaError, the store's errors; the
 * signal's reason
 */
export async function makeRenditions(
  needs: RenditionNeeds,
  account: Pick<AccountRow, "id" | "delivery_switches" | "revision">,
  version: DeliverableRow,
  transformation: WrittenTransformation,
  signal: AbortSignal,
): Promise<void> {
  const switches = readSwitches(account.delivery_switches);
  const written = readWritten([transformation], switches);
  refuseUnnamed(switches, written);
  const find = await needs.namedTransformations.of(account.id, namesIn(written), account.revision);
  const rendition = chooseRendition(written, find);
  if (!makesPicture(version, rendition)) return;
  const read = refusing(() => readTransformation(rendition.transformation, needs.ai.effects));
  if (staysDrawing(version, read)) return;
  // The picture may be asked for by a signed URL, which shows private layers.
  const asker = { signed: true, kind: rendition.kind, thumbnail: rendition.thumbnail };
  const files = layerFilesIn(rendition.transformation);
  const layers = await findLayers(needs.database.reader, { accountId: account.id, switches }, files, asker);
  const made = new Set<string>();
  for (const accept of accepts) {
    const requestHeaders = { accept };
    const { settings } = settingsFor({ switches, requestHeaders }, read.output);
    const recipe = recipeOf({ version, rendition, read, layers, requestHeaders, settings });
    if (made.has(recipe.key)) continue;
    const answers = new AiAnswers(needs.derived, needs.now);
    const askAi = lookUpAi(answers, version, undefined, { settled: (key) => needs.ai.forget(key) });
    try {
      await renderPicture(needs, version, recipe, signal, serverParty, askAi);
    } catch (error) {
      // The attempt fails. A later one finds what the model has made.
      if (error instanceof AiMissing) {
        const job = aiPictureJobOf(version, rendition, recipe, undefined, asker.signed);
        await needs.ai.ask({ key: error.key, job, maxWaiting: maxWaitingJobs });
      }
      throw error;
    }
    made.add(recipe.key);
  }
}
