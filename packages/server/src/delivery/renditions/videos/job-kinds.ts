import { jobKind } from "../../../jobs/job.ts";
import type { RecordedRules } from "../../../jobs/job-rules.ts";
import type { AskedLater } from "../later/later-job.ts";

/** Jobs that encode videos. */
export const videoKind = jobKind<AskedLater>("video-rendition");

/** The rules that jobs have in common which encode videos. */
export const encodeRules = {
  leaseSeconds: 60,
  // Longer than an encode may take, and another one before it whose kind of job is another.
  runSeconds: 5 * 3600,
  singleton: false,
  concurrency: "encodes",
  fairBy: "accountId",
  // It begins anew elsewhere: an encode may take longer than anybody waits for a server to end.
  whenStopped: "returns",
} as const satisfies Partial<RecordedRules>;
