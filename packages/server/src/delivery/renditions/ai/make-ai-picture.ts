import { Readable } from "node:stream";
import { parseTransformation } from "@sluice/grammar";
import type { Logger } from "pino";
import { viewerOfServer } from "../../../access/viewer.ts";
import { type AccountRow, findAccount } from "../../../database/repositories/accounts.ts";
import { type DeliverableRow, findDeliverableVersion } from "../../../database/repositories/deliverables.ts";
import { describeFailure } from "../../../jobs/describe-failure.ts";
import { ownContext } from "../../../media/image/plan/own-context.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import { MediaError, mayPass } from "../../../media/media-error.ts";
import { DeliveryRefusal, passOverRefusal } from "../../refusals/refusal.ts";
import type { MadeBytes } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { maxWaitingJobs } from "../later/ask-for-rendition.ts";
import { askedAgain } from "../later/asked-again.ts";
import type { AskedLater } from "../later/later-job.ts";
import type { LaterRenditions } from "../later/later-renditions.ts";
import { keepFailure } from "../later/remembered-failures.ts";
import { aiPictureKind } from "../pictures/models/job-kinds.ts";
import { AiMissing } from "../pictures/models/look-up-ai.ts";
import { type PictureDeps, pictureRendition } from "../pictures/picture-rendition.ts";
import { AiFailure, type AiProviders } from "./ai-provider.ts";

interface JobPictureDeps extends PictureDeps {
  readonly derived: Pick<RenditionCache, "find" | "get" | "seek">;
}

/**
 * Prepares the picture that a job's URL asks for.
 * @returns renders the picture, and keeps it; it throws AiMissing where a model has to work first
 */
async function jobPicture(
  deps: JobPictureDeps,
  job: AskedLater,
  account: Pick<AccountRow, "id" | "delivery_switches">,
  version: DeliverableRow,
): Promise<(signal: AbortSignal) => Promise<unknown>> {
  const { database, derived, now } = deps;
  const picture = pictureRendition(deps, await askedAgain(database.reader, account, version, job));
  if (picture === undefined) return async () => undefined;
  // What another node has paid for is never given up on.
  const models = { find: (key: string, signal: AbortSignal) => derived.seek(key, signal), now, wantsPicture: true };
  return async (signal) => {
    if ((await derived.find(picture.key, signal)) !== undefined) return;
    // A request's rendering may have looked for a model's picture before that was kept, and would say that it is missing.
    const made = await picture.render(models, signal);
    // A request's rendering that is under way may fail for want of what is there by now.
    await derived.get(picture.key, async () => made, signal).catch(() => signal.throwIfAborted());
  };
}

export interface MakingDeps extends JobPictureDeps {
  readonly ai: Pick<AiProviders, "effects" | "find">;
  readonly later: Pick<LaterRenditions, "ask" | "forget">;
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
  deps: MakingDeps,
  job: AskedLater,
  isLast: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { reader } = deps.database;
  const [account, version] = await Promise.all([
    findAccount(reader, { id: job.accountId }),
    findDeliverableVersion(reader, viewerOfServer(job.accountId), job.versionId),
  ]);
  if (account?.status !== "active" || version === undefined) return;
  const render = await jobPicture(deps, job, account, version).catch(passOverRefusal);
  if (render === undefined) return;
  const made = new Set<string>();
  for (;;) {
    const missing = await render(signal).then(() => undefined, missingOf);
    if (missing === undefined) return;
    const { key } = missing;
    if (!made.has(key) && (made.size > 0 || (await isDone(deps, job, key, signal)))) {
      const asked = { key, job: { kind: aiPictureKind.name, input: job }, maxWaiting: maxWaitingJobs };
      await deps.later.ask({ ...asked, now: deps.now() });
      return;
    }
    try {
      // Without this, a cache that keeps nothing would have the provider paid again and again.
      if (made.has(key)) throw new AiFailure("The derived image cache has not kept the provider's picture.");
      await deps.derived.put(key, await makeOne(deps, missing, signal));
      made.add(key);
    } catch (error) {
      signal.throwIfAborted();
      if (!isLast && !(error instanceof AiFailure)) throw error;
      const { effect } = missing.request;
      deps.logger.warn({ id: key, effect, error: describeFailure(error) }, "an AI transformation has failed");
      await keepFailure(deps.derived, version, key, deps.now());
      return;
    }
  }
}

/** Whether an earlier attempt, or another job, has made what this job was asked for. This picture is another one. */
async function isDone(
  { derived }: MakingDeps,
  { key: asked }: AskedLater,
  missing: string,
  signal: AbortSignal,
): Promise<boolean> {
  return asked !== undefined && asked !== missing && (await derived.seek(asked, signal)) !== undefined;
}

/** @returns undefined for what whoever asks for the URL is told as well */
function missingOf(error: unknown): AiMissing | undefined {
  if (error instanceof AiMissing) return error;
  if (error instanceof DeliveryRefusal || (error instanceof MediaError && !mayPass(error))) return undefined;
  throw error;
}

async function makeOne(
  { ai, images }: MakingDeps,
  { key, request, picture }: AiMissing,
  signal: AbortSignal,
): Promise<MadeBytes> {
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
  images: MakingDeps["images"],
  answer: Buffer,
  key: string,
  signal: AbortSignal,
): Promise<MadeBytes> {
  const source = { size: answer.length, open: async () => Readable.from([answer]) };
  try {
    return await images.render({ source, transformation: asItIs, context: ownContext, key: `ai ${key}`, signal });
  } catch (error) {
    const hopeless = error instanceof MediaError && !mayPass(error);
    throw hopeless ? new AiFailure(`The provider's picture can't be used: ${error.message}`, { cause: error }) : error;
  }
}
