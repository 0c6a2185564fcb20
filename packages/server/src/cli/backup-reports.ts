import type { CopiedContents } from "../backup/copy-contents.ts";
import type { MadeBackup } from "../backup/make-backup.ts";
import type { Manifest, UnusableManifest } from "../backup/manifest.ts";

/** The most problems that are printed. */
const maxProblems = 100;

export function backupLines({ manifest, copied }: MadeBackup): string[] {
  const { id, contents, bytes } = manifest;
  const sums = `${contents} contents, ${bytes} bytes; copied: ${copied.contents} contents, ${copied.bytes} bytes`;
  return [
    ...copied.problems
      .slice(0, maxProblems)
      .map(({ key, problem }) => `problem: content ${key} of the library is ${problem}`),
    `${describe(manifest)}: ${sums}`,
    copied.problems.length === 0 ? `complete: ${id}` : `complete but for ${copied.problems.length} contents: ${id}`,
  ];
}

export function listLines({
  backups,
  unusable,
}: {
  readonly backups: readonly Manifest[];
  readonly unusable: readonly UnusableManifest[];
}): string[] {
  if (backups.length + unusable.length === 0) return ["there is no backup"];
  return [
    ...backups.map((manifest) =>
      [manifest.id, `${describe(manifest)}, Sluice ${manifest.sluice}${manifest.recipients ? ", encrypted" : ""}`].join(
        " ",
      ),
    ),
    ...unusable.map(({ id, why }) => `${id} ${why}`),
  ];
}

export function verifyLines({ id, contents, bytes }: Manifest, problems: readonly string[]): string[] {
  return [
    ...problems.slice(0, maxProblems).map((problem) => `problem: ${problem}`),
    `${id}: ${contents} contents, ${bytes} bytes`,
    problems.length === 0 ? "clean" : `${problems.length} problems`,
  ];
}

export function restoreLines(manifest: Manifest, { contents, bytes }: CopiedContents): string[] {
  const { lacking } = manifest;
  return [
    `restored ${describe(manifest)}; copied: ${contents} contents, ${bytes} bytes`,
    ...(lacking.length === 0
      ? []
      : [`the library lacked ${lacking.length} contents when it was backed up; fsck names them`]),
    "tokens, V1 signatures, sessions and links from before the first start of a server are refused",
  ];
}

function describe({ takenAt, files, versions }: Manifest): string {
  return `${new Date(takenAt).toISOString()}: ${files} files, ${versions} versions`;
}
