import { jobKind } from "../../../../jobs/job.ts";
import type { AskedLater } from "../../later/later-job.ts";

/** Jobs that have models make what pictures need of them. */
export const aiPictureKind = jobKind<AskedLater>("ai-picture");
