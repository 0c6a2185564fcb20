import { viewerOfServer } from "../../../access/viewer.ts";
import type { Connection } from "../../../database/database.ts";
import { findFolderAt, nextFolder } from "../../../database/repositories/folder-trees.ts";
import { ensureFolder } from "../../../database/repositories/folders.ts";
import { isRoomFor, isWithin, pathAfter, problemOfTree } from "../folder-paths.ts";
import { type FolderJob, type StepContext, type StepResult, type Walk, walkFrom } from "../job-position.ts";
import { type FileToPlace, placeFiles } from "../place-files.ts";
import { afterFiles, StepFiles } from "./step-files.ts";

/** The largest number of folders that one step visits, because each of them costs some statements. */
const visitsPerStep = 100;

/**
 * Copies the next files and folders. What lies at the destination itself is not copied, should the destination be in the
 * source. A file that is uploaded into a folder which the walk has passed is not copied any more.
 */
export async function copyStep(connection: Connection, job: FolderJob, context: StepContext): Promise<StepResult> {
  const { account_id: accountId, source_path: source, all_versions: allVersions } = job;
  const viewer = viewerOfServer(accountId);
  const target = job.target_path ?? "";
  const except = isWithin(target, source) ? target : undefined;
  const stepFiles = new StepFiles(connection, { allVersions: allVersions === 1 });
  const files: FileToPlace[] = [];
  let at: Walk | undefined = job.position.at.phase === "walk" ? job.position.at : undefined;
  let done = 0;
  let problem: StepResult["problem"];
  for (let visits = 0; at !== undefined && visits < visitsPerStep && !stepFiles.isFull; visits += 1) {
    const folder = await findFolderAt(connection, viewer, at.path);
    if (folder !== undefined) {
      const path = pathAfter(at.path, source, target);
      // Since the job has started, somebody may have uploaded into a folder that was not there before.
      if (problemOfTree(path, { depth: 0, folderBytes: 0 }) !== undefined) {
        problem = "path limit";
        break;
      }
      const targetId = await ensureFolder(connection, accountId, path, context.now);
      if (!at.entered) done += 1;
      const page = await stepFiles.take(folder.id, at.after);
      if (!page.every(({ name }) => isRoomFor(path, name))) {
        problem = "path limit";
        break;
      }
      files.push(...page.map((file) => ({ file, targetId })));
      at = { ...at, entered: true, after: page.at(-1)?.name ?? at.after };
      if (stepFiles.isFull) break;
    }
    const next = await nextFolder(connection, { accountId, path: source }, { after: at.path, except });
    at = next && walkFrom(next.path);
  }
  const placing = { accountId, kind: "copy", allVersions: allVersions === 1 } as const;
  const placed = await placeFiles(connection, placing, files, context);
  const position = await afterFiles(connection, job.position, placed, at ?? job.position.at, accountId);
  const finished = at === undefined || problem !== undefined;
  const result = { position, done: done + files.length, finished, problem };
  return placed.full ? { ...result, done: done + placed.placed, finished: true, problem: "storage limit" } : result;
}
