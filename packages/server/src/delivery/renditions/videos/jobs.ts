import { defineJob } from "../../../jobs/job.ts";
import { type AskedLater, laterOwners } from "../later/later-job.ts";
import { encodeRules, videoKind } from "./job-kinds.ts";
import { type MakeVideoDeps, makeVideo } from "./make-video.ts";

export const videoJob = defineJob<MakeVideoDeps, AskedLater>({
  ...encodeRules,
  kind: videoKind,
  retries: 3,
  backoff: { firstSeconds: 5, maxSeconds: 60 },
  owners: laterOwners,
  progressBy: "key",
  run: (deps, { input, isLast, report }, signal) => makeVideo(deps, input, { isLast, report }, signal),
});
