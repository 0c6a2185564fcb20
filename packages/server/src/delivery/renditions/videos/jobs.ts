import { defineJob } from "../../../jobs/job.ts";
import { type AskedLater, laterOwners } from "../later/later-job.ts";
import { encodeRules, videoKind } from "./job-kinds.ts";
import { type MakeVideoNeeds, makeVideo } from "./make-video.ts";

export const videoJob = defineJob<MakeVideoNeeds, AskedLater>({
  ...encodeRules,
  kind: videoKind,
  retries: 3,
  backoff: { firstSeconds: 5, maxSeconds: 60 },
  owners: laterOwners,
  progressBy: "key",
  run: (needs, { input, isLast, report }, signal) => makeVideo(needs, input, { isLast, report }, signal),
});
