import type { Config } from "../../../config/config.ts";
import { largestFile } from "../../../config/plans.ts";
import { Places } from "./places.ts";
import { SpoolBound } from "./spool-bound.ts";
import { Strangers } from "./strangers.ts";

/**
 * Bounds the uploads that run at once. Uploads that credentials have vouched for have places of their own, which no
 * stranger can take.
 */
export interface UploadAdmission {
  /** The places of uploads with valid credentials. */
  readonly vouched: Places;
  /** The uploads whose file arrives before any credentials. */
  readonly strangers: Strangers;
  /** The turns of resumable uploads that have come whole and are to be stored. Those that wait have their places still. */
  readonly finishing: Places;
}

/** The part of the places that one client may have. Slow requests of one client must not shut out everybody else. */
const clientShare = 0.5;
/** The part of the places that one account may have. Slow requests of one account must not shut out all others. */
const accountShare = 0.75;

/**
 * The number of resumable uploads that a process stores at once. Pieces take little memory, but to store an upload is to
 * look at its bytes, and hundreds of uploads may be complete at the same moment.
 */
const maxFinishing = 16;

/** @param spoolFolder the folder of the spool; its file system bounds how much strangers may spool */
export async function openUploadAdmission(config: Config, spoolFolder: string): Promise<UploadAdmission> {
  const { limits, fileSize, workers } = config;
  const { waitMs } = limits;
  const maxFileBytes = largestFile(fileSize);
  const bound = await SpoolBound.open({
    folder: spoolFolder,
    // One upload of the largest size has to fit into each process's part.
    maxBytes: Math.max(limits.spoolBytes, (4 * maxFileBytes) / workers, maxFileBytes),
    processes: workers,
  });
  return {
    vouched: new Places({ count: limits.uploads, accountShare, clientShare, waitMs }),
    strangers: new Strangers({ files: limits.spoolFiles, bound, clientShare, waitMs }),
    finishing: new Places({ count: maxFinishing, accountShare, clientShare, waitMs }),
  };
}
