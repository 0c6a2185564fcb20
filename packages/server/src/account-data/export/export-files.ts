import { join } from "node:path";
import {
  type AccountContent,
  type ContentSource,
  pageOfAccountContents,
} from "../../database/repositories/account-contents.ts";
import { splitExtension } from "../../text/safe-segment.ts";
import type { ExportDeps } from "../deps.ts";
import { copyContent } from "./copy-content.ts";
import type { ExportFolder } from "./export-folder.ts";
import type { ExportPaths } from "./export-paths.ts";
import type { Manifest } from "./manifest.ts";

const pageSize = 200;
const copiesAtOnce = 4;

export interface ExportedFiles {
  files: number;
  versions: number;
  bytes: number;
  problems: number;
}

export interface FilesToExport {
  readonly accountId: string;
  readonly folder: ExportFolder;
  readonly paths: ExportPaths;
  readonly manifest: Manifest;
  readonly onProgress: (sofar: ExportedFiles) => void;
}

/**
 * Copies the contents of the account's versions: the current ones to their paths, earlier ones beside them. The trash is
 * read before the library and once more after it, so that a file which goes into the trash or out of it meanwhile is
 * not missed.
 */
export async function exportFiles(
  services: ExportDeps,
  files: FilesToExport,
  signal: AbortSignal,
): Promise<ExportedFiles> {
  const sums: ExportedFiles = { files: 0, versions: 0, bytes: 0, problems: 0 };
  const trashed = new Set<string>();
  for (const source of ["trash", "library", "trash"] as const) {
    await exportContents(services, files, { source, trashed, sums }, signal);
  }
  return sums;
}

interface Pass {
  readonly source: ContentSource;
  /** The versions that were found in the trash so far. They are not copied again. */
  readonly trashed: Set<string>;
  readonly sums: ExportedFiles;
}

async function exportContents(
  services: ExportDeps,
  { accountId, folder, paths, manifest, onProgress }: FilesToExport,
  { source, trashed, sums }: Pass,
  signal: AbortSignal,
): Promise<void> {
  for (let after = ""; ; ) {
    const page = { source, after, limit: pageSize };
    const contents = await pageOfAccountContents(services.database.reader, accountId, page);
    const news = contents.filter(({ version_id }) => !trashed.has(version_id));
    for (const { version_id, is_trashed } of news) if (is_trashed) trashed.add(version_id);
    const work = news.map((content) => ({ content, path: placeOf(paths, content) }));
    for (const { path } of work) await folder.makeParent(path);
    for (let start = 0; start < work.length; start += copiesAtOnce) {
      const some = work.slice(start, start + copiesAtOnce);
      const copies = some.map(async ({ content, path }) => {
        return { content, path, outcome: await copyContent(services, content, join(folder.path, path), signal) };
      });
      for (const { content, path, outcome } of await all(copies)) {
        if (outcome === "gone") continue;
        if (outcome === "copied") {
          if (content.is_current && !content.is_trashed) paths.noteCurrent(content.file_id);
          await manifest.add({ path, ...factsOf(content) });
          sums[content.is_current ? "files" : "versions"] += 1;
          sums.bytes += content.size;
        } else {
          await manifest.add({ problem: outcome, ...factsOf(content) });
          sums.problems += 1;
        }
      }
    }
    onProgress(sums);
    const last = contents.at(-1);
    if (last === undefined || contents.length < pageSize) return;
    after = last.version_id;
  }
}

/**
 * The path of a version in the export. A version that became current after another one was copied as the current one is
 * put with the earlier ones.
 */
function placeOf(paths: ExportPaths, content: AccountContent): string {
  const { file_id: id, folder_path: folder, name, version_id, is_current, is_trashed } = content;
  const place = paths.ofFile({ id, folder, name });
  if (is_trashed && is_current) return `trash/${place}`;
  if (is_trashed) return `trash-versions/${place}/${version_id}${splitExtension(place).extension}`;
  if (is_current && !paths.hasCurrent(id)) return `files/${place}`;
  return `versions/${place}/${version_id}${splitExtension(place).extension}`;
}

function factsOf({
  folder_path,
  name,
  file_id,
  version_id,
  number,
  is_current,
  is_trashed,
  mime,
  size,
  sha256,
}: AccountContent) {
  return {
    filePath: folder_path === "/" ? `/${name}` : `${folder_path}/${name}`,
    fileId: file_id,
    versionId: version_id,
    versionNumber: number,
    current: is_current,
    ...(is_trashed && { trashed: true }),
    mime,
    size,
    sha256: Buffer.from(sha256).toString("hex"),
  };
}

/** Waits for all of the work. None of it is running any more when this rejects. */
async function all<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
