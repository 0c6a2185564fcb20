import { countUnreferencedBlobs } from "../database/repositories/blobs.ts";
import { sweepTrash } from "../library/trash/jobs.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { expireTokens } from "./expire-tokens.ts";
import {
  type ReleasedContents,
  releaseContents,
  type SweepServices,
  type SweptBlobs,
  sweepBlobs,
} from "./sweep-blobs.ts";
import { sweepDerived, sweepDerivedFolder } from "./sweep-derived.ts";
import { type SweptSessions, sweepSessions, sweepUploads } from "./sweep-sessions.ts";

export interface SweepReport extends SweptBlobs, SweptSessions {
  /** Files whose time in the trash was over. */
  readonly trashedFiles: number;
  /** The number of remains of interrupted uploads in the store beside the objects. */
  readonly unfinishedUploads: number;
  readonly expiredTokens: number;
  readonly spoolFiles: number;
  /** Derived images: those that this machine keeps, and those in the bucket. */
  readonly derivedFiles: number;
  readonly sharedDerivedFiles: number;
}

export interface SweepOptions {
  /** Whether the contents of deleted files go without their grace period, and before anything else. */
  readonly atOnce?: boolean;
  readonly progress?: Progress;
}

/**
 * Removes at once everything that the jobs remove one by one, and what this machine need not keep of its spool and
 * cache.
 * @returns what was removed, and the time until which a backup or an erasure keeps contents from being removed at once
 */
export async function sweep(
  services: SweepServices & Pick<MaintenanceDeps, "derived" | "spool">,
  signal: AbortSignal,
  { atOnce = false, progress = noProgress }: SweepOptions = {},
): Promise<{ readonly report: SweepReport; readonly heldUntil: number | undefined }> {
  const releaseAtOnce = async (): Promise<ReleasedContents> => {
    if (!atOnce) return { contents: 0, bytes: 0 };
    const count = () => countUnreferencedBlobs(services.database.reader);
    await progress.begin("removing contents of deleted files", "contents", count);
    return releaseContents(services, {}, signal, (contents) => progress.advance(contents));
  };
  // On a full disk the other steps may fail until this one has made room.
  const first = await releaseAtOnce();
  await progress.begin("deleting what was in the trash too long", "files");
  const trashedFiles = await sweepTrash(services, signal, progress);
  const sessions = await sweepSessions(services, signal, { progress });
  const second = await releaseAtOnce();
  const { releasedBlobs, releasedBytes, orphanedObjects } = await sweepBlobs(services, signal, progress);
  await progress.begin("removing what uploads that broke off have left", "uploads");
  const unfinishedUploads = await sweepUploads(services, signal);
  const expiredTokens = await expireTokens(services, signal, progress);
  await progress.begin("clearing the spool", "files");
  const { files } = await services.spool.sweep(signal);
  await progress.begin("removing made images", "images");
  const derived = await sweepDerivedFolder(services, signal);
  const sharedDerivedFiles = await sweepDerived(services, signal);
  const report = {
    trashedFiles,
    ...sessions,
    releasedBlobs: releasedBlobs + first.contents + second.contents,
    releasedBytes: releasedBytes + first.bytes + second.bytes,
    orphanedObjects,
    unfinishedUploads,
    expiredTokens,
    spoolFiles: files,
    derivedFiles: derived.removed,
    sharedDerivedFiles,
  };
  return { report, heldUntil: second.heldUntil ?? first.heldUntil };
}
