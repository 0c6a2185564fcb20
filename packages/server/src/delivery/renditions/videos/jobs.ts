import { defineJob } from "../../../jobs/job.ts";
import { type AskedLater, laterOwners } from "../later/later-job.ts";
import { videoKind } from "./job-kinds.ts";
import { type MakeVideoNeeds, makeVideo } from "./make-video.ts";

export const videoJob = defineJob<MakeVideoNeeds, AskedLater>({
  kind: videoKind,
  retries: 3,
  backoff: { firstSeconds: 5, maxSeconds: 60 },
  leaseSeconds: 60,
  // Longer than an encode may take.
  runSeconds: 3 * 3600,
  singleton: false,
  // An encoder takes all that the machine has.
  concurrency: 1,
  // The lane is the video: a second job for it finds what the first has made.
  laneConcurrency: 1,
  // It begins anew elsewhere: an encode may take longer than anybody waits for a server to end.
  whenStopped: "returns",
  owners: laterOwners,
  progressBy: "key",
  run: (needs, { input, isLast, report }, signal) => makeVideo(needs, input, { isLast, report }, signal),
});
