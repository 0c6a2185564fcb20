import type { Config } from "../../../config/config.ts";
import { Places } from "./places.ts";
import { SpoolBound } from "./spool-bound.ts";
import { Strangers } from "./strangers.ts";

/** What bounds uploads: those that somebody has vouched for have places of their own, which no stranger can take. */
export interface UploadAdmission {
  /** Uploads with credentials that hold. */
  readonly vouched: Places;
  /** Uploads whose file comes before any credentials. */
  readonly strangers: Strangers;
}

/** Slow requests of one client must not shut out everybody else, */
const clientShare = 0.5;
/** nor those of one account all others. */
const accountShare = 0.75;

/** @param spoolFolder whose file system bounds what strangers may spool */
export async function openUploadAdmission(config: Config, spoolFolder: string): Promise<UploadAdmission> {
  const { limits, fileSize, workers } = config;
  const { waitMs } = limits;
  const maxFileBytes = Math.max(fileSize.file, fileSize.video);
  const bound = await SpoolBound.open({
    folder: spoolFolder,
    // One upload of the largest size has to fit into each process's part.
    maxBytes: Math.max(limits.spoolBytes, (4 * maxFileBytes) / workers, maxFileBytes),
    processes: workers,
  });
  return {
    vouched: new Places({ count: limits.uploads, accountShare, clientShare, waitMs }),
    strangers: new Strangers({ files: limits.spoolFiles, bound, clientShare, waitMs }),
  };
}
