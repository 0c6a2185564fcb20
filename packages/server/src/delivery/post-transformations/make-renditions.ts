import { namesIn } from "@sluice/grammar";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { hasLiveJob } from "../../jobs/live-jobs.ts";
import { refuseUnnamed } from "../find/access.ts";
import { maxWaitingJobs } from "../renditions/later/ask-for-rendition.ts";
import { askedByServer } from "../renditions/later/asked-again.ts";
import type { LaterJob } from "../renditions/later/later-job.ts";
import { MadeLater } from "../renditions/later/made-later.ts";
import { type MakersNeeds, renditionOf } from "../renditions/rendition-of.ts";
import { chooseRendition, readWritten } from "../url/requested-rendition.ts";
import type { PostTransformationNeeds } from "./needs.ts";
import { type PostTransformation, suffixOf } from "./post-transformation.ts";

type RenditionNeeds = MakersNeeds & Pick<PostTransformationNeeds, "namedTransformations" | "derived" | "later">;

/** The `Accept` headers that matter: none in particular, WebP, and WebP with AVIF. */
const accepts = [undefined, "image/webp", "image/avif,image/webp"] as const;

/**
 * Makes everything that the URL of a version and an entry of `post` may have to deliver, so that it is there when
 * somebody asks. A client that sends more hints, such as its width, may still cause another image to be rendered.
 * @returns the job that has to make something first, while it waits or runs
 * @throws DeliveryRefusal for a transformation that is refused whatever the image, MediaError, the store's errors; the
 * signal's reason
 */
export async function makeRenditions(
  needs: RenditionNeeds,
  account: Pick<AccountRow, "id" | "delivery_switches" | "revision">,
  version: DeliverableRow,
  { type, value }: Pick<PostTransformation, "type" | "value">,
  signal: AbortSignal,
): Promise<LaterJob | undefined> {
  const switches = readSwitches(account.delivery_switches);
  const written = readWritten(value === undefined ? [] : [{ text: value, form: "query" }], switches);
  refuseUnnamed(switches, written);
  const find = await needs.namedTransformations.of(account.id, namesIn(written), account.revision);
  const suffix = suffixOf[type];
  const rendition = chooseRendition(written, find, suffix && [suffix]);
  if (rendition.kind === "original") return undefined;
  // The picture may be asked for by a signed URL, which shows private layers.
  const asked = await askedByServer(needs.database.reader, account, version, rendition, true);
  const keys = new Set<string>();
  for (const accept of accepts) {
    const made = renditionOf(needs, { ...asked, requestHeaders: { accept } });
    if (made === undefined) return undefined;
    const { key, make, later: job } = made;
    if (keys.has(key)) continue;
    try {
      await needs.derived.get(key, make, signal);
    } catch (error) {
      if (error instanceof MadeLater && job !== undefined) {
        await needs.later.ask({ key: error.key, job, maxWaiting: maxWaitingJobs, now: needs.now() });
        if (await hasLiveJob(needs.database.reader, job.kind, error.key)) return job;
      }
      throw error;
    }
    keys.add(key);
  }
  return undefined;
}
