import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";
import { type ColoredBlob, pageOfColorlessBlobs } from "../../database/repositories/picture-hashes.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import { restByLoad } from "../../jobs/rest-by-load.ts";
import { sweeping } from "../../jobs/sweeping.ts";
import { fingerprintBlob, type HashingDeps, type HashingPace, hashPictures } from "./hash-pictures.ts";
import { recordDominantColors } from "./hash-transactions.ts";

type ColoringDeps = Omit<HashingDeps, "database"> & {
  readonly database: Database;
};

const pageSize = 50;
/** After so many pictures in a row that can't be read, the store itself is taken to be away. */
const maxUnread = 5;

/**
 * Looks for the dominant colours of pictures whose hash was recorded before colours were. A picture that can't be decoded
 * any more counts as one without a colour. So does one that can't be read while the one after it can. Where the store is
 * away, the next run goes on.
 * @returns the number of pictures that were looked at
 */
export async function colorPictures(
  deps: ColoringDeps,
  { rest = restByLoad() }: Pick<HashingPace, "rest">,
  signal: AbortSignal,
): Promise<number> {
  const { database } = deps;
  let unread: ColoredBlob[] = [];
  for (let [after, count] = ["", 0]; ; ) {
    const page = await pageOfColorlessBlobs(database.reader, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return count;
    const colored: ColoredBlob[] = [];
    try {
      for (const blob of page) {
        signal.throwIfAborted();
        const began = performance.now();
        const fingerprint = await fingerprintBlob(deps, blob, signal);
        if (fingerprint === undefined) {
          unread.push({ id: blob.id, color: undefined });
          if (unread.length === maxUnread) return count + colored.length;
          continue;
        }
        colored.push(...unread, { id: blob.id, color: fingerprint?.color });
        unread = [];
        await rest(performance.now() - began, signal);
      }
    } finally {
      if (colored.length > 0) await database.run(recordDominantColors, { blobs: colored });
    }
    count += colored.length;
    after = last.id;
  }
}

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
