import { maxAiEffectSeconds } from "../../../config/limits.ts";
import { defineJob } from "../../../jobs/job.ts";
import { type AskedLater, laterOwners } from "../later/later-job.ts";
import { aiPictureKind } from "../pictures/models/job-kinds.ts";
import { type MakingDeps, makeAiPicture } from "./make-ai-picture.ts";

export const aiPictureJob = defineJob<MakingDeps, AskedLater>({
  kind: aiPictureKind,
  // All attempts take about a minute, apart from the time of the providers.
  retries: 3,
  backoff: { firstSeconds: 5, maxSeconds: 30 },
  leaseSeconds: 60,
  runSeconds: 3 * maxAiEffectSeconds,
  singleton: false,
  // A job holds its picture as pixels, as PNG and in base64.
  concurrency: 2,
  // The lane is the picture: a second job for it finds what the first has made.
  laneConcurrency: 1,
  // A provider has been asked, and is paid.
  whenStopped: "finishes",
  owners: laterOwners,
  run: (deps, { input, isLast }, signal) => makeAiPicture(deps, input, isLast, signal),
});
