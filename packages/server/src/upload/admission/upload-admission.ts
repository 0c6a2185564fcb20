import { statfs } from "node:fs/promises";
import type { Config } from "../../config/config.ts";
import { Admissions } from "./admissions.ts";

/** The two bounds that an upload passes: how many run at once, and what strangers spool before they show a token. */
export interface UploadAdmission {
  readonly uploads: Admissions;
  readonly strangers: Admissions;
}

/** @param spoolFolder whose file system's free space bounds strangers where no limit on files does */
export async function openUploadAdmission(config: Config, spoolFolder: string): Promise<UploadAdmission> {
  const { limits, fileSize, workers } = config;
  const { bavail, bsize } = await statfs(spoolFolder);
  const largest = Math.max(fileSize.file, fileSize.video);
  const bytes = Number.isFinite(largest)
    ? Math.max(limits.spoolBytes, (4 * largest) / workers)
    : (bavail * bsize) / 2 / workers;
  return {
    uploads: new Admissions({
      bytes: Number.POSITIVE_INFINITY,
      files: limits.uploads,
      // Slow requests of one client must not shut out everybody else.
      addressShare: 0.5,
      waitMs: limits.waitMs,
    }),
    strangers: new Admissions({ bytes, files: limits.spoolFiles, addressShare: 0.5, waitMs: limits.waitMs }),
  };
}
