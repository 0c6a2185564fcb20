import type { AccountRow } from "../../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { askedAgain } from "../later/asked-again.ts";
import type { AskedLater } from "../later/later-job.ts";
import { type PictureNeeds, pictureRendition } from "../pictures/picture-rendition.ts";

export interface JobPictureNeeds extends PictureNeeds {
  readonly derived: Pick<RenditionCache, "find" | "get" | "seek">;
}

/**
 * Prepares the picture that a job's URL asks for.
 * @returns renders the picture, and keeps it; it throws AiMissing where a model has to work first
 */
export async function jobPicture(
  needs: JobPictureNeeds,
  job: AskedLater,
  account: Pick<AccountRow, "id" | "delivery_switches">,
  version: DeliverableRow,
): Promise<(signal: AbortSignal) => Promise<unknown>> {
  const { database, derived, now } = needs;
  const picture = pictureRendition(needs, await askedAgain(database.reader, account, version, job));
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
