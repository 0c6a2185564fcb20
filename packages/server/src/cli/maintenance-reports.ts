import type { FsckReport } from "../maintenance/fsck.ts";
import type { SweepReport } from "../maintenance/sweep.ts";
import { formatAmount, formatDuration } from "./progress-line.ts";

/** The reader of a report: a person reads words, a program relies on lines that stay the same. */
interface Reader {
  readonly interactive: boolean;
  readonly tookMs: number;
}

export function fsckLines(
  { files, versions, blobs, trashedFiles, problems, notes }: FsckReport,
  { interactive, tookMs, deep }: Reader & { readonly deep: boolean },
): string[] {
  const clean = problems.length === 0;
  const outcome = clean ? "clean" : `${problems.length} problems`;
  const read = deep ? "every byte was read" : "contents were not read, which --deep does";
  const words = clean
    ? "clean: database and store agree"
    : `${problems.length} problem${problems.length > 1 ? "s" : ""}`;
  const trash = trashedFiles === 0 ? "" : `, and ${trashedFiles} files in the trash`;
  return [
    ...problems.map((problem) => `problem: ${problem}`),
    ...notes.map((note) => `note: ${note}`),
    `${files} files, ${versions} versions, ${blobs} blobs checked${trash}`,
    interactive ? `${words} (${read}; it took ${formatDuration(tookMs)})` : outcome,
  ];
}

const sweptWords = {
  trashedFiles: "files that were in the trash too long",
  expiredSessions: "resumable uploads that were not ended in time",
  orphanedPieces: "bytes of resumable uploads without a session",
  releasedBlobs: "contents without a file",
  releasedBytes: "bytes of these contents",
  orphanedObjects: "objects in the store without a row",
  unfinishedUploads: "remains of uploads that broke off",
  expiredTokens: "tokens that have expired",
  spoolFiles: "spool files of processes that have ended",
  derivedFiles: "made images on this machine",
  sharedDerivedFiles: "made images in the bucket",
} satisfies Record<keyof SweepReport, string>;

export function sweepLines(report: SweepReport, { interactive, tookMs }: Reader): string[] {
  const counts = Object.entries(report) as [keyof SweepReport, number][];
  if (!interactive) return counts.map(([what, count]) => `${what}: ${count}`);
  const removed = counts.filter(([, count]) => count > 0);
  const time = formatDuration(tookMs);
  if (removed.length === 0) return [`nothing had to be removed; looking for it took ${time}`];
  return [
    `removed in ${time}:`,
    ...removed.map(([what, count]) => {
      const unit = what === "releasedBytes" ? "bytes" : "rows";
      return `  ${sweptWords[what]}: ${formatAmount(count, unit)}`;
    }),
  ];
}

/** Says why contents were not removed at once. */
export function heldLine(heldUntil: number): string {
  const until = new Date(heldUntil).toISOString();
  return `contents of deleted files stay for now: a backup or the erasure of an account reads them; it has renewed its hold until ${until}`;
}

export function migrateLines(names: readonly string[], { interactive, tookMs }: Reader): string[] {
  if (names.length === 0) return [interactive ? "nothing to do: the database is up to date" : "nothing to do"];
  const ran = `ran ${names.join(", ")}`;
  return interactive ? [ran, `the database is up to date, after ${formatDuration(tookMs)}`] : [ran];
}
