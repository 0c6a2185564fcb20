import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { type ReadMediaNeeds, readMedia } from "./read-media.ts";

type JobNeeds = ReadMediaNeeds & {
  readonly config: Pick<Config, "ffmpeg">;
  readonly logger: Pick<Logger, "info" | "warn">;
};

/** Where nothing is to be read, a run looks into an empty index. */
const everyMs = 60_000;

/** Reads the videos and sounds of which nothing is known. */
export const readMediaJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("read-media"),
  everyMs: ({ config }) => (config.ffmpeg === "off" ? undefined : everyMs),
  async run(needs, _run, signal) {
    const files = await readMedia(needs, {}, signal);
    if (files > 0) needs.logger.info({ files }, "read the facts of videos and audio files that had none");
  },
});
