import { randomUUID } from "node:crypto";
import { layerFilesIn, parseTransformation } from "@sluice/grammar";
import type { readSwitches } from "../../../accounts/delivery-switches.ts";
import { serverParty } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import { findLayers } from "../../find/find-layers.ts";
import { refusing } from "../../url/rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { writeEntry } from "../kept/written-entry.ts";
import { recipeOf } from "../pictures/recipe.ts";
import { type RenderNeeds, renderPicture } from "../pictures/render-picture.ts";
import { settingsFor } from "../pictures/settings-for.ts";
import { AiAnswers } from "./ai-answers.ts";
import type { AiPictures } from "./ai-pictures.ts";
import type { AiPictureJob } from "./job-kinds.ts";
import { lookUpAi } from "./look-up-ai.ts";

export interface JobRenderingNeeds extends RenderNeeds {
  readonly ai: Pick<AiPictures, "effects">;
  readonly derived: Pick<RenditionCache, "find" | "get" | "seek">;
  readonly now: () => number;
}

/**
 * Prepares the rendering that a job's URL asks for. The request has been held against all rules of access.
 * @returns renders the picture, and keeps it; it throws AiMissing where a model has to work first
 */
export async function jobRendering(
  needs: JobRenderingNeeds,
  { transformation: text, thumbnail, signed, kind, width, dpr, variation }: AiPictureJob,
  switches: ReturnType<typeof readSwitches>,
  version: DeliverableRow,
): Promise<(signal: AbortSignal) => Promise<unknown>> {
  const { ai, database, derived, now } = needs;
  const transformation = refusing(() => parseTransformation(text));
  const read = refusing(() => readTransformation(transformation, ai.effects));
  const account = { accountId: version.account_id, switches };
  const files = layerFilesIn(transformation);
  const layers = await findLayers(database.reader, account, files, { signed, kind, thumbnail });
  const hints = { "sec-ch-width": width?.toString(), "sec-ch-dpr": dpr?.toString() };
  const requestHeaders = Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined));
  const { settings } = settingsFor({ switches, requestHeaders }, read.output);
  const rendition = { thumbnail, transformation };
  const recipe = recipeOf({ version, rendition, read, layers, requestHeaders, settings, variation });
  // What another node has paid for is never given up on.
  const answers = new AiAnswers({ find: (key, signal) => derived.seek(key, signal) }, now);
  const askAi = lookUpAi(answers, version, variation, { wantsPicture: true });
  return async (signal) => {
    if ((await derived.find(recipe.key, signal)) !== undefined) return;
    const key = `ai job ${randomUUID()}`;
    const made = await renderPicture(
      { ...needs, derived: alone },
      version,
      { ...recipe, key },
      signal,
      serverParty,
      askAi,
    );
    // A request's rendering that is under way may fail for want of what is there by now.
    await derived.get(recipe.key, async () => made, signal).catch(() => signal.throwIfAborted());
  };
}

/**
 * Renders for the job alone. A rendering of a request may have looked for a model's picture before the picture was
 * kept, and would tell the job that it is missing.
 */
const alone: Pick<RenditionCache, "get"> = {
  get: async (_, make, signal) => writeEntry(await make(signal)).derived,
};
