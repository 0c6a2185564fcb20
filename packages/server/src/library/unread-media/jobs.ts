import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { type ReadMediaDeps, readMedia } from "./read-media.ts";

type JobDeps = ReadMediaDeps & {
  readonly config: Pick<Config, "ffmpeg">;
  readonly logger: Pick<Logger, "info" | "warn">;
};

/** Where nothing is to be read, a run looks into an empty index. */
const everyMs = 60_000;

/** Reads the videos and sounds of which nothing is known. */
export const readMediaJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("read-media"),
  everyMs: ({ config }) => (config.ffmpeg === "off" ? undefined : everyMs),
  async run(deps, _run, signal) {
    const files = await readMedia(deps, {}, signal);
    if (files > 0) deps.logger.info({ files }, "read the facts of videos and audio files that had none");
  },
});
