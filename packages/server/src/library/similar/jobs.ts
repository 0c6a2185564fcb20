import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { type ColoringDeps, colorPictures } from "./color-pictures.ts";
import { type HashingDeps, hashPictures } from "./hash-pictures.ts";

type JobDeps = HashingDeps &
  ColoringDeps & {
    readonly config: Pick<Config, "limits">;
    readonly logger: Pick<Logger, "debug" | "warn">;
  };

/** The interval at which the server looks for new pictures. An idle server must not be woken more often. */
const everyMs = 60_000;
/** Nearly every upload commits within this time after it has chosen its blob. */
const overlapMs = 60_000;

/** Hashes the pictures that have come since the last run. */
export const hashPicturesJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("hash-pictures"),
  everyMs: () => everyMs,
  async run(deps, _run, signal) {
    const fingerprinted = await hashPictures(deps, { overlapMs }, signal);
    if (fingerprinted > 0) deps.logger.debug({ fingerprinted }, "hashed pictures");
  },
});

/** Looks for the colours of pictures that were hashed before colours were looked for. */
export const colorPicturesJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("color-pictures"),
  async run(deps, _run, signal) {
    const fingerprinted = await colorPictures(deps, {}, signal);
    if (fingerprinted > 0) deps.logger.debug({ fingerprinted }, "found the colours of earlier pictures");
  },
});

/**
 * Hashes pictures that committed so late that the other job had already passed their place. A commit refuses a blob
 * that is older than half of the sweep's grace period, so no place before that can have changed.
 */
export const hashLatePicturesJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("hash-late-pictures"),
  async run(deps, _run, signal) {
    const fingerprinted = await hashPictures(deps, { overlapMs: deps.config.limits.sweepGraceMs / 2 }, signal);
    if (fingerprinted > 0) deps.logger.debug({ fingerprinted }, "hashed late pictures");
  },
});
