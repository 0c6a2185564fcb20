import { namesIn } from "@sluice/grammar";
import { viewerOfServer } from "../../access/viewer.ts";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import type { Database } from "../../database/database.ts";
import { type AccountRow, findAccount } from "../../database/repositories/accounts.ts";
import { type DeliverableRow, findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { hasLiveJob } from "../../jobs/live-jobs.ts";
import type { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import { MediaError, mayPass } from "../../media/media-error.ts";
import { refuseUnnamed } from "../find/access.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import { maxWaitingJobs } from "../renditions/later/ask-for-rendition.ts";
import { askedByServer } from "../renditions/later/asked-again.ts";
import type { LaterJob } from "../renditions/later/later-job.ts";
import { MadeLater } from "../renditions/later/later-job.ts";
import type { LaterRenditions } from "../renditions/later/later-renditions.ts";
import { type MakersDeps, renditionOf } from "../renditions/rendition-of.ts";
import { chooseRendition, readWritten } from "../url/requested-rendition.ts";
import { type PostTransformation, type PostTransformationJob, suffixOf } from "./post-transformation.ts";
import { encodingFailed, recordPostTransformation, waitForRendition } from "./record-post-transformation.ts";

/** The parts that are needed to make post-transformations and to report them. */
export interface PostTransformationDeps extends MakersDeps {
  readonly database: MakersDeps["database"] & Pick<Database, "reader" | "run">;
  readonly derived: Pick<RenditionCache, "get" | "find">;
  readonly later: Pick<LaterRenditions, "ask" | "forget">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
}

type RenditionDeps = MakersDeps & Pick<PostTransformationDeps, "namedTransformations" | "derived" | "later">;

/** The `Accept` headers that matter: none in particular, WebP, and WebP with AVIF. */
const accepts = [undefined, "image/webp", "image/avif,image/webp"] as const;

/**
 * Makes everything that the URL of a version and an entry of `post` may have to deliver, so that it is there when
 * somebody asks. A client that sends more hints, such as its width, may still cause another image to be rendered.
 * @returns the job that has to make something first, while it waits or runs
 * @throws DeliveryRefusal for a transformation that is refused whatever the image, MediaError, the store's errors; the
 * signal's reason
 */
async function makeRenditions(
  deps: RenditionDeps,
  account: Pick<AccountRow, "id" | "delivery_switches" | "revision">,
  version: DeliverableRow,
  { type, value }: Pick<PostTransformation, "type" | "value">,
  signal: AbortSignal,
): Promise<LaterJob | undefined> {
  const switches = readSwitches(account.delivery_switches);
  const written = readWritten(value === undefined ? [] : [{ text: value, form: "query" }], switches);
  refuseUnnamed(switches, written);
  const find = await deps.namedTransformations.of(account.id, namesIn(written), account.revision);
  const suffix = suffixOf[type];
  const rendition = chooseRendition(written, find, suffix && [suffix]);
  if (rendition.kind === "original") return undefined;
  // The picture may be asked for by a signed URL, which shows private layers.
  const asked = await askedByServer(deps.database.reader, account, version, rendition, true);
  const keys = new Set<string>();
  for (const accept of accepts) {
    const made = renditionOf(deps, { ...asked, requestHeaders: { accept } });
    if (made === undefined) return undefined;
    const { key, make, later: job } = made;
    if (keys.has(key)) continue;
    try {
      await deps.derived.get(key, make, signal);
    } catch (error) {
      if (error instanceof MadeLater && job !== undefined) {
        await deps.later.ask({ key: error.key, job, maxWaiting: maxWaitingJobs, now: deps.now() });
        if (await hasLiveJob(deps.database.reader, job.kind, error.key)) return job;
      }
      throw error;
    }
    keys.add(key);
  }
  return undefined;
}

/**
 * Makes one entry of an upload's `post`, and reports the result. A version that has been deleted needs none. What can't
 * be made now but perhaps later is retried, as often as the job is retried. What another job makes is waited for, however
 * long that takes.
 * @param isLast whether this is the last attempt; if it fails as well, the failure is reported
 * @throws errors that may pass by themselves
 */
export async function makePostTransformation(
  deps: PostTransformationDeps,
  job: PostTransformationJob,
  isLast: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { database, now } = deps;
  const [account, version] = await Promise.all([
    findAccount(database.reader, { id: job.accountId }),
    findDeliverableVersion(database.reader, viewerOfServer(job.accountId), job.versionId),
  ]);
  if (account?.status !== "active" || version === undefined) return;
  const tell = (failure?: string) => database.run(recordPostTransformation, { job, failure, now: now() });
  try {
    const waitsFor = await makeRenditions(deps, account, version, job.transformation, signal);
    if (waitsFor !== undefined) return await database.run(waitForRendition, job);
  } catch (error) {
    signal.throwIfAborted();
    if (isFinal(error)) return tell(encodingFailed);
    // The dead letter holds the error.
    if (isLast) await tell(encodingFailed);
    throw error;
  }
  await tell();
}

/** Whether a retry would fail in the same way. */
function isFinal(error: unknown): boolean {
  return error instanceof DeliveryRefusal || (error instanceof MediaError && !mayPass(error));
}
