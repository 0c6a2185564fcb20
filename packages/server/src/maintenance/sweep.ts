import { sweepTrash } from "../library/trash/sweep-trash.ts";
import { noProgress } from "../observability/progress.ts";
import { expireTokens } from "./expire-tokens.ts";
import type { MaintenanceNeeds } from "./needs.ts";
import { type SweepServices, type SweptBlobs, sweepBlobs } from "./sweep-blobs.ts";
import { sweepDerived } from "./sweep-derived.ts";
import { sweepDerivedFolder } from "./sweep-derived-folder.ts";
import { type SweptSessions, sweepSessions } from "./sweep-sessions.ts";
import { sweepUploads } from "./sweep-uploads.ts";

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

/**
 * Removes at once everything that the jobs remove one by one, and what this machine need not keep of its spool and
 * cache.
 */
export async function sweep(
  services: SweepServices & Pick<MaintenanceNeeds, "derived" | "spool">,
  signal: AbortSignal,
  progress = noProgress,
): Promise<SweepReport> {
  await progress.begin("deleting what was in the trash too long", "files");
  const trashedFiles = await sweepTrash(services, signal, progress);
  const sessions = await sweepSessions(services, signal, { progress });
  const blobs = await sweepBlobs(services, signal, progress);
  await progress.begin("removing what uploads that broke off have left", "uploads");
  const unfinishedUploads = await sweepUploads(services, signal);
  const expiredTokens = await expireTokens(services, signal, progress);
  await progress.begin("clearing the spool", "files");
  const { files } = await services.spool.sweep(signal);
  await progress.begin("removing made images", "images");
  const derived = await sweepDerivedFolder(services, signal);
  const sharedDerivedFiles = await sweepDerived(services, signal);
  return {
    trashedFiles,
    ...sessions,
    ...blobs,
    unfinishedUploads,
    expiredTokens,
    spoolFiles: files,
    derivedFiles: derived.removed,
    sharedDerivedFiles,
  };
}
