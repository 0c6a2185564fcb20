import { Readable } from "node:stream";
import { parseTransformation } from "@sluice/grammar";
import type { Logger } from "pino";
import { readSwitches } from "../../../accounts/delivery-switches.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import { findDeliverableVersion } from "../../../database/repositories/deliverables.ts";
import { describeFailure } from "../../../jobs/describe-failure.ts";
import { ownContext } from "../../../media/image/plan/own-context.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import { MediaError, mayPass } from "../../../media/media-error.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import type { MadeRendition } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { keepFailure } from "./ai-answers.ts";
import type { AiPictures } from "./ai-pictures.ts";
import { AiFailure } from "./ai-provider.ts";
import { maxWaitingJobs } from "./ask-for-ai-picture.ts";
import type { AiPictureJob } from "./job-kinds.ts";
import { type JobRenderingNeeds, jobRendering } from "./job-rendering.ts";
import { AiMissing } from "./look-up-ai.ts";

export interface MakingNeeds extends JobRenderingNeeds {
  readonly ai: Pick<AiPictures, "ask" | "effects" | "find">;
  readonly derived: Pick<RenditionCache, "get" | "find" | "put" | "seek">;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Has a model make what a URL's picture needs of it, and renders the picture. What is there already is not asked for
 * again. If another model has to work next, a job in the lane of that model's picture has it made: whoever asks for the
 * URL meanwhile causes a job in the same lane, and the provider isn't paid by both.
 * @param isLast whether this is the last attempt; if it fails as well, the failure is remembered
 * @throws errors that may pass by themselves
 */
export async function makeAiPicture(
  needs: MakingNeeds,
  job: AiPictureJob,
  isLast: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { reader } = needs.database;
  const [account, version] = await Promise.all([
    findAccount(reader, { id: job.accountId }),
    findDeliverableVersion(reader, job.accountId, job.versionId),
  ]);
  if (account?.status !== "active" || version === undefined) return;
  const render = await jobRendering(needs, job, readSwitches(account.delivery_switches), version).catch(passOver);
  if (render === undefined) return;
  const made = new Set<string>();
  for (;;) {
    const missing = await render(signal).then(() => undefined, missingOf);
    if (missing === undefined) return;
    const { key } = missing;
    if (!made.has(key) && (made.size > 0 || (await isDone(needs, job, key, signal)))) {
      await needs.ai.ask({ key, job, maxWaiting: maxWaitingJobs });
      return;
    }
    try {
      // Without this, a cache that keeps nothing would have the provider paid again and again.
      if (made.has(key)) throw new AiFailure("The derived image cache has not kept the provider's picture.");
      await needs.derived.put(key, await makeOne(needs, missing, signal));
      made.add(key);
    } catch (error) {
      signal.throwIfAborted();
      if (!isLast && !(error instanceof AiFailure)) throw error;
      const { effect } = missing.request;
      needs.logger.warn({ id: key, effect, error: describeFailure(error) }, "an AI transformation has failed");
      await keepFailure(needs.derived, version, key, needs.now());
      return;
    }
  }
}

/** Whether an earlier attempt, or another job, has made what this job was asked for. This picture is another one. */
async function isDone(
  { derived }: MakingNeeds,
  { key: asked }: AiPictureJob,
  missing: string,
  signal: AbortSignal,
): Promise<boolean> {
  return asked !== undefined && asked !== missing && (await derived.seek(asked, signal)) !== undefined;
}

/** A refusal is told to whoever asks for the URL. The job has nothing to add. */
function passOver(error: unknown): undefined {
  if (error instanceof DeliveryRefusal) return undefined;
  throw error;
}

/** @returns undefined for what whoever asks for the URL is told as well */
function missingOf(error: unknown): AiMissing | undefined {
  if (error instanceof AiMissing) return error;
  if (error instanceof DeliveryRefusal || (error instanceof MediaError && !mayPass(error))) return undefined;
  throw error;
}

async function makeOne(
  { ai, images }: MakingNeeds,
  { key, request, picture }: AiMissing,
  signal: AbortSignal,
): Promise<MadeRendition> {
  const provider = ai.find(request.effect);
  // Another node may have another configuration, with a provider.
  if (provider === undefined) throw new Error(`this node has no provider of ${request.effect}`);
  if (picture === undefined) throw new Error("a rendering for a model has not kept the picture");
  const answer = await provider.make({ ...request, id: key, picture }, signal);
  return checkAnswer(images, answer, key, signal);
}

const asItIs = { ...readTransformation(parseTransformation("f-png,lo-true")), still: true };

/** Decodes a provider's picture within the same limits as any other, and writes it anew, with nothing but its pixels. */
async function checkAnswer(
  images: MakingNeeds["images"],
  answer: Buffer,
  key: string,
  signal: AbortSignal,
): Promise<MadeRendition> {
  const source = { size: answer.length, open: async () => Readable.from([answer]) };
  try {
    return await images.render({ source, transformation: asItIs, context: ownContext, key: `ai ${key}`, signal });
  } catch (error) {
    const hopeless = error instanceof MediaError && !mayPass(error);
    throw hopeless ? new AiFailure(`The provider's picture can't be used: ${error.message}`, { cause: error }) : error;
  }
}
