import { jobKind } from "../../../jobs/job.ts";
import type { AskedLater } from "../later/later-job.ts";

/** Jobs that encode videos. */
export const videoKind = jobKind<AskedLater>("video-rendition");
