import type { JobProgress } from "../../../jobs/progress/report-progress.ts";
import type { Answer, Delivery } from "../../delivery.ts";
import { isForEverybody } from "../../find/access.ts";
import { pendingAnswer } from "../later/later-job.ts";

/**
 * The answer to a URL whose video isn't encoded yet: the client plays the original meanwhile, if anybody may have that
 * (docs/protocol/delivery.md §11). Who was given a signed URL of one rendition may not have the original for it.
 * @param progress how far the encode is, if it has told
 */
export function pendingVideo(
  { version, url, switches, request }: Delivery,
  progress: Pick<JobProgress, "fraction"> | undefined,
): Answer {
  const told: Record<string, string> =
    progress === undefined ? {} : { "x-sluice-progress": String(Math.floor(progress.fraction * 100)) };
  if (request === undefined || !isForEverybody(switches, version)) return pendingAnswer(told);
  // The plain URL of a video is the original, also where an account takes names alone.
  const { assetUrl } = request;
  const location = url.objectVersion === undefined ? assetUrl : `${assetUrl}?ik-obj-version=${url.objectVersion}`;
  return {
    status: 302,
    headers: { location, "cache-control": "no-store", "is-intermediate-response": "true", ...told },
  };
}
